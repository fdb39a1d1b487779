from hypothesis import given
from hypothesis import strategies as st

from hub.execution.generations import Generations


def test_what_is_asked_for_stays_and_what_is_not_goes() -> None:
    kept: Generations[str, str] = Generations(20)
    kept.put("old", "o", 4)
    for number in range(20):
        kept.put(f"new {number}", "n", 4)
        assert kept.get("old") == "o"
    assert kept.get("new 0") is None
    assert kept.get("new 19") == "n"


def test_a_value_that_would_fill_a_generation_is_not_kept() -> None:
    kept: Generations[str, str] = Generations(20)
    kept.put("large", "l", 11)
    kept.put("half", "h", 10)
    assert (kept.get("large"), kept.get("half")) == (None, "h")


def test_a_value_can_be_replaced_and_everything_forgotten() -> None:
    kept: Generations[str, str] = Generations(20)
    kept.put("a", "1", 5)
    kept.put("a", "2", 6)
    assert (kept.get("a"), kept.bytes) == ("2", 6)
    kept.clear()
    assert (kept.get("a"), kept.bytes) == (None, 0)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12), st.integers(1, 15)), max_size=200))
def test_no_more_is_ever_held_than_allowed_and_never_another_key_s_value(
    steps: list[tuple[bool, int, int]],
) -> None:
    kept: Generations[int, int] = Generations(30)
    for writes, key, size in steps:
        if writes:
            kept.put(key, key, size)
        else:
            assert kept.get(key) in (None, key)
        assert kept.bytes <= 30
