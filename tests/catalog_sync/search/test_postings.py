"""A token's list of services as bytes, and what changes in it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.postings import fields_of, key_of, mask_of, packed, patched, posting_of, unpacked

SOME_KEYS = st.integers(0, 99_999_999_999_999)
NEAR_KEYS = st.integers(0, 99)
FIELDS = st.integers(1, 65_535)


def posted(fields: Mapping[int, int]) -> list[int]:
    """Postings of services with their fields."""
    return [posting_of(key, mask) for key, mask in fields.items()]


@given(
    st.dictionaries(st.one_of(SOME_KEYS, NEAR_KEYS), FIELDS),
    st.dictionaries(NEAR_KEYS, st.integers(0, 9)),
)
def test_a_list_holds_what_was_put_in(held: dict[int, int], changes: dict[int, int]) -> None:
    check(held, changes)


@pytest.mark.parametrize("fields", [0, 7])
@pytest.mark.parametrize("key", [0, 1, 100, 101, 199, 200])
def test_one_change_of_a_long_list(key: int, fields: int) -> None:
    check(dict.fromkeys(range(1, 200, 2), 3), {key: fields})


def check(held: dict[int, int], changes: dict[int, int]) -> None:
    """Change a list and look whether it holds what it must."""
    found = patched(packed(patched(b"", posted(held))), posted(changes))
    expected = {key: mask for key, mask in (held | changes).items() if mask}
    assert {key_of(posting): mask_of(posting) for posting in found} == expected
    assert list(found) == sorted(found)
    assert unpacked(packed(found)) == found
    assert fields_of(found) == fields_of(expected.values())
