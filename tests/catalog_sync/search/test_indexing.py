"""The index holds the same whether descriptions were added one after the other or all is read as a whole."""

from collections.abc import Sequence
from random import Random

import msgspec
import pytest
from sqlalchemy import Connection, select, update

from catalog_sync.catalog.tables import indexed_service, leika_service, posting, search_state
from catalog_sync.search.document import TEXT_LENGTH
from catalog_sync.search.indexing import reindex_all
from tests.catalogues import BUSINESS, IDENTITY_CARD, Catalogue
from tests.makers import Write, delete, message, service

KEYS = (IDENTITY_CARD, BUSINESS, "99001001000000", "99001002000000")
WORDS = ("Hund", "Hundesteuer", "Steuer", "Wohnung", "Anmeldung", "Fischereischein", "Ausweis", "Häuschen")
FIND = "query ($words: String!) { services(query: $words, first: 50) { edges { node { leikaKey } } } }"

Rows = dict[str, tuple[object, ...]]


def rows(connection: Connection) -> tuple[Rows, Rows]:
    """All that the index says: lists by token, services by key."""
    columns = (posting.c.token, posting.c.services, posting.c.count, posting.c.strong)
    lists = connection.execute(select(*columns).where(posting.c.count > 0))
    named = ("titles", "names", "spellings", "marks", "bundle_id", "words", "taken")
    services = connection.execute(
        select(indexed_service.c.leika_key, *(indexed_service.c[name] for name in named))
    )
    return (
        {token: (bytes(found), count, bool(strong)) for token, found, count, strong in lists},
        {key: _unpacked(*rest) for key, *rest in services if rest[0] != "[]"},
    )


def _unpacked(titles: str, *columns: object) -> tuple[object, ...]:
    *others, words, taken = columns
    listed, descriptions, counts = msgspec.msgpack.decode(taken)  # type: ignore[call-overload]
    return (titles, *others, msgspec.msgpack.decode(words), listed, descriptions, sorted(counts))  # type: ignore[call-overload]


async def same_as_anew(catalogue: Catalogue) -> bool:
    """Whether reading all as a whole changes nothing."""
    before = await catalogue.catalog.read(rows)
    await catalogue.catalog.write(reindex_all)
    return await catalogue.catalog.read(rows) == before


def drawn(random: Random, name: str) -> Write:
    """A description with drawn words, of one service or two."""
    said = [" ".join(random.choices(WORDS, k=3)) for _ in range(4)]
    return service(
        name,
        random.sample(KEYS, random.choice((1, 1, 2))),
        title={"de": said[0]} | ({"en": said[1]} if random.random() < 0.3 else {}),
        keywords=random.sample(WORDS, 2),
        modules={"05": f"<p>{said[2]}</p>", "06": f"<ul><li>{said[3]}</li></ul>"},
        changed=None,
    )


def batch(random: Random, day: int) -> bytes:
    """Some descriptions, new ones or changed, and some deletions."""
    names = [str(random.randrange(24)) for _ in range(5)]
    gone = [delete("S1", str(random.randrange(24))) for _ in range(random.randrange(3))]
    return message(
        created=f"2026-03-{day:02}T04:00:00+01:00",
        writes=[drawn(random, name) for name in dict.fromkeys(names)],
        deletes=gone,
    )


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_came_bit_by_bit_is_as_if_all_were_read_at_once(stored: Catalogue, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test's dice
    for day in range(3, 11):
        await stored.deliver("hessen", batch(random, day))
        if day % 3 == 0:
            assert await same_as_anew(stored), day
    lists, services = await stored.catalog.read(rows)
    assert len(services) >= len(KEYS)
    assert len(lists) > len(WORDS)
    assert await same_as_anew(stored)


async def found(catalogue: Catalogue, words: str) -> list[str]:
    """The keys found."""
    hits = (await catalogue.ask(FIND, {"words": words}))["services"]["edges"]
    return [hit["node"]["leikaKey"] for hit in hits]


async def test_a_service_is_not_read_again_when_a_description_is_added(catalogue: Catalogue) -> None:
    """As many offices describe it, reading all again for each would cost their number squared."""
    await catalogue.deliver("hessen", message(writes=[service("1", IDENTITY_CARD, title="Ausweis")]))
    await catalogue.catalog.write(
        lambda connection: connection.execute(update(leika_service).values(title="Raumfahrt"))
    )
    await catalogue.deliver("hessen", message(writes=[service("2", IDENTITY_CARD, title="Fischerei")]))
    assert await found(catalogue, "fischerei") == [IDENTITY_CARD]
    assert await found(catalogue, "raumfahrt") == []
    await catalogue.deliver(
        "hessen", message(writes=[service("1", IDENTITY_CARD, title="Jagd", changed="2026-03-02T00:00:00Z")])
    )
    assert await found(catalogue, "raumfahrt") == [IDENTITY_CARD]
    assert await found(catalogue, "jagd fischerei") == [IDENTITY_CARD]


async def test_of_a_service_two_texts_are_read_and_of_each_the_beginning(catalogue: Catalogue) -> None:
    filling = "<p>" + "lang " * (TEXT_LENGTH // 5) + "</p>"
    texts = ("Fischerei", "Hundesteuer", "Raumfahrt")
    writes: list[Write] = [
        service(
            str(number),
            IDENTITY_CARD,
            title="Ausweis",
            modules={"06": f"<p>{word}</p>", "07": filling, "08": "Jagd"},
        )
        for number, word in enumerate(texts)
    ]
    for one in writes:
        await catalogue.deliver("hessen", message(writes=[one]))
    answers = [await found(catalogue, word) for word in (*texts, "Jagd")]
    assert answers == [[IDENTITY_CARD], [IDENTITY_CARD], [], []]


async def test_what_is_delivered_again_changes_no_row(catalogue: Catalogue) -> None:
    async def changed() -> int:
        return await catalogue.catalog.read(
            lambda connection: connection.scalar(select(search_state.c.changed)) or 0
        )

    async def written(since: int) -> Sequence[str]:
        fresh = select(indexed_service.c.leika_key).where(indexed_service.c.changed > since)
        return await catalogue.catalog.read(lambda connection: connection.scalars(fresh).all())

    one = service("1", [IDENTITY_CARD, BUSINESS], title="Ausweis")
    await catalogue.deliver("hessen", message(writes=[one]))
    since = await changed()
    await catalogue.deliver("hessen", message(writes=[one, service("2", BUSINESS, title="Ausweis")]))
    assert await written(since) == [BUSINESS]
