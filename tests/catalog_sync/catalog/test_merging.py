"""Merging the layers of a place, module by module."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.layers import Layer
from catalog_sync.catalog.merging import first_list, merged_modules, merged_title, union
from catalog_sync.catalog.model import Duration, Keyword
from catalog_sync.catalog.records import ModuleRow
from catalog_sync.catalog.stored import ServiceFacts
from tests.catalog_sync.catalog.records import entry, row, specialisation

CITY, STATE, COUNTRY = (
    Layer(entry(1, "065320023023"), AreaKey("065320023023")),
    Layer(entry(2, "06"), AreaKey("06")),
    Layer(entry(3, ""), AreaKey("")),
)
LAYERS = (CITY, STATE, COUNTRY)
Shown = list[tuple[str, str, str, int]]


def merged(modules: Mapping[int, Sequence[ModuleRow]], language: str | None = "de") -> Shown:
    """Code, language, text and layer of what is shown."""
    of = {number: tuple(rows) for number, rows in modules.items()}
    return [
        (one.row.code, one.row.language, one.row.html, one.layer.record.number)
        for one in merged_modules(LAYERS, of, language)
    ]


def test_each_module_comes_whole_from_the_most_specific_layer_that_has_text() -> None:
    modules = {
        1: [row(0, "08", "de", "Foto")],
        2: [row(0, "08", "de", "Ausweis"), row(1, "05", "de", "Land")],
        3: [row(0, "05", "de", "Bund"), row(1, "07", "de", "§ 9")],
    }
    assert merged(modules) == [("05", "de", "Land", 2), ("07", "de", "§ 9", 3), ("08", "de", "Foto", 1)]


def test_specificity_goes_before_language() -> None:
    modules = {
        1: [row(0, "05", "de", "Stadt")],
        3: [row(0, "05", "de", "Bund"), row(1, "05", "en", "Country")],
    }
    assert merged(modules, "en") == [("05", "de", "Stadt", 1)]
    assert merged({3: modules[3]}, "en") == [("05", "en", "Country", 3)]


def test_a_module_that_repeats_is_shown_as_often_in_the_language_of_each() -> None:
    rows = [row(0, "08", "de", "am Amt"), row(1, "08", "en", "at the desk"), row(2, "08", "de", "im Netz")]
    assert merged({1: rows}) == [("08", "de", "am Amt", 1), ("08", "de", "im Netz", 1)]
    assert merged({1: rows}, "en") == [("08", "en", "at the desk", 1), ("08", "de", "im Netz", 1)]


def test_the_links_of_a_module_are_those_of_all_layers_once() -> None:
    modules = {
        1: (row(0, "15", "de", "Stadt", "https://stadt.example", "https://beide.example"),),
        3: (row(0, "15", "de", "Bund", "https://beide.example", "https://bund.example"),),
    }
    found = merged_modules(LAYERS, modules, "de")
    assert [link.url for link in found[0].row.links] == [
        "https://stadt.example",
        "https://beide.example",
        "https://bund.example",
    ]


def test_a_module_of_links_alone_hides_no_text_below_it() -> None:
    modules = {1: (row(0, "15", "de", "", "https://stadt.example"),), 3: (row(0, "15", "de", "Bund"),)}
    found = merged_modules(LAYERS, modules, "de")
    assert [(one.row.html, [link.url for link in one.row.links]) for one in found] == [
        ("Bund", ["https://stadt.example"])
    ]
    alone = merged_modules(LAYERS, {1: modules[1]}, "de")
    assert [link.url for link in alone[0].row.links] == ["https://stadt.example"]


def test_modules_without_a_code_keep_their_own_links() -> None:
    modules = {1: (row(0, "", "de", "Stadt"),), 3: (row(0, "", "de", "Bund", "https://bund.example"),)}
    assert merged_modules(LAYERS, modules, "de")[0].row.links == ()


def test_the_title_is_the_most_specific_layer_s_that_has_one() -> None:
    layers = (
        CITY,
        Layer(entry(4, "06", titles={"de": "Gewerbe", "en": "Business"}), AreaKey("06")),
        Layer(entry(5, "", titles={"fr": "Bund"}), AreaKey("")),
    )
    title = merged_title(layers, "en")
    assert title is not None
    assert (title.text, title.language, title.layer.record.number) == ("Business", "en", 4)
    assert merged_title(layers, "fr") == merged_title(layers, "de")
    assert merged_title((CITY,), "de") is None


def test_a_specialisation_may_give_the_title() -> None:
    change = Layer(specialisation(9, "06532", titles={"de": "Hier anders"}), AreaKey("06532"))
    title = merged_title((change, STATE), "de")
    assert title is not None
    assert title.text == "Hier anders"


def test_a_list_is_taken_whole_and_keywords_are_united() -> None:
    facts = {
        1: ServiceFacts(keywords=(Keyword("de", "Perso"),)),
        2: ServiceFacts(
            processing_times=(Duration(1, "TAG"),),
            keywords=(Keyword("de", "Ausweis"), Keyword("de", "Perso")),
        ),
        3: ServiceFacts(processing_times=(Duration(2, "WOCHE"), Duration(6, "WOCHE"))),
    }
    assert first_list(LAYERS, facts, lambda f: f.processing_times) == ((Duration(1, "TAG"),), STATE)
    assert first_list((CITY,), facts, lambda f: f.processing_times) == ((), None)
    assert [word.text for word in union(LAYERS, facts, lambda f: f.keywords)] == ["Perso", "Ausweis"]


texts = st.dictionaries(
    st.tuples(st.sampled_from(["05", "08"]), st.sampled_from(["de", "en", "hsb"])),
    st.text("ab", max_size=2),
    max_size=4,
)


@given(st.tuples(texts, texts, texts), st.sampled_from(["de", "en", "hsb", "en-GB", None]))
def test_merged_layers_equal_those_of_a_naive_model(
    drawn: tuple[dict[tuple[str, str], str], ...], wanted: str | None
) -> None:
    modules = {
        number: [row(i, code, tongue, html) for i, ((code, tongue), html) in enumerate(of.items()) if html]
        for number, of in enumerate(drawn, 1)
    }
    expected: Shown = []
    for code in ("05", "08"):
        for number, of in enumerate(drawn, 1):
            spoken = {tongue: html for (of_code, tongue), html in of.items() if of_code == code and html}
            for tongue in (wanted, (wanted or "de")[:2], "de", *sorted(spoken)):
                if tongue in spoken:
                    expected.append((code, tongue, spoken[tongue], number))
                    break
            if spoken:
                break
    assert merged(modules, wanted) == expected
