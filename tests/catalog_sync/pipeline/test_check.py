import pytest

from catalog_sync.catalog.keys import AreaKey, EntryKind
from catalog_sync.catalog.model import (
    Authority,
    CatalogObject,
    LocalText,
    Responsibility,
    ServiceEntry,
    Specialisation,
)
from catalog_sync.pipeline.check import Checked, Rejection, Scope, check_agency, check_object

KEY = "99008001012000"


def areas(*keys: str) -> tuple[AreaKey, ...]:
    return tuple(AreaKey(key) for key in keys)


SCOPE = Scope(
    agencies=frozenset({"L1"}),
    areas=areas("06"),
    known_areas=frozenset(areas("06", "06532", "14")),
    leika_keys=frozenset({KEY}),
)
GERMANY = Scope(frozenset({"B1"}), areas(""), frozenset(areas("06", "14")), frozenset())


def service(*keys: str) -> ServiceEntry:
    return ServiceEntry("L1", "1", leika_keys=(KEY,), areas=areas(*keys))


def rule(*keys: str, owner: str = "L1", service_agency: str = "L1") -> Responsibility:
    return Responsibility("L1", "9", "OE", owner, "2", service_agency, "1", areas(*keys))


def rule_of(judged: Checked | Rejection) -> str | None:
    return judged.rule if isinstance(judged, Rejection) else None


@pytest.mark.parametrize(("agency", "expected"), [("L1", None), ("L2", "foreign-agency")])
def test_agency(agency: str, expected: str | None) -> None:
    judged = check_agency(SCOPE, EntryKind.SERVICE_ENTRY, agency, "1")
    assert (judged.rule if judged else None) == expected


@pytest.mark.parametrize(("owner", "expected"), [("L1", None), ("L2", "foreign-owner")])
def test_owner(owner: str, expected: str | None) -> None:
    assert rule_of(check_object(SCOPE, rule("06", owner=owner))) == expected


def test_a_rule_may_name_another_agencys_service() -> None:
    assert rule_of(check_object(SCOPE, rule("06", service_agency="B1"))) is None


@pytest.mark.parametrize(
    "obj",
    [
        service("14"),
        rule("14"),
        Specialisation("L1", "4", "L1", "1", areas=areas("06532", "14")),
        service(""),
    ],
)
def test_an_area_outside_the_sources_is_rejected(obj: CatalogObject) -> None:
    assert rule_of(check_object(SCOPE, obj)) == "foreign-area"


@pytest.mark.parametrize("obj", [service("06532"), rule("06"), service()])
def test_an_area_inside_the_sources_is_taken(obj: CatalogObject) -> None:
    judged = check_object(SCOPE, obj)
    assert isinstance(judged, Checked)
    assert judged.sentences == ()


@pytest.mark.parametrize("key", ["", "06", "14"])
def test_a_source_for_all_of_germany_may_write_everywhere(key: str) -> None:
    assert rule_of(check_object(GERMANY, service(key))) is None


def test_areas_of_which_none_is_known_are_rejected() -> None:
    judged = check_object(SCOPE, service("06999"))
    assert isinstance(judged, Rejection)
    assert (judged.rule, judged.reason) == ("unknown-area", "area 069990000000 does not exist")
    assert rule_of(check_object(SCOPE, rule("06999", "06998"))) == "unknown-area"


def test_of_several_areas_the_known_ones_are_kept_with_a_notice() -> None:
    judged = check_object(SCOPE, service("06532", "06999"))
    assert isinstance(judged, Checked)
    assert isinstance(judged.obj, ServiceEntry)
    assert (judged.obj.areas, judged.partial) == (areas("06532"), True)
    assert judged.sentences == ("Area 069990000000 does not exist; it was left out.",)


def test_a_key_outside_the_leika_catalogue_is_a_notice() -> None:
    judged = check_object(SCOPE, ServiceEntry("L1", "1", leika_keys=("99999999999999",), areas=areas("06")))
    assert isinstance(judged, Checked)
    assert judged.sentences == ("Service key 99999999999999 is not in the LeiKa catalogue.",)


def test_without_a_leika_catalogue_there_is_no_notice() -> None:
    judged = check_object(GERMANY, ServiceEntry("B1", "1", leika_keys=("99999999999999",), areas=areas("06")))
    assert isinstance(judged, Checked)
    assert judged.sentences == ()


def test_a_unit_is_taken_without_the_rules_that_are_not() -> None:
    foreign = Responsibility("L2", "8", "OE", "L1", "2", "L1", "1", areas("06"))
    unit = Authority("L1", "2", (LocalText("de", "Amt"),), responsibilities=(rule("06"), rule("14"), foreign))
    judged = check_object(SCOPE, unit)
    assert isinstance(judged, Checked)
    assert isinstance(judged.obj, Authority)
    assert judged.obj.responsibilities == (rule("06"),)
    assert [inner.rejection.rule for inner in judged.inner] == ["foreign-area", "foreign-agency"]
