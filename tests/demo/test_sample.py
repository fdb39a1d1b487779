"""The bundled sample keeps what the demonstration promises: it reads without a notice and answers its stories."""

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from catalog_sync.areas.recognition import read_sources
from catalog_sync.catalog.keys import AreaKey, ancestors, cut, is_leika_key, parse_ars
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
)
from catalog_sync.xzufi.delivered import Converted, Writing
from catalog_sync.xzufi.reader import MessageReader
from hub.demo import sample

IDENTITY_CARD = "99008001012000"
TEMPORARY_CARD = "99008001012002"
RESIDENCE = "99115005104000"
BIRTH_CERTIFICATE = "99027002012000"
BUSINESS = "99050012104000"
CAR = "99036008007000"
HOUSING_BENEFIT = "99107023017000"
CHURCH = "99073001000000"
PARKING = "99108001001000"
FISHING = "99042001012000"
CONDUCT = "99049001001000"

WETZLAR, SOLMS = cut("065320023023"), cut("065320021021")
FRANKFURT, GIESSEN, BERLIN = cut("064120000000"), cut("065310005005"), cut("110000000000")
PIRNA, DOHMA, DRESDEN = cut("146285229270"), cut("146285229070"), cut("146120000000")


@cache
def delivered(message: Path) -> tuple[CatalogObject, ...]:
    """All objects of a message, a unit's own rules after it."""
    found: list[CatalogObject] = []
    with message.open("rb") as stream:
        for item in MessageReader(stream):
            assert isinstance(item, Writing), item
            converted = item.convert()
            assert isinstance(converted, Converted), converted
            assert (converted.notices, converted.rejected) == ((), ())
            found.append(converted.obj)
            if isinstance(converted.obj, Authority | OnlineService):
                found.extend(converted.obj.responsibilities)
    return tuple(found)


def everything() -> Iterator[CatalogObject]:
    for message in sample.MESSAGES:
        yield from delivered(message)


def entries(key: str | None = None) -> list[ServiceEntry]:
    found = [obj for obj in everything() if isinstance(obj, ServiceEntry)]
    return [entry for entry in found if key is None or key in entry.leika_keys]


def responsible(key: str, place: AreaKey, owner: str = "OE", role: str | None = "01") -> set[str]:
    """Who answers for a service in a place, by the value of its identifier: the longest area wins."""
    about = {(entry.agency, entry.value) for entry in entries(key)}
    rules = [
        rule
        for rule in everything()
        if isinstance(rule, Responsibility)
        and (rule.service_agency, rule.service_value) in about
        and (rule.owner_kind, rule.role) == (owner, role)
    ]
    for area in ancestors(place):
        if named := {rule.owner_value for rule in rules if area in rule.areas}:
            return named
    return set()


def online(key: str, place: AreaKey) -> set[str | None]:
    """The levels of the online services for a service in a place."""
    values = responsible(key, place, "OD", None)
    return {obj.assurance for obj in everything() if isinstance(obj, OnlineService) and obj.value in values}


def name_of(value: str) -> str:
    return next(o.names[0].text for o in everything() if isinstance(o, Authority) and o.value == value)


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def places() -> list[AreaKey]:
    return [cut(row["ars"]) for row in rows(sample.AREAS) if len(row["ars"]) == 12]


def test_the_messages_are_of_both_versions_and_marked_as_sample() -> None:
    heads = []
    for message in sample.MESSAGES:
        with message.open("rb") as stream:
            heads.append(MessageReader(stream).head.version)
        assert "<!-- Sample data of the demonstration." in message.read_text(encoding="utf-8")[:200]

    assert heads == ["2.2", "2.2", "2.3.1"]


def test_it_has_some_25_services_and_30_places() -> None:
    assert len(entries()) == 26 + 17 + 13
    assert len(rows(sample.LEIKA)) == 27
    assert len(places()) == 30


def test_identifiers_are_unique() -> None:
    ids = [(type(obj), obj.agency, obj.value) for obj in everything()]

    assert len(ids) == len(set(ids))


def test_every_source_writes_as_itself_and_in_its_own_area() -> None:
    expected = ("B100019", ""), ("L100042", "06"), ("L100017", "14")
    for message, (agency, state) in zip(sample.MESSAGES, expected, strict=True):
        for obj in delivered(message):
            assert obj.agency == agency
            if isinstance(obj, ServiceEntry | Responsibility | Specialisation):
                assert obj.areas
                assert all(area.startswith(state) for area in obj.areas), obj


def test_every_service_key_is_in_the_catalogue_with_its_bundle_and_situation() -> None:
    known = {row["leika_key"]: row for row in rows(sample.LEIKA)}
    bundles = {row["ozg_id"]: row["lage_id"] for row in rows(sample.BUNDLES)}
    situations = {row["id"] for row in rows(sample.SITUATIONS)}

    assert {key for entry in entries() for key in entry.leika_keys} == set(known)
    assert all(is_leika_key(key) for key in known)
    assert {row["ozg_id"] for row in known.values()} == set(bundles)
    assert set(bundles.values()) == situations


def test_a_description_is_called_as_the_catalogue_calls_its_service() -> None:
    known = {row["leika_key"]: row["name"] for row in rows(sample.LEIKA)}
    for entry in entries():
        (name,) = [module for module in entry.modules if module.code == "02"]
        assert name.contents[0].text == known[entry.leika_keys[0]]


def test_every_area_is_in_the_list_of_areas() -> None:
    known = {cut(row["ars"]) for row in rows(sample.AREAS)} | {AreaKey("")}
    named = {
        area
        for obj in everything()
        if isinstance(obj, ServiceEntry | Responsibility | Specialisation)
        for area in obj.areas
    }
    seats = {
        parse_ars(address.ars)
        for obj in everything()
        if isinstance(obj, Authority)
        for address in obj.addresses
        if address.ars
    }

    assert named <= known
    assert seats <= known
    for place in places():  # a lone municipality has no association, so that 9 digits may be missing
        assert {area for area in ancestors(place) if len(area) != 9} <= known


def test_the_lists_are_read_with_their_date() -> None:
    found = read_sources([sample.AREAS], postcodes=[sample.POSTCODES], today="2026-11-21")

    (areas,) = found.lists
    assert next(row.population for row in areas.rows if row.digits == "06") == 6391360
    assert (areas.as_of, areas.dated) == ("2026-04-30", True)
    assert not any(row.part for row in areas.rows)
    assert len(found.postcodes[0].rows) == len(rows(sample.POSTCODES))


def test_every_place_has_a_postcode_and_two_postcodes_have_two_places() -> None:
    by_postcode: dict[str, set[AreaKey]] = {}
    for row in rows(sample.POSTCODES):
        by_postcode.setdefault(row["plz"], set()).add(cut(row["ars"]))

    assert set().union(*by_postcode.values()) == set(places())
    ambiguous = {postcode: keys for postcode, keys in by_postcode.items() if len(keys) > 1}
    assert ambiguous == {"01796": {PIRNA, DOHMA}, "35094": {cut("065340014014"), cut("065340012012")}}


def test_every_rule_names_a_service_and_an_owner_that_exist() -> None:
    services = {(entry.agency, entry.value) for entry in entries()}
    owners = {(o.agency, o.value, "OE") for o in everything() if isinstance(o, Authority)}
    owners |= {(o.agency, o.value, "OD") for o in everything() if isinstance(o, OnlineService)}
    for obj in everything():
        if isinstance(obj, Responsibility):
            assert (obj.owner_agency, obj.owner_value, obj.owner_kind) in owners
        if isinstance(obj, Responsibility | Specialisation):
            assert (obj.service_agency, obj.service_value) in services


def test_every_entry_is_german_and_about_half_is_english_too() -> None:
    base = [obj for obj in delivered(sample.BUND) if isinstance(obj, ServiceEntry)]

    for entry in entries():
        spoken = {text.language for module in entry.modules for text in module.contents}
        assert spoken == set(entry.languages)
        assert "de" in spoken
    assert 11 <= sum("en" in entry.languages for entry in base) <= 15


def test_who_reads_english_finds_the_same_parts_in_the_state_as_in_the_base_text() -> None:
    base = {entry.leika_keys[0]: entry for entry in delivered(sample.BUND) if isinstance(entry, ServiceEntry)}
    for entry in entries():
        if entry.agency != "B100019" and "en" in base.get(entry.leika_keys[0], entry).languages:
            german = {module.code for module in entry.modules} - {"02", "07", "18"}
            assert german <= {m.code for m in entry.modules for text in m.contents if text.language == "en"}


def test_a_base_text_has_all_parts_that_a_reader_needs() -> None:
    for entry in delivered(sample.BUND):
        if isinstance(entry, ServiceEntry):
            assert {"02", "03", "05", "06", "07", "08", "11", "18", "22"} <= {m.code for m in entry.modules}
            assert entry.fees
            assert entry.keywords
            assert entry.approved_at
            assert next(module for module in entry.modules if module.code == "07").links


_WEB = re.compile(r"https?://([^/\s<>\"?]+)")
_MAIL = re.compile(r"[\w.+-]+@([\w.-]+)")
_FICTIONAL = re.compile(r"\+49 (69 90009-|30 23125-|221 4710-)\d{3}")


def _outside(hosts: Iterable[str]) -> set[str]:
    return {host for host in hosts if not host.endswith(".example")}


@pytest.mark.parametrize("message", sample.MESSAGES, ids=lambda message: message.stem)
def test_no_address_leads_anywhere_real(message: Path) -> None:
    text = message.read_text(encoding="utf-8")

    assert _outside(_WEB.findall(text)) == {"xoev.de", "www.w3.org"}  # the two namespaces
    assert _outside(_MAIL.findall(text)) == set()


def test_the_tables_name_no_address_at_all() -> None:
    for table in (sample.AREAS, sample.POSTCODES, sample.LEIKA, sample.BUNDLES, sample.SITUATIONS):
        assert "http" not in table.read_text(encoding="utf-8")


def test_telephone_numbers_are_of_the_ranges_kept_for_fiction() -> None:
    numbers = [
        contact.value
        for obj in everything()
        if isinstance(obj, Authority)
        for contact in obj.contacts
        if contact.channel_code in ("02", "04")
    ]

    assert len(numbers) == len(set(numbers))
    assert [number for number in numbers if not _FICTIONAL.fullmatch(number)] == []


def test_an_office_has_address_channels_and_hours() -> None:
    for obj in everything():
        if isinstance(obj, Authority):
            assert obj.addresses[0].postcode
            assert {"01", "02"} <= {contact.channel_code for contact in obj.contacts}
            assert obj.opening_hours


def test_the_identity_card_is_described_by_the_bund_and_both_states() -> None:
    assert [entry.agency for entry in entries(IDENTITY_CARD)] == ["B100019", "L100042", "L100017"]


@pytest.mark.parametrize("key", [IDENTITY_CARD, TEMPORARY_CARD, RESIDENCE, BUSINESS, BIRTH_CERTIFICATE, CAR])
def test_a_common_service_has_one_office_in_every_place_of_both_states(key: str) -> None:
    for place in places():
        expected = 1 if place[:2] in ("06", "14") else 0
        assert len(responsible(key, place)) == expected, (key, place)


def test_in_each_place_of_both_states_somebody_is_responsible_for_most_services() -> None:
    keys = {key for entry in entries() for key in entry.leika_keys}
    for place in places():
        if place[:2] in ("06", "14"):
            answered = {key for key in keys if responsible(key, place)}
            assert len(answered) >= 0.85 * len(keys), (place, keys - answered)


def test_the_association_answers_for_both_its_municipalities() -> None:
    assert responsible(IDENTITY_CARD, DOHMA) == responsible(IDENTITY_CARD, PIRNA)
    assert {name_of(v) for v in responsible(IDENTITY_CARD, DOHMA)} == {
        "Stadt Pirna – Bürgerbüro der Verwaltungsgemeinschaft"
    }


def test_levels_differ_state_region_district_municipality() -> None:
    assert {name_of(v) for v in responsible(FISHING, DRESDEN)} == {
        "Sächsisches Landesamt für Umwelt, Landwirtschaft und Geologie – Fischereibehörde"
    }
    assert {name_of(v) for v in responsible(BUSINESS, SOLMS, role="03")} == {
        "Regierungspräsidium Gießen – Einheitlicher Ansprechpartner"
    }
    assert {name_of(v) for v in responsible(CAR, SOLMS)} == {"Lahn-Dill-Kreis – Kreisverwaltung"}
    assert {name_of(v) for v in responsible(HOUSING_BENEFIT, SOLMS)} == {"Lahn-Dill-Kreis – Kreisverwaltung"}
    assert {name_of(v) for v in responsible(HOUSING_BENEFIT, WETZLAR)} == {"Stadt Wetzlar – Stadtbüro"}


def test_the_federal_office_answers_everywhere() -> None:
    assert {name_of(v) for v in responsible(CONDUCT, BERLIN)} == {"Bundesamt für Justiz"}
    assert online(CONDUCT, BERLIN) == {"40"}
    assert {name_of(v) for v in responsible(CONDUCT, WETZLAR, role="03")} == {"Stadt Wetzlar – Stadtbüro"}


def test_there_is_an_online_service_at_each_level() -> None:
    assert online(BUSINESS, FRANKFURT) == {"20"}
    assert online(HOUSING_BENEFIT, SOLMS) == online(HOUSING_BENEFIT, DOHMA) == {"30"}
    assert online(CAR, FRANKFURT) == online(CAR, DRESDEN) == {"40"}


def test_not_everything_is_online_everywhere() -> None:
    assert online(CAR, GIESSEN) == set()
    assert all(online(CHURCH, place) == set() for place in places())


def test_business_registration_is_for_businesses() -> None:
    assert {entry.audiences for entry in entries(BUSINESS)} == {("002",)}


def test_one_service_is_free_of_charge() -> None:
    assert [fee.kind for fee in entries(RESIDENCE)[0].fees] == ["FREE"]


def test_fees_and_deadlines_come_in_all_forms() -> None:
    fees = {fee.kind for entry in entries() for fee in entry.fees}
    deadlines = {deadline.kind for entry in entries() for deadline in entry.deadlines}

    assert (fees, deadlines) == ({"FIXED", "FREE", "VARIABLE"}, {"DURATION", "DATE"})


def test_one_service_has_the_base_text_only_and_still_an_office() -> None:
    assert [entry.agency for entry in entries(TEMPORARY_CARD)] == ["B100019"]
    assert {name_of(v) for v in responsible(TEMPORARY_CARD, WETZLAR)} == {"Stadt Wetzlar – Stadtbüro"}


def test_single_cities_have_texts_of_their_own() -> None:
    assert [entry.areas for entry in entries(BUSINESS)] == [("",), ("06",), ("06412",), ("14",)]
    assert {obj.areas for obj in everything() if isinstance(obj, Specialisation)} == {
        ("06414",),
        ("065340014014",),
    }


def test_one_title_is_in_upper_sorbian() -> None:
    titles = [
        text.text
        for entry in entries(IDENTITY_CARD)
        for module in entry.modules
        for text in module.contents
        if module.code == "03" and text.language == "hsb"
    ]

    assert titles == ["Wo personalny wupokaz požadać"]


_PARAMETERS = {"leikaKey", "leistungsschluessel", "leistungID", "ars", "regionalschluessel", "ags"}


def test_links_name_only_parameters_that_are_filled_in() -> None:
    links = [link.url for obj in everything() if isinstance(obj, OnlineService) for link in obj.links]
    named = {name for url in links for name in re.findall(r"\{([^}]*)\}", url)}

    assert named == _PARAMETERS
    assert any("{" not in url for url in links)


def test_parking_is_changed_for_wiesbaden_only() -> None:
    (parking,) = [
        obj for obj in everything() if isinstance(obj, Specialisation) and obj.areas == (cut("064140000000"),)
    ]

    assert parking.service_value in {entry.value for entry in entries(PARKING)}
    assert {module.code for module in parking.modules} == {"09", "16"}
