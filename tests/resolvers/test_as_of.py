"""The catalogue as it was: what the graph answers with `asOf`."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.catalogues import HESSE, IDENTITY_CARD, NOON, WETZLAR, Catalogue, Json
from tests.makers import (
    Name,
    authority,
    delete,
    message,
    online_service,
    rule,
    service,
    specialisation,
)

FIRST, SECOND, THIRD = (datetime(2026, 2, day, 9, 0, tzinfo=UTC) for day in (2, 9, 16))
HOUR = timedelta(hours=1)
DESCRIPTION = """query($asOf: DateTime, $area: Ars) { service(leikaKey: "99008001012000") {
  description(area: $area, asOf: $asOf) { title keywords
    modules { code text provenance { entryId version changedAt receivedAt approvedBy } }
    fees { amount provenance { version receivedAt } }
    provenance { version changedAt receivedAt }
    alternatives { entryId title fees { amount } provenance { receivedAt }
      responsibilities(area: "06") { authority { name } } } } } }"""
RULES = """query($asOf: DateTime) { service(leikaKey: "99008001012000") {
  responsibilities(area: "065320023023", asOf: $asOf) { entryId matchedLevel area { ars } explanation
    authority { name addresses { city } contacts { value } provenance { receivedAt } } provenance { receivedAt } }
  onlineServices(area: "065320023023", asOf: $asOf) { startUrl
    onlineService { name links { url } requiredAssurance provenance { receivedAt } } } } }"""


def at(moment: datetime) -> str:
    """A moment as it is asked for."""
    return moment.isoformat()


async def deliver(
    catalogue: Catalogue, moment: datetime, *writes: object, deletes: tuple[str, ...] = ()
) -> None:
    """Deliver as Hesse at a moment; the message was made in that minute."""
    catalogue.clock.set(moment)
    sent = message(created=moment.isoformat(), writes=writes, deletes=deletes)  # type: ignore[arg-type]
    report = await catalogue.deliver("hessen", sent)
    assert report["counts"]["rejected"] == 0
    catalogue.clock.set(NOON)


async def described(catalogue: Catalogue, moment: datetime | None, area: str | None = WETZLAR) -> Json | None:
    """The merged description at a moment."""
    variables = {"asOf": at(moment) if moment else None, "area": area}
    found: Json | None = (await catalogue.ask(DESCRIPTION, variables))["service"]["description"]
    return found


async def titled(catalogue: Catalogue, moment: datetime | None, area: str | None = WETZLAR) -> str | None:
    """Its title."""
    found = await described(catalogue, moment, area)
    return found["title"] if found else None


async def ruled(catalogue: Catalogue, moment: datetime | None) -> tuple[list[Json], list[Json]]:
    """Responsibilities and online services in Wetzlar at a moment."""
    found = (await catalogue.ask(RULES, {"asOf": at(moment) if moment else None}))["service"]
    return found["responsibilities"], found["onlineServices"]


@pytest.fixture
async def changed(stored: Catalogue) -> Catalogue:
    """A description that came, changed a week later and was deleted after one more."""
    old = service(
        "1", title="Ausweis", fees=["22.80"], keywords=["Perso"], modules={"08": "Foto"}, label="1.0"
    )
    new = service(
        "1",
        title="Personalausweis",
        fees=["37.00"],
        modules={"08": "Foto, digital"},
        label="2.0",
        changed="2026-02-08T10:00:00+01:00",
    )
    await deliver(stored, FIRST, old)
    await deliver(stored, SECOND, new)
    await deliver(stored, THIRD, deletes=(delete("Leistung", "1"),))
    return stored


async def test_each_version_answers_from_its_arrival_to_the_next(changed: Catalogue) -> None:
    moments = (FIRST - HOUR, FIRST, SECOND - HOUR, SECOND, THIRD - HOUR, THIRD, None)
    titles = [await titled(changed, moment) for moment in moments]
    assert titles == [None, "Ausweis", "Ausweis", "Personalausweis", "Personalausweis", None, None]


async def test_all_parts_of_an_answer_are_of_its_moment(changed: Catalogue) -> None:
    old, new = await described(changed, FIRST), await described(changed, SECOND)
    assert old is not None
    assert new is not None
    assert [fee["amount"] for fee in old["fees"]] == ["22.80"]
    assert [fee["amount"] for fee in new["fees"]] == ["37.00"]
    assert (old["keywords"], new["keywords"]) == (["Perso"], [])
    assert [one["text"] for one in old["modules"]] == ["Ausweis", "Foto"]
    assert [one["text"] for one in new["modules"]] == ["Personalausweis", "Foto, digital"]
    assert {one["provenance"]["version"] for one in old["modules"] + old["fees"]} == {"1.0"}
    assert new["provenance"] == {
        "version": "2.0",
        "changedAt": "2026-02-08T09:00:00+00:00",
        "receivedAt": "2026-02-09T09:00:00+00:00",
    }


async def test_two_moments_in_one_query_are_two_catalogues(changed: Catalogue) -> None:
    query = """query($one: DateTime, $two: DateTime) { service(leikaKey: "99008001012000") {
      one: description(area: "06", asOf: $one) { ...d }  two: description(area: "06", asOf: $two) { ...d }
      now: description(area: "06") { ...d } } }
      fragment d on ServiceDescription { title modules { text } fees { amount } }"""
    found = (await changed.ask(query, {"one": at(FIRST), "two": at(SECOND)}))["service"]
    assert found["one"]["fees"] == [{"amount": "22.80"}]
    assert found["two"]["fees"] == [{"amount": "37.00"}]
    assert found["two"]["modules"][0]["text"] == "Personalausweis"
    assert found["now"] is None


async def test_validity_is_judged_on_the_day_of_the_moment_in_berlin(stored: Catalogue) -> None:
    await deliver(stored, FIRST, service("1", title="Bis Fasching", validity=("2026-02-01", "2026-02-17")))
    assert await titled(stored, datetime(2026, 2, 17, 22, 59, tzinfo=UTC)) == "Bis Fasching"
    assert await titled(stored, datetime(2026, 2, 17, 23, 0, tzinfo=UTC)) is None
    assert await titled(stored, None) is None


async def test_layers_and_alternatives_are_those_of_the_moment(stored: Catalogue) -> None:
    base = service(Name("B100019", "9"), title="Bund", areas=["00"], modules={"05": "kurz"})
    stored.clock.set(FIRST)
    await stored.deliver("bund", message(writes=[base]))
    await deliver(stored, SECOND, service("1", title="Land"), specialisation("7", "1", [WETZLAR]))
    await deliver(stored, THIRD, service("1b", title="Noch eine", fees=["5.00"]), authority("5"))
    await deliver(stored, THIRD + HOUR, rule("6", "5", "1", ["06"]), rule("6b", "5", "1b", ["06"]))
    await deliver(
        stored, THIRD + 2 * HOUR, authority("5", name="Neues Amt", changed="2026-02-16T12:00:00+01:00")
    )

    async def codes(moment: datetime) -> list[str]:
        found = await described(stored, moment)
        assert found is not None
        return [one["code"] for one in found["modules"]]

    assert await titled(stored, FIRST) == "Bund"
    assert await titled(stored, SECOND) == "Land"
    assert (await codes(FIRST), await codes(SECOND)) == (["03", "05"], ["03", "05", "16"])
    assert (await described(stored, SECOND) or {})["alternatives"] == []
    lost = (await described(stored, THIRD + HOUR) or {})["alternatives"]
    assert len(lost) == 1
    assert lost[0]["responsibilities"] == [{"authority": {"name": "Bürgeramt"}}]
    assert lost[0]["provenance"] == {"receivedAt": "2026-02-16T09:00:00+00:00"}
    newest = (await described(stored, None) or {})["alternatives"]
    assert newest[0]["responsibilities"] == [{"authority": {"name": "Neues Amt"}}]


async def test_a_rule_answers_only_while_rule_service_and_owner_were_live(stored: Catalogue) -> None:
    await deliver(stored, FIRST, service("1"), rule("6", "5", "1", ["06532"]))
    await deliver(stored, FIRST + HOUR, authority("5", name="Kreisamt", changed=None))
    moved = authority("5", name="Kreisamt", city="Solms", changed=None)
    await deliver(stored, SECOND, moved)
    await deliver(stored, SECOND + HOUR, rule("8", "5", "1", [WETZLAR], changed="2026-02-09T08:00:00+01:00"))
    await deliver(stored, THIRD, deletes=(delete("Organisationseinheit", "5"),))
    assert (await ruled(stored, FIRST))[0] == []
    (one,), _ = await ruled(stored, FIRST + HOUR)
    assert one["authority"]["name"] == "Kreisamt"
    assert one["authority"]["addresses"] == [{"city": "Wetzlar"}]
    assert one["authority"]["contacts"] == [{"value": "+49 6441 99-0"}]
    assert (one["matchedLevel"], one["area"]["ars"]) == ("DISTRICT", "065320000000")
    assert one["provenance"] == {"receivedAt": "2026-02-02T09:00:00+00:00"}
    assert "Kreisamt ist zuständig" in one["explanation"]
    (two,), _ = await ruled(stored, SECOND)
    assert two["authority"]["addresses"] == [{"city": "Solms"}]
    (three,), _ = await ruled(stored, SECOND + HOUR)
    assert three["matchedLevel"] == "MUNICIPALITY"
    assert await ruled(stored, THIRD) == ([], [])
    assert await ruled(stored, None) == ([], [])


async def test_an_online_service_is_offered_as_it_was(stored: Catalogue) -> None:
    online = online_service("4", url="https://alt.example/{leikaKey}", level="20")
    await deliver(stored, FIRST, service("1"), online, rule("6", "4", "1", ["06"], online=True))
    newer = online_service("4", url="https://neu.example/", level="30", changed="2026-02-09T08:00:00+01:00")
    await deliver(stored, SECOND, newer)
    await deliver(stored, THIRD, deletes=(delete("Leistung", "1"),))
    offered = [(await ruled(stored, moment))[1] for moment in (FIRST, SECOND, THIRD)]
    assert [[one["startUrl"] for one in of_moment] for of_moment in offered] == [
        [f"https://alt.example/{IDENTITY_CARD}"],
        ["https://neu.example/"],
        [],
    ]
    assert offered[0][0]["onlineService"]["requiredAssurance"] == "LOW"
    assert offered[1][0]["onlineService"]["provenance"] == {"receivedAt": "2026-02-09T09:00:00+00:00"}


async def test_an_entry_is_asked_as_it_was_with_all_that_hangs_on_it(stored: Catalogue) -> None:
    await deliver(stored, FIRST, service("1", title="Ausweis"), authority("5"), rule("6", "5", "1", [HESSE]))
    renamed = service("1", title="Personalausweis", changed="2026-02-08T10:00:00+01:00")
    await deliver(stored, SECOND, renamed, deletes=(delete("Organisationseinheit", "5"),))
    query = """query($asOf: DateTime) { entry(id: "L100042.LB.1", asOf: $asOf) { ... on ServiceEntry { title
      modules { text } provenance { receivedAt } responsibilities(area: "06") { authority { name } } } } }"""
    then = (await stored.ask(query, {"asOf": at(FIRST)}))["entry"]
    now = (await stored.ask(query))["entry"]
    assert (then["title"], then["modules"]) == ("Ausweis", [{"text": "Ausweis"}])
    assert then["responsibilities"] == [{"authority": {"name": "Bürgeramt"}}]
    assert (now["title"], now["responsibilities"]) == ("Personalausweis", [])
    assert (await stored.ask(query, {"asOf": at(FIRST - HOUR)}))["entry"] is None


async def test_a_rule_and_a_specialisation_are_asked_as_they_were(stored: Catalogue) -> None:
    online = online_service("4", name="Antrag")
    rules = [rule("6", "5", "1", [HESSE]), rule("6o", "4", "1", [HESSE], online=True)]
    await deliver(stored, FIRST, service("1"), authority("5"), online, *rules, specialisation("7", "1"))
    gone = (delete("Organisationseinheit", "5"), delete("Leistung", "1"))
    await deliver(stored, SECOND, deletes=gone)
    query = """query($id: EntryId!, $asOf: DateTime) { entry(id: $id, asOf: $asOf) { id
      ... on Responsibility { authority { name } } ... on OnlineServiceOffer { onlineService { name } startUrl }
      ... on ServiceSpecialisation { entry { title } modules { text } } } }"""

    async def entry(flat: str, moment: datetime | None) -> Json | None:
        variables = {"id": flat, "asOf": at(moment) if moment else None}
        found: Json | None = (await stored.ask(query, variables))["entry"]
        return found

    assert (await entry("L100042.ZS.6", FIRST) or {})["authority"] == {"name": "Bürgeramt"}
    assert await entry("L100042.ZS.6", SECOND) is None
    assert (await entry("L100042.ZS.6o", FIRST) or {})["onlineService"] == {"name": "Antrag"}
    assert (await entry("L100042.SP.7", FIRST) or {})["entry"] == {"title": "Personalausweis beantragen"}
    assert (await entry("L100042.SP.7", None) or {})["entry"] is None


async def test_who_described_a_service_and_who_acted_for_an_entry_of_today(stored: Catalogue) -> None:
    await deliver(stored, FIRST, service("1"), authority("5"), rule("6", "5", "1", [HESSE]))
    await deliver(stored, SECOND, service("2"), deletes=(delete("Organisationseinheit", "5"),))
    query = """query($asOf: DateTime) { service(leikaKey: "99008001012000") {
      entries(area: "06", asOf: $asOf) { entryId }
      now: entries { entryId responsibilities(area: "06", asOf: $asOf) { authority { name } }
        onlineServices(area: "06", asOf: $asOf) { startUrl } } } }"""
    found = (await stored.ask(query, {"asOf": at(FIRST)}))["service"]
    assert found["entries"] == [{"entryId": "L100042.LB.1"}]
    acted = {one["entryId"]: one["responsibilities"] for one in found["now"]}
    assert acted == {"L100042.LB.1": [{"authority": {"name": "Bürgeramt"}}], "L100042.LB.2": []}


async def test_an_entry_lists_its_versions_with_the_time_in_which_they_answered(stored: Catalogue) -> None:
    first = service("1", label="1.0", changed="2026-02-01T10:00:00Z")
    second = service("1", title="Neu", label="2.0", changed="2026-02-08T10:00:00Z")
    await deliver(stored, FIRST, first)
    await deliver(stored, SECOND, deletes=(delete("Leistung", "1"),))
    await deliver(stored, THIRD, second)
    query = """query { entry(id: "L100042.LB.1") { ... on ServiceEntry {
      versions { version changedAt receivedAt from until source { key } run } } } }"""
    versions = (await stored.ask(query))["entry"]["versions"]
    assert [one.pop("run") for one in versions] == [stored.reports[0]["run"], stored.reports[2]["run"]]
    assert versions == [
        {
            "version": "1.0",
            "changedAt": "2026-02-01T10:00:00+00:00",
            "receivedAt": "2026-02-02T09:00:00+00:00",
            "from": "2026-02-02T09:00:00+00:00",
            "until": "2026-02-09T09:00:00+00:00",
            "source": {"key": "hessen"},
        },
        {
            "version": "2.0",
            "changedAt": "2026-02-08T10:00:00+00:00",
            "receivedAt": "2026-02-16T09:00:00+00:00",
            "from": "2026-02-16T09:00:00+00:00",
            "until": None,
            "source": {"key": "hessen"},
        },
    ]


async def test_a_moment_to_come_is_refused_and_this_one_is_not(changed: Catalogue) -> None:
    code, sentence = await changed.error(DESCRIPTION, {"asOf": at(NOON + HOUR)})
    assert code == "BAD_AS_OF"
    assert "2026-03-02T11:00:00+00:00" in sentence
    await changed.ask(DESCRIPTION, {"asOf": at(NOON)})


@pytest.mark.parametrize("field", ["description", "responsibilities", "onlineServices", "entries"])
async def test_every_field_refuses_a_moment_to_come(catalogue: Catalogue, field: str) -> None:
    parts = "{ title }" if field == "description" else "{ entryId }"
    query = f"""{{ service(leikaKey: "99008001012000") {{
      {field}(area: "06", asOf: "2027-01-01T00:00:00Z") {parts} }} }}"""
    assert (await catalogue.error(query))[0] == "BAD_AS_OF"


async def test_a_moment_without_time_zone_is_refused_with_the_right_form(catalogue: Catalogue) -> None:
    code, sentence = await catalogue.error(DESCRIPTION, {"asOf": "2026-02-02T09:00:00"})
    assert code == "BAD_AS_OF"
    assert "2026-02-02T09:00:00+01:00" in sentence


@pytest.mark.parametrize("moment", ["1969-12-31T00:00:00Z", "0001-01-01T00:00:00+14:00"])
async def test_long_ago_nothing_held(changed: Catalogue, moment: str) -> None:
    answer = await changed.ask(DESCRIPTION, {"asOf": moment})
    assert answer["service"]["description"] is None


PAGE = """query($first: Int!, $asOf: DateTime) { services(query: "seite", first: $first) { edges { node {
  entries(asOf: $asOf) { title versions { version } modules { text } fees { amount }
    responsibilities(area: "06") { authority { name addresses { city } } } }
  description(area: "065320023023", asOf: $asOf) { title modules { text provenance { approvedBy } }
    fees { amount } alternatives { title fees { amount } } }
  responsibilities(area: "065320023023", asOf: $asOf) { explanation authority { name openingHours } }
  onlineServices(area: "065320023023", asOf: $asOf) { startUrl onlineService { links { url } } }
} } } }"""


async def test_the_past_of_twenty_services_takes_as_many_statements_as_that_of_one(stored: Catalogue) -> None:
    keys = [f"99{one:03}001001000" for one in range(20)]
    rows = [f"{key},Seite,2/3,10119,Personalausweis" for key in keys]
    table = "\n".join(["leika_key,name,typisierung,ozg_id,ozg_leistung", *rows])
    await stored.services(stored.written("more.csv", table))
    writes = []
    for one, key in enumerate(keys):
        writes += [
            service(f"{one}", key, title="Seite", fees=["1.00"]),
            service(f"{one}b", key, title="Seite", fees=["2.00"]),
            specialisation(f"s{one}", f"{one}"),
            specialisation(f"s{one}b", f"{one}b"),
            authority(f"a{one}"),
            online_service(f"o{one}"),
            rule(f"r{one}", f"a{one}", f"{one}"),
            rule(f"t{one}", f"o{one}", f"{one}b", online=True),
        ]
    await deliver(stored, FIRST, *writes)
    await deliver(stored, SECOND, deletes=tuple(delete("Leistung", f"{one}") for one in range(20)))
    await stored.ask('{ services(query: "seite", first: 1) { totalCount } }')  # the index is in memory now

    async def statements(first: int) -> int:
        stored.count_anew()
        edges = (await stored.ask(PAGE, {"first": first, "asOf": at(FIRST)}))["services"]["edges"]
        assert len(edges) == first
        for edge in edges:
            assert len(edge["node"]["entries"]) == 2
            assert len(edge["node"]["description"]["modules"]) == 2
            assert edge["node"]["responsibilities"][0]["authority"]["name"] == "Bürgeramt"
            assert edge["node"]["onlineServices"][0]["startUrl"]
        return len(stored.catalog.statements)

    assert await statements(1) == await statements(20)
    assert await statements(20) < 30
