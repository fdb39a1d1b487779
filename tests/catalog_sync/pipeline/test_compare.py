from catalog_sync.catalog.held import Entry, Held
from catalog_sync.journal import OutcomeKind
from catalog_sync.pipeline.compare import delete, write


def entry() -> Entry:
    return Entry(1, (1, "A", "x"), new=True)


def held(number: int, at: int, position: int = 1, *, changed: int | None = None, content: str = "") -> Held:
    text = content or str(number)
    return Held(number, text.encode(), text.encode(), changed, (at, position), 0, 1, new=True)


def test_the_first_write_adds() -> None:
    one = entry()
    assert write(one, held(1, 10)).outcome is OutcomeKind.ADDED
    assert (one.live, one.version_id) == (True, 1)


def test_a_write_that_was_changed_later_wins_whatever_its_message() -> None:
    one = entry()
    write(one, held(1, 20, changed=5))
    assert write(one, held(2, 10, changed=7)).outcome is OutcomeKind.CHANGED
    assert one.version_id == 2


def test_a_write_that_was_changed_earlier_loses_and_is_kept() -> None:
    one = entry()
    write(one, held(1, 10, changed=7))
    verdict = write(one, held(2, 20, changed=5))
    assert verdict.outcome is OutcomeKind.UNCHANGED
    assert verdict.reason is not None
    assert verdict.reason.startswith("An older version")
    assert (one.version_id, len(one.versions)) == (1, 2)


def test_without_a_date_the_time_of_the_message_stands_for_it() -> None:
    one = entry()
    write(one, held(1, 10, changed=15))
    assert write(one, held(2, 14)).outcome is OutcomeKind.UNCHANGED
    assert write(one, held(3, 16)).outcome is OutcomeKind.CHANGED


def test_a_tie_goes_by_message_then_position_then_arrival() -> None:
    one = entry()
    write(one, held(1, 10, 5, changed=1))
    assert write(one, held(2, 11, 1, changed=1)).outcome is OutcomeKind.CHANGED
    assert write(one, held(3, 11, 2, changed=1)).outcome is OutcomeKind.CHANGED
    assert write(one, held(4, 11, 2, changed=1)).outcome is OutcomeKind.CHANGED
    assert write(one, held(5, 11, 1, changed=1)).outcome is OutcomeKind.UNCHANGED
    assert one.version_id == 4


def test_the_same_content_is_unchanged_and_one_version() -> None:
    one = entry()
    write(one, held(1, 10, content="same"))
    verdict = write(one, held(2, 20, content="same"))
    assert (verdict.outcome, verdict.reason) == (OutcomeKind.UNCHANGED, None)
    assert [version.moment for version in one.versions] == [(20, 1)]


def test_a_delete_of_a_later_message_wins_whatever_the_date_of_the_write() -> None:
    one = entry()
    write(one, held(1, 10, changed=99))
    assert delete(one, (11, 1)).outcome is OutcomeKind.GONE
    assert not one.live


def test_a_delete_of_an_earlier_message_does_nothing() -> None:
    one = entry()
    write(one, held(1, 10, changed=1))
    verdict = delete(one, (9, 1))
    assert (verdict.outcome, one.live) == (OutcomeKind.UNCHANGED, True)


def test_in_one_message_the_position_decides() -> None:
    deleted, revived = entry(), entry()
    write(deleted, held(1, 10, 1))
    delete(deleted, (10, 2))
    delete(revived, (10, 1))
    write(revived, held(1, 10, 2))
    assert (deleted.live, revived.live) == (False, True)


def test_a_write_of_a_newer_message_revives_whatever_its_own_date() -> None:
    one = entry()
    write(one, held(1, 10, changed=50))
    delete(one, (20, 1))
    assert write(one, held(2, 30, changed=1)).outcome is OutcomeKind.ADDED
    assert one.version_id == 2  # the one that was changed later is deleted for good


def test_the_same_content_in_a_newer_message_revives_too() -> None:
    one = entry()
    write(one, held(1, 10, content="same"))
    delete(one, (20, 1))
    assert write(one, held(2, 30, content="same")).outcome is OutcomeKind.ADDED


def test_an_older_write_after_a_delete_stays_deleted() -> None:
    one = entry()
    delete(one, (20, 1))
    verdict = write(one, held(1, 10))
    assert (verdict.outcome, one.live) == (OutcomeKind.UNCHANGED, False)
    assert verdict.reason == "A newer message has deleted this object."


def test_a_delete_of_what_was_never_sent_and_a_second_delete_change_nothing() -> None:
    one = entry()
    assert delete(one, (20, 1)).reason == "There is no such object; the delete is remembered."
    write(one, held(1, 30))
    delete(one, (40, 1))
    assert delete(one, (50, 1)).reason == "The object was deleted before."


def test_a_delete_between_two_versions_leaves_the_newer_one() -> None:
    one = entry()
    write(one, held(1, 10, changed=9))
    write(one, held(2, 30, changed=3))
    assert one.version_id == 1
    assert delete(one, (20, 1)).outcome is OutcomeKind.CHANGED
    assert one.version_id == 2
