from typing import Any

from hub.pages.marking import pieces


def marks(*segments: str) -> dict[str, Any]:
    """Highlights with this summary; what is in capitals is marked."""
    return {"title": [], "summary": [{"text": one, "matched": one.isupper()} for one in segments]}


def test_the_graphs_own_text_is_marked_as_the_graph_does_even_where_it_is_cut() -> None:
    assert pieces("Die AUS", marks("Die ", "AUSWEIS", " Pflicht")) == [("Die ", False), ("AUS", True)]


def test_white_space_that_the_page_folds_moves_no_mark() -> None:
    assert pieces("Der AUSWEIS gilt", marks("Der\n  ", "AUSWEIS", " gilt"))[1] == ("AUSWEIS", True)


def test_another_text_gets_the_marked_words_where_they_begin_a_word() -> None:
    found = pieces("Hundesteuer, Schweinehund", marks("HUND", "estall"))
    assert found == [("Hund", True), ("esteuer, Schweinehund", False)]


def test_without_marks_the_text_stays_whole() -> None:
    assert pieces("Ein Text.", None) == [("Ein Text.", False)]
    assert pieces("Ein Text.", marks("x", "A")) == [("Ein Text.", False)]
