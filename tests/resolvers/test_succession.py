"""Places of other days: areas by date, and old keys that find who is responsible today."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert

from catalog_sync.catalog.keys import AreaKey, code_of
from catalog_sync.catalog.tables import area_successor
from tests.catalogues import NOON, Catalogue, Json
from tests.makers import authority, message, online_service, rule, service

OLD, NEW = "064350014014", "064150000000"
MERGED = "064350099099"
CHANGES = f"""change,ars,old_name,new_name
removed,{OLD},Hanau,
added,{NEW},,Hanau
removed,{MERGED},Altdorf,
"""
LAST_DAY, FIRST_DAY = "2025-12-31", "2026-01-01"
RULES = """query($area: Ars!, $asOf: DateTime, $language: Language) { service(leikaKey: "99008001012000") {
  description(area: $area, asOf: $asOf) { title }
  requiredAssurance(area: $area) viewerCanStart(area: $area) { onlineService { name } }
  entries(area: $area, asOf: $asOf) { entryId responsibilities(area: $area) { authority { name } } }
  responsibilities(area: $area, asOf: $asOf) { authority { name } matchedLevel area { ars }
    explanation(language: $language) }
  onlineServices(area: $area, asOf: $asOf) { startUrl area { ars } explanation(language: $language) } } }"""
AREA = "query($ars: Ars!, $on: Date) { area(ars: $ars, on: $on) { ars validFrom validUntil succeededBy { ars } } }"


@pytest.fixture
async def hanau(stored: Catalogue) -> Catalogue:
    """Hanau, which left its district, with a rule of before and one of after."""
    found = stored.written("c_2025-01-01_to_2026-01-01.csv", CHANGES)
    await stored.areas(changes=[found])
    stored.clock.set(datetime(2025, 12, 15, 9, 0, tzinfo=UTC))
    texts = [
        service("1", title="Alt", areas=[OLD]),
        service("2", title="Neu", areas=[NEW]),
        authority("5", name="Amt im Kreis"),
        authority("6", name="Amt der Stadt"),
        online_service("4", url="https://online.example/{ars}"),
    ]
    rules = [
        rule("8", "5", "1", [OLD]),
        rule("9", "6", "1", [NEW]),
        rule("7", "4", "1", [NEW], online=True),
        rule("10", "5", "2", ["06"]),
    ]
    report = await stored.deliver("hessen", message(created="2025-12-15T08:00:00Z", writes=[*texts, *rules]))
    assert report["counts"]["rejected"] == 0
    stored.clock.set(NOON)
    return stored


async def asked(catalogue: Catalogue, area: str, as_of: str | None = None, language: str = "de") -> Json:
    """All that a service says at a place."""
    variables = {"area": area, "asOf": as_of, "language": language}
    found: Json = (await catalogue.ask(RULES, variables))["service"]
    return found


async def test_an_old_key_finds_who_is_responsible_today_and_says_so(hanau: Catalogue) -> None:
    found = await asked(hanau, OLD)
    (one,) = found["responsibilities"]
    assert one["authority"] == {"name": "Amt der Stadt"}
    assert (one["area"]["ars"], one["matchedLevel"]) == (NEW, "DISTRICT")
    assert one["explanation"].endswith(f" Hanau ({OLD}) ist seit dem 1.1.2026 Hanau ({NEW}).")
    english = (await asked(hanau, OLD, language="en"))["responsibilities"][0]["explanation"]
    assert english.endswith(f" Hanau ({OLD}) has been Hanau ({NEW}) since 2026-01-01.")


async def test_all_that_has_a_place_follows_the_old_key(hanau: Catalogue) -> None:
    found = await asked(hanau, OLD)
    assert found["description"] == {"title": "Neu"}
    assert found["entries"] == [
        {"entryId": "L100042.LB.2", "responsibilities": [{"authority": {"name": "Amt im Kreis"}}]}
    ]
    (offer,) = found["onlineServices"]
    assert offer["startUrl"] == f"https://online.example/{NEW}"
    assert "ist seit dem 1.1.2026" in offer["explanation"]
    english = (await asked(hanau, OLD, language="en"))["onlineServices"][0]["explanation"]
    assert "since 2026-01-01" in english
    assert found["requiredAssurance"] == "SUBSTANTIAL"
    assert found["viewerCanStart"]["onlineService"] == {"name": "Online beantragen"}
    hits = """query($area: Ars!) { services(area: $area, onlineOnly: true, first: 1) { totalCount } }"""
    assert (await hanau.ask(hits, {"area": OLD}))["services"]["totalCount"] == 1


async def test_the_new_key_says_nothing_of_the_old(hanau: Catalogue) -> None:
    found = await asked(hanau, NEW)
    assert found["responsibilities"][0]["explanation"].endswith("(L100042.ZS.9).")


async def test_while_the_area_existed_its_key_is_an_ordinary_key(hanau: Catalogue) -> None:
    found = await asked(hanau, OLD, f"{LAST_DAY}T22:59:00Z")
    assert found["description"] == {"title": "Alt"}
    (one,) = found["responsibilities"]
    assert (one["authority"]["name"], one["area"]["ars"]) == ("Amt im Kreis", OLD)
    assert one["explanation"].endswith("(L100042.ZS.8).")
    after = await asked(hanau, OLD, f"{LAST_DAY}T23:00:00Z")
    assert after["description"] == {"title": "Neu"}
    assert after["responsibilities"][0]["authority"]["name"] == "Amt der Stadt"


async def test_an_area_of_which_no_list_tells_what_it_became_keeps_its_rules_and_says_so(
    hanau: Catalogue,
) -> None:
    query = """query($area: Ars!, $language: Language) { entry(id: "L100042.LB.2") { ... on ServiceEntry {
      responsibilities(area: $area) { authority { name } explanation(language: $language) } } } }"""
    for language, words in (
        ("de", "gibt es seit dem 1.1.2026 nicht mehr"),
        ("en", "has not existed since 2026-01-01"),
    ):
        found = await hanau.ask(query, {"area": MERGED, "language": language})
        (one,) = found["entry"]["responsibilities"]
        assert one["authority"] == {"name": "Amt im Kreis"}
        assert f"Altdorf ({MERGED}) {words}" in one["explanation"]


async def test_an_area_that_was_split_is_looked_up_by_its_own_key_and_says_so(hanau: Catalogue) -> None:
    def split(connection: Connection) -> None:
        parts = ("065320023023", "065320021021")
        rows = [{"code": code_of(AreaKey(OLD)), "successor": code_of(AreaKey(part))} for part in parts]
        connection.execute(insert(area_successor), rows)
        connection.execute(
            area_successor.delete().where(area_successor.c.successor == code_of(AreaKey("06415")))
        )

    await hanau.catalog.write(split)
    for language, words in (("de", "wurde geteilt in"), ("en", "was split into")):
        (one,) = (await asked(hanau, OLD, language=language))["responsibilities"]
        assert one["authority"] == {"name": "Amt im Kreis"}
        assert one["area"]["ars"] == OLD
        both = f"Solms (065320021021) {'und' if language == 'de' else 'and'} Wetzlar (065320023023)"
        assert f"Hanau ({OLD}) {words} {both}; " in one["explanation"]


@pytest.mark.parametrize(
    ("ars", "on", "there"),
    [
        (OLD, LAST_DAY, True),
        (OLD, FIRST_DAY, False),
        (NEW, LAST_DAY, False),
        (NEW, FIRST_DAY, True),
        (OLD, None, True),
        ("00", "1900-01-01", True),
        ("069999999999", FIRST_DAY, False),
    ],
)
async def test_an_area_is_there_on_the_days_on_which_it_was(
    hanau: Catalogue, ars: str, on: str | None, there: bool
) -> None:
    assert ((await hanau.ask(AREA, {"ars": ars, "on": on}))["area"] is not None) is there


async def test_an_old_area_tells_its_end_and_what_it_became(hanau: Catalogue) -> None:
    found = (await hanau.ask(AREA, {"ars": OLD, "on": LAST_DAY}))["area"]
    assert found == {"ars": OLD, "validFrom": None, "validUntil": LAST_DAY, "succeededBy": [{"ars": NEW}]}
    assert (await hanau.ask(AREA, {"ars": NEW}))["area"]["validFrom"] == FIRST_DAY


async def test_an_area_is_called_by_its_name_of_the_day(hanau: Catalogue) -> None:
    renamed = "change,ars,old_name,new_name\nrenamed,065320021021,Burgsolms,Solms\n"
    await hanau.areas(changes=[hanau.written("n_2024-01-01_to_2025-07-01.csv", renamed)])
    query = 'query($on: Date) { area(ars: "065320021021", on: $on) { name } }'
    names = [
        (await hanau.ask(query, {"on": day}))["area"]["name"] for day in ("2025-06-30", "2025-07-01", None)
    ]
    assert names == ["Burgsolms", "Solms", "Solms"]
