"""Which bytes the hub holds already."""

import random

from catalog_sync.pipeline.contents import KnownContents


def test_what_is_known_is_found_and_nothing_else() -> None:
    dice = random.Random(1)  # noqa: S311 - a test's dice
    hashes = [dice.randbytes(16) for _ in range(5000)]
    known = KnownContents((one, number) for number, one in enumerate(hashes[:4000], 1))
    assert [known.number(one) for one in hashes[:4000]] == list(range(1, 4001))
    assert {known.number(one) for one in hashes[4000:]} == {None}
    assert KnownContents().number(hashes[0]) is None
