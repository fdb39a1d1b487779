"""Finding services: by words, prefixes and keys, with filters; asked through the graph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.analyzer import question, words
from catalog_sync.search.finding import key_part
from tests.catalogues import BUSINESS, IDENTITY_CARD, SOLMS, WETZLAR, Catalogue
from tests.makers import code, delete, message, online_service, rule, service

SEARCH = """query($query: String, $area: Ars, $audience: Audience, $lifeSituation: ID, $onlineOnly: Boolean) {
    services(query: $query, area: $area, audience: $audience, lifeSituation: $lifeSituation, onlineOnly: $onlineOnly,
        first: 50) { totalCount edges { node { leikaKey } } } }"""

CONDUCT = "99089018104000"
STREET = "99108001001000"
DOG = "99102014042000"


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    """Entries with umlauts, keywords, summaries and audiences, and an online service for Wetzlar."""
    writes = [
        service("1", IDENTITY_CARD, title="Personalausweis beantragen", keywords=["Perso"]),
        service("2", CONDUCT, title="Führungszeugnis beantragen", extra=code("leistungsadressat", "001")),
        service("3", STREET, title="Anwohnerparkausweis für die Straße", areas=[WETZLAR]),
        service("4", DOG, title="Hundesteuer anmelden", modules={"05": "<p>Für jeden <b>Vierbeiner</b></p>"}),
        service(
            "5",
            BUSINESS,
            title={"de": "Gewerbe anmelden", "en": "Registering a business"},
            extra=code("leistungsadressat", "002"),
        ),
        online_service("o"),
        rule("r1", "o", "2", [WETZLAR], online=True),
        rule("r2", "o", "5", ["06"], online=True),
    ]
    await stored.deliver("hessen", message(writes=writes))
    return stored


async def found(catalogue: Catalogue, query: str | None = None, **filters: object) -> list[str]:
    """The keys of the services found, in order."""
    hits = (await catalogue.ask(SEARCH, {"query": query, **filters}))["services"]
    keys = [edge["node"]["leikaKey"] for edge in hits["edges"]]
    assert hits["totalCount"] == len(keys)
    return keys


BY_WORDS = {
    "Hundesteuer": [DOG],
    "HUNDESTEUER": [DOG],
    "hund": [DOG],
    "hundesteuer anmelden": [DOG],
    "anmelden hundesteuer": [DOG],
    "Ich möchte meinen Personalausweis beantragen": [IDENTITY_CARD],
    "Perso": [IDENTITY_CARD],
    "vierbeiner": [DOG],
    "registering": [BUSINESS],
    "Führungszeugnis": [CONDUCT],
    "Fuehrungszeugnis": [CONDUCT],
    "fuhrungszeugnis": [CONDUCT],
    "führungsz": [CONDUCT],
    "fuehrungsz": [CONDUCT],
    "Straße": [STREET],
    "strasse": [STREET],
    "STRASSE": [STREET],
    "Raumfahrt": [],
    "!?": [],
}


async def test_words_and_prefixes_find_whatever_way_they_are_spelled(filled: Catalogue) -> None:
    assert {query: await found(filled, query) for query in BY_WORDS} == BY_WORDS


WHOLE_OR_PART = (
    "99050012104000",
    "99 050 012 104 000",
    "99050012104",
    "990500",
    "050012104000",
    "050012",
    "050 012",
)


async def test_a_service_key_finds_whole_in_part_and_spaced(filled: Catalogue) -> None:
    hits = {query: await found(filled, query) for query in WHOLE_OR_PART}
    assert hits == {query: [BUSINESS] for query in WHOLE_OR_PART}
    for other in ("99999", "12345", "0500129", "104000"):
        assert await found(filled, other) == []


async def test_an_exact_word_goes_before_a_prefix_and_a_title_before_a_text(catalogue: Catalogue) -> None:
    writes = [
        service("1", "99001001000000", title="Bauen", modules={"05": "Hund und Katze"}),
        service("2", "99001002000000", title="Hundesteuer"),
        service("3", "99001003000000", title="Hund"),
    ]
    await catalogue.deliver("hessen", message(writes=writes))
    assert await found(catalogue, "Hund") == ["99001003000000", "99001002000000"]
    assert (await found(catalogue, "bauen hund"))[0] == "99001001000000"
    assert await found(catalogue, "katzen") == ["99001001000000"]


async def test_equals_are_in_order_of_their_keys(stored: Catalogue) -> None:
    keys = [f"990010{number:02}000000" for number in (7, 3, 5, 1)]
    await stored.deliver("hessen", message(writes=[service(key, key, title="Zwilling") for key in keys]))
    assert await found(stored, "zwilling") == sorted(keys)


async def test_without_a_query_all_are_listed_by_key(filled: Catalogue) -> None:
    everything = sorted({IDENTITY_CARD, BUSINESS, CONDUCT, STREET, DOG, "99115005104000"})
    assert await found(filled) == everything
    assert await found(filled, "  ") == everything


async def test_filters_combine(filled: Catalogue) -> None:
    assert await found(filled, audience="CITIZEN") == [CONDUCT]
    assert await found(filled, "anmelden", audience="BUSINESS") == [BUSINESS]
    assert await found(filled, "hundesteuer", audience="BUSINESS") == []
    assert await found(filled, lifeSituation="57") == [IDENTITY_CARD]
    assert await found(filled, "gewerbe", lifeSituation="57") == []
    assert await found(filled, lifeSituation="no-such") == []
    assert await found(filled, onlineOnly=True, area=WETZLAR) == [BUSINESS, CONDUCT]
    assert await found(filled, onlineOnly=True, area=SOLMS) == [BUSINESS]
    assert await found(filled, onlineOnly=True, area="14") == []
    assert await found(filled, onlineOnly=True, area=WETZLAR, audience="CITIZEN") == [CONDUCT]
    assert await found(filled, "führungszeugnis", onlineOnly=True, area=SOLMS) == []


async def test_among_equals_what_is_described_for_the_place_goes_first(filled: Catalogue) -> None:
    near = await found(filled, area=WETZLAR)
    assert near[0] == STREET
    assert near[-1] == "99115005104000"
    far = await found(filled, area=SOLMS)
    assert far[0] == BUSINESS  # described for all of Hesse as others are, and online there
    assert far[1:] == sorted(far[1:], key=lambda key: (key == "99115005104000", key))


async def test_online_only_needs_a_place(filled: Catalogue) -> None:
    code_, sentence = await filled.error(SEARCH, {"onlineOnly": True})
    assert code_ == "BAD_QUERY"
    assert "area" in sentence


async def test_a_question_has_a_bounded_length(filled: Catalogue) -> None:
    assert (await filled.error(SEARCH, {"query": "x" * 201}))[0] == "BAD_QUERY"
    assert await found(filled, "wort " * 39) == []


async def test_what_is_deleted_is_found_no_more_and_what_is_renamed_by_its_new_words(
    filled: Catalogue,
) -> None:
    later = message(
        created="2026-03-03T04:00:00+01:00",
        writes=[service("2", CONDUCT, title="Vorstrafenauskunft", changed="2026-03-02T11:30:00+01:00")],
        deletes=[delete("Leistung", "4")],
    )
    await filled.deliver("hessen", later)
    assert await found(filled, "führungszeugnis") == []
    assert await found(filled, "vorstrafen") == [CONDUCT]
    assert await found(filled, "hundesteuer") == []


async def test_the_catalogue_s_own_words_and_bundles_find(stored: Catalogue) -> None:
    assert await found(stored, "wohnsitz") == ["99115005104000"]
    assert await found(stored, "gewerbeanmeldung") == [BUSINESS]


async def test_hostile_queries_find_nothing_and_break_nothing(filled: Catalogue) -> None:
    for query in (
        "%",
        "_",
        "'; DROP TABLE posting; --",
        "\x00",
        "💥",
        "\u202e",
        "*",
        "#audience:001",
        "\udbff\udfff",
    ):
        assert await found(filled, query) == []


@given(st.text(max_size=200))
def test_a_question_is_bounded_and_made_of_the_same_tokens_as_what_is_indexed(text: str) -> None:
    asked = question(text)
    assert len(asked) <= 12
    assert len(set(asked)) == len(asked)
    assert all(0 < len(word.stem) <= 60 for word in asked)
    assert set(asked) <= set(words(text)) or not words(text)


@pytest.mark.parametrize(
    ("text", "digits"), [("99 05 0", "99050"), ("1234", None), ("９９０５０", None), ("9" * 15, None)]
)
def test_only_digits_of_a_key_s_length_are_taken_for_one(text: str, digits: str | None) -> None:
    assert key_part(text) == digits
