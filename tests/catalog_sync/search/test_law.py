"""Laws and paragraphs, as legal bases name them and as people ask for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.law import bases, law_word, reference


def test_a_legal_basis_names_laws_with_their_paragraphs() -> None:
    text = (
        "§ 36 Absatz 1 Nummer 2 Handwerksordnung (HWO) [http://example.org/__37.html], "
        "§§ 28 und 30 Straßenverkehrsgesetz (StVG), Gesetz zur Regelung (IHKG)"
    )
    found = list(bases(text))
    assert [(one.abbreviation, one.paragraphs) for one in found] == [
        ("hwo", ("36",)),
        ("stvg", ("28", "30")),
        ("ihkg", ()),
    ]
    assert "Handwerksordnung" in found[0].name


def test_a_text_without_a_law_in_brackets_names_none() -> None:
    assert list(bases("nach Landesrecht")) == []


@pytest.mark.parametrize(
    ("asked", "token"),
    [
        ("§ 34c GewO", "§34c@gewo"),
        ("§34c gewo", "§34c@gewo"),
        ("§ 34 c GewO", "§34c@gewo"),
        ("Erlaubnis nach § 34c Abs. 1 GewO", "§34c@gewo"),
        ("Paragraph 7 SGB 2", "§7@sgbii"),
        ("§ 7 SGB II", "§7@sgbii"),
        ("Art. 16a GG", "§16a@gg"),
    ],
)
def test_a_question_names_a_paragraph(asked: str, token: str) -> None:
    found = reference(asked)
    assert found is not None
    assert found.token == token
    assert found.written in asked


@pytest.mark.parametrize("asked", ["34c", "GewO", "§", "§ GewO", "Hundesteuer", ""])
def test_other_questions_name_none(asked: str) -> None:
    assert reference(asked) is None


def test_a_book_is_one_law_in_either_numbers() -> None:
    assert law_word("SGB II") == law_word("SGB 2") == "sgbii"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(paragraph.isalnum() for one in bases(text) for paragraph in one.paragraphs)
    asked = reference(text)
    assert asked is None or (asked.written in text and asked.token.endswith(f"@{asked.law}"))
