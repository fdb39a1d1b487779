"""Suggestions while somebody types, asked through the graph."""

import pytest
from sqlalchemy import Connection

from catalog_sync.search.thesaurus_entries import Entry, Relation
from catalog_sync.search.thesaurus_store import put
from tests.catalogues import IDENTITY_CARD, SOLMS, WETZLAR, Catalogue
from tests.makers import delete, message, online_service, rule, service

ASK = """query($prefix: String!, $area: Ars, $first: Int) { suggestions(prefix: $prefix, area: $area, first: $first) {
    text service { leikaKey title } } }"""
FALCON, FISHING, TWIN_A, TWIN_B = "99067001001000", "99067002001000", "99001001001000", "99001002001000"


@pytest.fixture
async def filled(stored: Catalogue) -> Catalogue:
    """Services of bundles with many and with few cases, and words that people say for them."""
    writes = [
        service("1", IDENTITY_CARD, title={"de": "Personalausweis beantragen", "en": "Identity card"}),
        service("2", FALCON, title="Perlhuhn in der Falknerei"),
        service("3", FISHING, title="Fischereischein"),
        service("4", TWIN_A, title="Zwillingskarte Ost"),
        service("5", TWIN_B, title="Zwillingskarte Süd", areas=[WETZLAR]),
        online_service("o"),
        rule("r1", "o", "5", [WETZLAR], online=True),
    ]
    await stored.deliver("hessen", message(writes=writes))

    def words(connection: Connection) -> None:
        entries = [
            Entry("Perso", "de", Relation.SAME, ("Personalausweis",)),
            Entry("Umzug", "de", Relation.USE, ("Wohnsitz",)),
            Entry("permit to fish", "en", Relation.USE, ("Fischereischein",)),
            Entry("Perlentaucher", "de", Relation.USE, ("Raumfahrt",)),
        ]
        put(connection, "editors", entries, "2026-03-02")

    await stored.catalog.write(words)
    return stored


async def suggested(catalogue: Catalogue, prefix: str, **more: object) -> list[tuple[str, str]]:
    """Texts and keys."""
    found = (await catalogue.ask(ASK, {"prefix": prefix, **more}))["suggestions"]
    return [(one["text"], one["service"]["leikaKey"]) for one in found]


async def test_nothing_is_suggested_before_two_letters(filled: Catalogue) -> None:
    assert await suggested(filled, "p") == []
    assert await suggested(filled, " p ") == []
    assert await suggested(filled, "") == []
    assert await suggested(filled, "pe") != []


async def test_what_concerns_most_goes_first_and_each_service_is_there_once(filled: Catalogue) -> None:
    found = await suggested(filled, "Per")
    assert found[0][1] == IDENTITY_CARD
    assert (await suggested(filled, "perlh")) == [("Perlhuhn in der Falknerei", FALCON)]
    assert len({key for _, key in found}) == len(found)
    assert FALCON in {key for _, key in found[1:]}
    assert "Perlentaucher" not in {text for text, _ in found}


async def test_a_word_of_the_thesaurus_leads_to_the_service_that_it_means(filled: Catalogue) -> None:
    assert (await suggested(filled, "perso"))[0] == ("Perso", IDENTITY_CARD)
    assert (await suggested(filled, "umz")) == [("Umzug", "99115005104000")]


async def test_other_languages_are_completed_where_the_letters_are_theirs(filled: Catalogue) -> None:
    assert (await suggested(filled, "ident"))[0] == ("Identity card", IDENTITY_CARD)
    assert ("permit to fish", FISHING) in await suggested(filled, "permi")
    assert (await suggested(filled, "per"))[0][0] != "permit to fish"


async def test_the_last_word_is_completed_in_the_light_of_the_others(filled: Catalogue) -> None:
    assert {key for _, key in await suggested(filled, "falknerei per")} == {FALCON}
    assert {key for _, key in await suggested(filled, "umzug an")} == {"99115005104000"}
    assert await suggested(filled, "falknerei zwilling") == []
    assert {key for _, key in await suggested(filled, "falknerai per")} == {FALCON}


async def test_a_mistyped_beginning_still_finds(filled: Catalogue) -> None:
    assert {key for _, key in await suggested(filled, "ficsher")} == {FISHING}
    assert await suggested(filled, "qqqq") == []


async def test_umlauts_in_every_spelling(filled: Catalogue) -> None:
    wanted = await suggested(filled, "zwillingskarte süd")
    assert wanted == [("Zwillingskarte Süd", TWIN_B)]
    assert await suggested(filled, "zwillingskarte sued") == wanted
    assert await suggested(filled, "zwillingskarte sud") == wanted


async def test_among_equals_what_is_offered_here_goes_first(filled: Catalogue) -> None:
    assert [key for _, key in await suggested(filled, "zwill")] == [TWIN_A, TWIN_B]
    assert [key for _, key in await suggested(filled, "zwill", area=WETZLAR)] == [TWIN_B, TWIN_A]
    assert [key for _, key in await suggested(filled, "zwill", area=SOLMS)] == [TWIN_A, TWIN_B]


async def test_first_is_bounded(filled: Catalogue) -> None:
    assert len(await suggested(filled, "zwill", first=1)) == 1
    assert len(await suggested(filled, "zwill", first=None)) == 2
    for wrong in (0, 21, -1):
        assert (await filled.error(ASK, {"prefix": "zwill", "first": wrong}))[0] == "BAD_PAGE_SIZE"
    assert (await filled.error(ASK, {"prefix": "x" * 201}))[0] == "BAD_QUERY"
    assert (await filled.error(ASK, {"prefix": "zwill", "area": "99"}))[0] == "UNKNOWN_AREA"


async def test_what_changes_is_suggested_at_once(filled: Catalogue) -> None:
    assert await suggested(filled, "fischereisch")
    later = message(
        created="2026-03-03T04:00:00+01:00",
        writes=[service("4", TWIN_A, title="Drillingskarte", changed="2026-03-02T11:30:00+01:00")],
        deletes=[delete("Leistung", "3")],
    )
    await filled.deliver("hessen", later)
    assert await suggested(filled, "fischereisch") == []
    assert await suggested(filled, "permit to") == []
    assert [key for _, key in await suggested(filled, "zwill")] == [TWIN_B]
    assert await suggested(filled, "drill") == [("Drillingskarte", TWIN_A)]


async def test_the_statements_of_a_keystroke_are_few(filled: Catalogue) -> None:
    query = 'query { suggestions(prefix: "pers", first: %d) { text } }'
    for number in (1, 8):
        await filled.ask(query % number)
        filled.count_anew()
        filled.reference, kept = None, filled.reference
        await filled.ask(query % number)
        filled.reference = kept
        assert len(filled.catalog.statements) == 3  # position; index; services
