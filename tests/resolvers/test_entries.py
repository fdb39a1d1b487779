"""One office's objects as delivered: descriptions, authorities, online services, specialisations, rules."""

import pytest

from tests.catalogues import WETZLAR, Catalogue, Json
from tests.makers import authority, code, delete, message, online_service, rule, service, specialisation


async def entry(catalogue: Catalogue, fields: str, id: str = "L100042.LB.1") -> Json | None:
    """Some fields of one object."""
    query = f"query($id: EntryId!) {{ entry(id: $id) {{ {fields} }} }}"
    found: Json | None = (await catalogue.ask(query, {"id": id}))["entry"]
    return found


async def test_the_title_is_module_03_else_02_in_each_language(stored: Catalogue) -> None:
    entries = [
        service("1", title={"de": "Ausweis beantragen"}, modules={"02": {"de": "Ausweis", "en": "Card"}}),
        service("2", title=None, modules={"02": "Ausweis Ausstellung"}),
        service("3", title=None, modules={"05": "kurz"}),
    ]
    await stored.deliver("hessen", message(writes=entries))
    fields = """... on ServiceEntry { de: title en: title(language: "en") fr: title(language: "fr")
        language: titleLanguage(language: "en") }"""
    first = {
        "de": "Ausweis beantragen",
        "en": "Card",
        "fr": "Ausweis beantragen",
        "language": "en",
    }
    second = dict.fromkeys(("de", "en", "fr"), "Ausweis Ausstellung") | {"language": "de"}
    assert await entry(stored, fields) == first
    assert await entry(stored, fields, "L100042.LB.2") == second
    assert await entry(stored, fields, "L100042.LB.3") == dict.fromkeys(first)


async def test_languages_are_those_with_text(catalogue: Catalogue) -> None:
    modules = {"05": {"en": "short", "hsb": "  ", "fr": "<p>&nbsp;</p>"}}
    await catalogue.deliver("hessen", message(writes=[service("1", modules=modules)]))
    assert await entry(catalogue, "... on ServiceEntry { languages }") == {"languages": ["de", "en"]}


async def test_modules_come_in_the_office_s_order_and_of_the_kinds_asked_for(catalogue: Catalogue) -> None:
    await catalogue.deliver(
        "hessen", message(writes=[service("1", modules={"08": "Foto", "05": "kurz", "97": "anders"})])
    )
    shown = await entry(catalogue, "... on ServiceEntry { modules { kind code text } }")
    assert shown is not None
    assert [(one["kind"], one["code"]) for one in shown["modules"]] == [
        ("TITLE", "03"),
        ("REQUIRED_DOCUMENTS", "08"),
        ("SHORT_TEXT", "05"),
        ("OTHER", "97"),
    ]
    some = await entry(catalogue, "... on ServiceEntry { modules(kinds: [OTHER, SHORT_TEXT]) { text } }")
    assert some == {"modules": [{"text": "kurz"}, {"text": "anders"}]}


async def test_an_entry_tells_its_data(stored: Catalogue) -> None:
    one = service(
        "1",
        ["99008001012000", "99050012104000"],
        typing=["2", "3a"],
        level="40",
        keywords=["Perso"],
        fees=["37.00"],
        areas=["06532", WETZLAR],
    )
    await stored.deliver("hessen", message(writes=[one]))
    fields = """id ... on ServiceEntry { entryId source { key name agencies areas { ars } } leikaKeys
        regulatoryTypes { code label english: label(language: "en") } requiredAssurance keywords
        fees { amount currency prepaid } validIn { ars name level } provenance { level } }"""
    assert await entry(stored, fields) == {
        "id": "U2VydmljZUVudHJ5OkwxMDAwNDIuTEIuMQ",
        "entryId": "L100042.LB.1",
        "source": {
            "key": "hessen",
            "name": "Landesredaktion Hessen",
            "agencies": ["L100042"],
            "areas": [{"ars": "060000000000"}],
        },
        "leikaKeys": ["99008001012000", "99050012104000"],
        "regulatoryTypes": [
            {
                "code": "2",
                "label": "Bund regelt, Land vollzieht",
                "english": "Federal rule, executed by the states",
            },
            {
                "code": "3a",
                "label": "Bund regelt, Kommune vollzieht",
                "english": "Federal rule, executed by the municipalities",
            },
        ],
        "requiredAssurance": "HIGH",
        "keywords": ["Perso"],
        "fees": [{"amount": "37.00", "currency": "EUR", "prepaid": None}],
        "validIn": [
            {"ars": "065320000000", "name": "Lahn-Dill-Kreis", "level": "DISTRICT"},
            {"ars": WETZLAR, "name": "Wetzlar", "level": "MUNICIPALITY"},
        ],
        "provenance": {"level": "DISTRICT"},
    }


async def test_an_authority_tells_names_addresses_and_channels(stored: Catalogue) -> None:
    extra = (
        f"<x:kommunikation>{code('kanal', '01')}<x:kennung>amt@wetzlar.example</x:kennung></x:kommunikation>"
        f"<x:kommunikation>{code('kanal', '77')}<x:kennung>Rohrpost</x:kennung></x:kommunikation>"
    )
    unit = authority("a", {"de": "Bürgeramt", "en": "Citizens’ Office"}, extra=extra)
    await stored.deliver("hessen", message(writes=[unit]))
    query = """query($id: ID!) { authority(id: $id) { id entryId name english: name(language: "en")
        addresses { kindCode kind street houseNumber postcode city } contacts { channelCode channel value } } }"""
    found = (await stored.ask(query, {"id": "L100042.OE.a"}))["authority"]
    assert found == {
        "id": found["id"],
        "entryId": "L100042.OE.a",
        "name": "Bürgeramt",
        "english": "Citizens’ Office",
        "addresses": [
            {
                "kindCode": "002",
                "kind": "VISITORS",
                "street": "Domplatz",
                "houseNumber": "1",
                "postcode": "35578",
                "city": "Wetzlar",
            }
        ],
        "contacts": [
            {"channelCode": "02", "channel": "TELEPHONE", "value": "+49 6441 99-0"},
            {"channelCode": "01", "channel": "EMAIL", "value": "amt@wetzlar.example"},
            {"channelCode": "77", "channel": None, "value": "Rohrpost"},
        ],
    }
    assert (await stored.ask(query, {"id": found["id"]}))["authority"] == found
    assert (await stored.ask(query, {"id": "L100042.OE.b"}))["authority"] is None


async def test_an_online_service_tells_name_links_and_level(stored: Catalogue) -> None:
    english = (
        f'<x:link languageCode="en">{code("typ", "01")}<x:link>https://online.example/en</x:link></x:link>'
    )
    online = online_service("o", {"de": "Antrag", "en": "Application"}, level="20", extra=english)
    await stored.deliver("hessen", message(writes=[online]))
    query = """query($id: ID!) { onlineService(id: $id) { id name english: name(language: "en") requiredAssurance
        links { url language } inEnglish: links(language: "en") { url typeCode } inFrench: links(language: "fr") { url }
        } }"""
    found = (await stored.ask(query, {"id": "L100042.OD.o"}))["onlineService"]
    assert found == {
        "id": found["id"],
        "name": "Antrag",
        "english": "Application",
        "requiredAssurance": "LOW",
        "links": [
            {"url": "https://online.example/antrag", "language": "de"},
            {"url": "https://online.example/en", "language": "en"},
        ],
        "inEnglish": [{"url": "https://online.example/en", "typeCode": "01"}],
        "inFrench": [{"url": "https://online.example/antrag"}],
    }
    assert (await stored.ask(query, {"id": found["id"]}))["onlineService"] == found


async def test_a_specialisation_names_its_entry_areas_and_changes(stored: Catalogue) -> None:
    change = specialisation("s", "1", [WETZLAR], modules={"16": "Kleingeld"})
    await stored.deliver("hessen", message(writes=[service("1"), change]))
    fields = """... on ServiceSpecialisation { entryId entry { entryId } areas { name } modules { code text }
        provenance { level entryId } }"""
    shown = {
        "entryId": "L100042.SP.s",
        "entry": {"entryId": "L100042.LB.1"},
        "areas": [{"name": "Wetzlar"}],
        "modules": [{"code": "16", "text": "Kleingeld"}],
        "provenance": {"level": "MUNICIPALITY", "entryId": "L100042.SP.s"},
    }
    assert await entry(stored, fields, "L100042.SP.s") == shown
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Leistung", "1")])
    await stored.deliver("hessen", gone)
    assert await entry(stored, fields, "L100042.SP.s") == shown | {"entry": None}


async def test_a_rule_is_found_by_its_identifier(stored: Catalogue) -> None:
    writes = [service("1"), authority("a"), online_service("o")]
    writes += [rule("r1", "a", "1", [WETZLAR], role="03"), rule("r2", "o", "1", ["06532"], online=True)]
    await stored.deliver("hessen", message(writes=writes))
    of_authority = "... on Responsibility { entryId role area { name } authority { entryId } }"
    assert await entry(stored, of_authority, "L100042.ZS.r1") == {
        "entryId": "L100042.ZS.r1",
        "role": "CONTACT_POINT",
        "area": {"name": "Wetzlar"},
        "authority": {"entryId": "L100042.OE.a"},
    }
    of_online = "... on OnlineServiceOffer { entryId area { name } onlineService { entryId } }"
    assert await entry(stored, of_online, "L100042.ZS.r2") == {
        "entryId": "L100042.ZS.r2",
        "area": {"name": "Lahn-Dill-Kreis"},
        "onlineService": {"entryId": "L100042.OD.o"},
    }
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Organisationseinheit", "a")])
    await stored.deliver("hessen", gone)
    assert await entry(stored, of_authority, "L100042.ZS.r1") is None


@pytest.mark.parametrize("kind", ["LB", "OE", "OD", "SP", "ZS"])
async def test_well_named_but_not_there_is_null_without_an_error(catalogue: Catalogue, kind: str) -> None:
    assert await entry(catalogue, "id", f"L100042.{kind}.no-such.thing_1") is None


async def test_an_identifier_is_of_one_kind_only(catalogue: Catalogue) -> None:
    await catalogue.deliver("hessen", message(writes=[service("1")]))
    assert await entry(catalogue, "id") is not None
    for kind in ("OE", "OD", "SP", "ZS"):
        assert await entry(catalogue, "id", f"L100042.{kind}.1") is None
    assert await entry(catalogue, "id", "L100017.LB.1") is None


async def test_a_deleted_entry_is_null_until_a_newer_message_brings_it_back(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[service("1")]))
    gone = message(created="2026-03-03T04:00:00+01:00", deletes=[delete("Leistung", "1")])
    await stored.deliver("hessen", gone)
    assert await entry(stored, "id") is None
    await stored.deliver("hessen", message(created="2026-03-04T04:00:00+01:00", writes=[service("1")]))
    assert await entry(stored, "id") is not None


async def test_several_periods_have_the_earliest_beginning_and_the_latest_end(catalogue: Catalogue) -> None:
    periods = (
        "<x:gueltigkeit><x:beginn>2026-01-01</x:beginn><x:ende>2026-06-30</x:ende></x:gueltigkeit>"
        "<x:gueltigkeit><x:beginn>2027-01-01</x:beginn>{}</x:gueltigkeit>"
    )
    closed, open_ = periods.format("<x:ende>2027-06-30</x:ende>"), periods.format("")
    await catalogue.deliver("hessen", message(writes=[service("1", extra=closed), service("2", extra=open_)]))
    fields = "... on ServiceEntry { validFrom validUntil }"
    assert await entry(catalogue, fields) == {"validFrom": "2026-01-01", "validUntil": "2027-06-30"}
    assert await entry(catalogue, fields, "L100042.LB.2") == {"validFrom": "2026-01-01", "validUntil": None}
