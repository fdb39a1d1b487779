"""Documents at rest: found by id and hash, bounded where clients may add to them."""

from functools import partial

from hub.documents import book
from hub.documents.book import hash_of
from tests.conftest import Databases

TEXT, OTHER = "{ sources { key } }", "{ catalogue { dataVersion } }"


async def kept(databases: Databases, name: str) -> book.Kept | None:
    return await databases.operations.read(lambda connection: book.find(connection, name))


async def test_a_text_that_was_sent_is_found_by_its_hash(databases: Databases) -> None:
    await databases.operations.write(partial(book.keep, text=TEXT, day=1))
    await databases.operations.write(partial(book.keep, text=TEXT, day=2))
    assert await kept(databases, hash_of(TEXT)) == book.Kept(hash_of(TEXT), TEXT, trusted=False, used_on=1)
    assert await kept(databases, hash_of(OTHER)) is None


async def test_a_trusted_one_is_found_by_id_and_hash_and_goes_before_one_that_was_sent(
    databases: Databases,
) -> None:
    await databases.operations.write(partial(book.keep, text=TEXT, day=1))
    assert await databases.operations.write(partial(book.take, texts={"page": TEXT}, day=3)) == 1
    for name in ("page", hash_of(TEXT)):
        assert await kept(databases, name) == book.Kept("page", TEXT, trusted=True, used_on=3)


async def test_importing_again_changes_texts_and_replacing_forgets_the_others(databases: Databases) -> None:
    take = databases.operations.write
    await take(partial(book.take, texts={"a": TEXT, "b": TEXT}, day=1))
    assert await take(partial(book.take, texts={"a": OTHER}, day=2)) == 1
    assert await take(partial(book.take, texts={"a": OTHER}, day=2)) == 0
    found = await databases.operations.read(book.listed)
    assert [(one.id, one.text) for one in found] == [("a", OTHER), ("b", TEXT)]
    await take(partial(book.take, texts={"a": OTHER}, day=3, replace=True))
    assert [one.id for one in await databases.operations.read(book.listed)] == ["a"]


async def test_those_that_were_not_used_for_longest_make_room_and_trusted_ones_stay(
    databases: Databases,
) -> None:
    keep = partial(book.keep, room=book.Room(documents=10))
    await databases.operations.write(partial(book.take, texts={"trusted": OTHER}, day=0))
    for number in range(10):
        await databases.operations.write(partial(keep, text=f"{{ a{number} }}", day=number))
    first, second = hash_of("{ a0 }"), hash_of("{ a1 }")
    await databases.operations.write(lambda connection: book.use(connection, first, 20))
    await databases.operations.write(partial(keep, text="{ new }", day=21))
    assert await kept(databases, second) is None
    for name in (first, hash_of("{ a9 }"), hash_of("{ new }"), "trusted"):
        assert await kept(databases, name) is not None


async def test_their_bytes_are_bounded_too(databases: Databases) -> None:
    keep = partial(book.keep, room=book.Room(bytes=100))
    for number in range(5):
        text = f"{{ {'a' * 30}{number} }}"
        await databases.operations.write(partial(keep, text=text, day=number))
    names = [hash_of(f"{{ {'a' * 30}{number} }}") for number in range(5)]
    assert [await kept(databases, name) is not None for name in names] == [False, False, False, True, True]
