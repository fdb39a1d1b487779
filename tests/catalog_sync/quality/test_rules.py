from datetime import date

import pytest

from catalog_sync.quality.rules import KINDS, QualityRule, in_order, two_years_before


@pytest.mark.parametrize(
    ("today", "before"),
    [("2026-03-02", "2024-03-02"), ("2028-02-29", "2026-02-28"), ("2026-02-28", "2024-02-28")],
)
def test_texts_count_as_old_after_two_years(today: str, before: str) -> None:
    assert two_years_before(date.fromisoformat(today)) == date.fromisoformat(before)


def test_every_rule_looks_at_some_kind_of_object() -> None:
    assert set(KINDS) == set(QualityRule)
    assert all(KINDS.values())


def test_rules_are_told_in_one_order() -> None:
    assert in_order({QualityRule.DUPLICATE, QualityRule.NOT_APPROVED}) == [
        QualityRule.NOT_APPROVED,
        QualityRule.DUPLICATE,
    ]
