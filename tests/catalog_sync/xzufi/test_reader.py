"""A message as a whole: its head, its order, its versions, and what each object is called."""

from io import BytesIO

import pytest

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.xzufi import dates
from catalog_sync.xzufi.delivered import Deletion, Notice, Writing
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile
from tests.catalog_sync.xzufi.reading import read, read_one, the_rule, the_service
from tests.makers import (
    Name,
    authority,
    carried_rule,
    delete,
    message,
    online_service,
    rule,
    service,
    specialisation,
)

VERSIONS = pytest.mark.parametrize("version", ["2.1", "2.2", "2.3.1"])


@VERSIONS
def test_every_kind_of_object_is_read_in_every_version(version: str) -> None:
    writes = [
        service("1"),
        authority("2"),
        online_service("3"),
        specialisation("4", "1"),
        rule("5", "2", "1"),
    ]
    outcome = read(message(version, writes=writes, deletes=[delete("Leistung", "9")]))
    assert [writing.kind.value for writing in outcome.writings] == ["LB", "OE", "OD", "SP", "ZS"]
    assert [writing.value for writing in outcome.writings] == ["1", "2", "3", "4", "5"]
    assert len(outcome.objects) == 5
    assert not outcome.rejected
    assert not outcome.notices
    assert outcome.head.version == version


def test_positions_count_writes_and_deletes_and_lines_point_into_the_file() -> None:
    data = message(writes=[service("1"), "", authority("2", name=None)], deletes=[delete("Leistung", "9")])
    found = list(MessageReader(BytesIO(data)))
    assert [type(one) for one in found] == [Writing, Notice, Writing, Deletion]
    assert [one.position for one in found if not isinstance(one, Notice)] == [1, 3, 4]
    assert [one.line for one in found] == [4, 5, 6, 7]


def test_the_head_is_there_before_the_first_object() -> None:
    reader = MessageReader(BytesIO(message(created="2026-03-02T04:15:00+01:00")))
    assert reader.head.uuid == "87751d4c-a850-4e2c-84dc-da6a797d76de"
    assert reader.head.created_at == dates.moment("2026-03-02T03:15:00Z")
    assert reader.head.sender == "Redaktion"
    assert list(reader) == []


def test_a_head_without_readable_time_is_a_notice() -> None:
    outcome = read(message(created="gestern", writes=[service("1")]))
    assert outcome.head.created_at is None
    assert outcome.sentences == ["erstelltDatumZeit “gestern” of the message is not a date; it is left out."]
    assert len(outcome.objects) == 1
    assert read(message(created=None)).head.created_at is None


def test_the_name_of_the_root_is_free() -> None:
    assert len(read(message(root="uebermittlung", writes=[service("1")])).objects) == 1


@pytest.mark.parametrize(
    ("namespace", "attribute", "version"),
    [
        ("2_1_0", "2.1.0", "2.1"),
        ("2_2_0", "2.2.0", "2.2"),
        ("2_3_1", "2.3.1", "2.3.1"),
        ("2_3_0", "2.3.0", "2.3"),
        ("2_2_0", None, "2.2"),
        ("2_3_1", None, "2.3.1"),
        ("2_4_0", "2.4.0", None),
        ("3_0_0", "2.2.0", None),
        ("2_2_0", "3.0", None),
        ("2_2_0/x", "2.2.0", None),
    ],
)
def test_versions_that_are_known_are_read_and_others_refused(
    namespace: str, attribute: str | None, version: str | None
) -> None:
    said = f' xzufiVersion="{attribute}"' if attribute else ""
    data = f'<r xmlns="http://xoev.de/schemata/xzufi/{namespace}"{said}/>'.encode()
    if version:
        assert read(data).head.version == version
    else:
        with pytest.raises(RefusedFile) as refused:
            read(data)
        assert refused.value.rule == "unknown-version"


def test_another_vocabulary_is_refused() -> None:
    with pytest.raises(RefusedFile, match="no XZuFi message"):
        read(b"<html><body><p>Wartung</p></body></html>")


def test_what_is_neither_write_nor_delete_is_noted_once_each_and_costs_nothing_else() -> None:
    data = message(writes=[service("1"), service("2")], deletes=[delete("Leistung", "9")])
    strange = data.replace(b"<x:loesche", b"<x:schreib>lost</x:schreib><x:schreib/><x:loesche", 1)
    strange = strange.replace(b"</x:loesche>", b"</x:loesche><x:huelle><x:schreibe/></x:huelle>")
    outcome = read(strange)
    assert outcome.sentences == [
        "“schreib” is neither schreibe nor loesche; it is left out.",
        "“huelle” is neither schreibe nor loesche; it is left out.",
    ]
    assert (len(outcome.objects), len(outcome.deletions)) == (2, 1)
    assert read(data).sentences == []


def test_a_message_of_strange_elements_only_says_so() -> None:
    outcome = read(message(writes=[]).replace(b"</x:nachrichtenkopf>", b"</x:nachrichtenkopf><x:formular/>"))
    assert outcome.sentences == ["“formular” is neither schreibe nor loesche; it is left out."]
    assert outcome.head.sender == "Redaktion"


def test_an_empty_write_is_noted_and_does_not_cost_its_neighbours() -> None:
    outcome = read(message(writes=["", service("1")]))
    assert outcome.sentences == ["schreibe 1 is empty."]
    assert [writing.position for writing in outcome.writings] == [2]


def test_an_unknown_kind_of_object_is_rejected() -> None:
    outcome = read(message(writes=["<x:formular><x:id>1</x:id></x:formular>", service("1")]))
    assert outcome.rules == ["unknown-kind"]
    assert outcome.rejected[0].reason == "“formular” is no kind of object"
    assert outcome.rejected[0].kind is None
    assert len(outcome.objects) == 1


def test_several_objects_in_one_write_are_all_read() -> None:
    both = service("1")("2.2") + service("2")("2.2")
    assert [writing.value for writing in read_one(both).writings] == ["1", "2"]


@pytest.mark.parametrize(
    ("id", "rule_word"),
    [
        ('<x:id schemeAgencyID="L100042">7</x:id>', None),
        ('<x:id schemeAgencyID=" L100042 "> 7 </x:id>', None),
        ("", "missing-id"),
        ('<x:id schemeAgencyID="L100042"/>', "missing-id"),
        ("<x:id>7</x:id>", "missing-agency"),
        ('<x:id schemeAgencyID="L1 00">7</x:id>', "bad-agency"),
        ('<x:id schemeAgencyID="L100042">7 8</x:id>', "bad-id"),
        (f'<x:id schemeAgencyID="L100042">{"7" * 201}</x:id>', "bad-id"),
    ],
)
def test_an_object_needs_an_id_and_an_agency(id: str, rule_word: str | None) -> None:
    for kind, word in (("leistung", "service"), ("onlinedienst", "online service")):
        key = "<x:referenzLeiKa><code>99008001012000</code></x:referenzLeiKa>" if kind == "leistung" else ""
        outcome = read_one(f"<x:{kind}>{id}{key}</x:{kind}>")
        assert outcome.rules == ([rule_word] if rule_word else [])
        assert len(outcome.objects) == (0 if rule_word else 1)
        if rule_word:
            assert outcome.rejected[0].reason.startswith(word)
            assert outcome.rejected[0].remedy
        else:
            assert (outcome.writings[0].agency, outcome.writings[0].value) == ("L100042", "7")


def test_what_is_known_of_a_nameless_object_is_told() -> None:
    rejected = read_one("<x:leistung><x:id>99</x:id></x:leistung>").rejected[0]
    assert (rejected.kind, rejected.agency, rejected.value) == (EntryKind.SERVICE_ENTRY, None, "99")


@pytest.mark.parametrize(
    ("klasse", "kind"),
    [
        ("Leistung", "LB"),
        ("Organisationseinheit", "OE"),
        ("Onlinedienst", "OD"),
        ("LeistungSpezialisierung", "SP"),
        ("Spezialisierung", "SP"),
        ("Zustaendigkeit", "ZS"),
    ],
)
def test_deletes_of_the_five_classes(klasse: str, kind: str) -> None:
    (deletion,) = read(message(deletes=[delete(klasse, Name("S100002", "9"))])).deletions
    assert (deletion.kind.value, deletion.agency, deletion.value) == (kind, "S100002", "9")


def test_a_delete_without_id_or_of_an_unknown_class_is_rejected() -> None:
    nameless = '<x:loesche klasse="Leistung"/>'
    classless = '<x:loesche><x:id schemeAgencyID="L100042">1</x:id></x:loesche>'
    outcome = read(message(deletes=[nameless, delete("Formular", "1"), classless, delete("Leistung", "2")]))
    assert outcome.rules == ["missing-id", "unknown-class", "unknown-class"]
    assert outcome.rejected[0].reason == "delete without id"
    assert outcome.rejected[1].value == "1"
    assert [one.value for one in outcome.deletions] == ["2"]


def test_the_hash_tells_whether_an_object_came_as_before() -> None:
    first = read(message(writes=[service("1"), service("2")])).writings
    again = read(
        message(
            created="2026-05-01T00:00:00Z", writes=[service("9"), service("1"), service("2", title="Neu")]
        )
    )
    assert again.writings[1].delivered_hash == first[0].delivered_hash
    assert again.writings[2].delivered_hash != first[1].delivered_hash
    assert len(first[0].delivered_hash) == 16


def test_nothing_is_converted_before_it_is_asked_for() -> None:
    data = message(writes=[service("1", "12"), service("2")])
    assert [type(one) for one in MessageReader(BytesIO(data))] == [Writing, Writing]
    first = next(one for one in MessageReader(BytesIO(data)) if isinstance(one, Writing))
    assert first.value == "1"
    assert read(data).rules == ["bad-leika-key"]


def test_comments_instructions_and_cdata_do_not_disturb() -> None:
    text = '<x:inhalt languageCode="de">Per<!-- x -->so<?y z?><![CDATA[nalaus]]>weis</x:inhalt>'
    module = f"<!-- a --><x:modulText><x:leikaTextmodul><code>0<!-- b -->6</code></x:leikaTextmodul>{text}</x:modulText>"
    entry = the_service(read_one(service("1", title=None, extra=module)))
    assert entry.modules[0].code == "06"
    assert entry.modules[0].contents[0].text == "Personalausweis"


def test_words_of_another_level_are_not_taken_for_objects() -> None:
    inside = service(
        "1", extra=f"<x:schreibe>{service('2')('2.2')}</x:schreibe><x:loesche klasse='Leistung'/>"
    )
    outcome = read(message(writes=[inside, service("3")]))
    assert [writing.value for writing in outcome.writings] == ["1", "3"]
    assert not outcome.deletions


@VERSIONS
def test_rules_inside_units_have_ids_of_their_own(version: str) -> None:
    rules = [carried_rule("11", "1", ["06532", "065320000000", "064"]), carried_rule("12", "1", role="03")]
    outcome = read_one(authority("2", rules=rules), version)
    unit = outcome.objects[0]
    assert not outcome.rejected
    assert [one.value for one in unit.responsibilities] == ["11", "12"]  # type: ignore[union-attr]
    first = unit.responsibilities[0]  # type: ignore[union-attr]
    assert (first.owner_kind, first.owner_value, first.areas, first.role) == (
        "OE",
        "2",
        ("06532", "064"),
        "01",
    )


def _nameless_rule(version: str) -> str:
    return '<x:zustaendigkeit><x:leistungID schemeAgencyID="L1">1</x:leistungID></x:zustaendigkeit>'


def test_a_bad_rule_does_not_cost_its_unit_or_its_neighbours() -> None:
    rules = [
        carried_rule("11", "1", []),
        _nameless_rule,
        carried_rule("12", "1", ["1234"]),
        carried_rule("13", "1"),
    ]
    outcome = read_one(online_service("3", rules=rules))
    assert outcome.rules == ["missing-area", "missing-id", "no-known-area"]
    assert [one.value for one in outcome.rejected] == ["11", None, "12"]
    assert {one.position for one in outcome.rejected} == {1}
    kept = outcome.objects[0].responsibilities  # type: ignore[union-attr]
    assert [(one.value, one.owner_kind, one.role) for one in kept] == [("13", "OD", None)]


@pytest.mark.parametrize(
    ("scheme", "role", "owner"),
    [
        ("ZustaendigkeitOrganisationseinheit", "01", "OE"),
        ("ZustaendigkeitOnlinedienst", None, "OD"),
        (None, "03", "OE"),
        (None, None, "OE"),
    ],
)
def test_who_owns_a_rule_is_said_by_the_scheme_of_its_id(
    scheme: str | None, role: str | None, owner: str
) -> None:
    made = rule("5", "2", "1", role=role)("2.2")
    made = made.replace(
        ' schemeID="ZustaendigkeitOrganisationseinheit"', f' schemeID="{scheme}"' if scheme else ""
    )
    read_rule = the_rule(read_one(made))
    assert (read_rule.owner_kind, read_rule.role) == (owner, role)


def test_an_unknown_role_is_left_out_with_a_notice() -> None:
    outcome = read_one(rule("5", "2", "1", role="07"))
    assert the_rule(outcome).role is None
    assert outcome.sentences == ["“07” is no role of a responsibility (01 or 03); it is left out."]


@pytest.mark.parametrize(
    ("broken", "rule_word"),
    [
        ("uebergeordnetesObjektID", "missing-owner"),
        ("leistungID", "missing-service"),
        ("gebietID", "missing-area"),
        ("id", "missing-id"),
    ],
)
def test_a_rule_needs_owner_service_and_area(broken: str, rule_word: str) -> None:
    made = rule("5", "2", "1")("2.2")
    without = made.replace(f"<x:{broken}", "<x:weg").replace(f"</x:{broken}>", "</x:weg>")
    outcome = read(message(writes=[without, rule("6", "2", "1")]))
    assert outcome.rules == [rule_word]
    assert outcome.rejected[0].kind is EntryKind.RESPONSIBILITY
    assert the_rule(outcome).value == "6"


def test_a_rule_may_name_another_agencys_service() -> None:
    read_rule = the_rule(read_one(rule("5", "2", Name("B100019", "577"), ["060000000000"])))
    assert (read_rule.service_agency, read_rule.service_value) == ("B100019", "577")
    assert (read_rule.owner_agency, read_rule.areas) == ("L100042", ("06",))


def test_a_rule_whose_service_has_no_agency_is_rejected() -> None:
    made = rule("5", "2", "1")("2.2").replace('<x:leistungID schemeAgencyID="L100042">', "<x:leistungID>")
    assert read_one(made).rules == ["missing-service"]
