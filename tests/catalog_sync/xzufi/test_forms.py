"""The forms in which senders write fees, deadlines, texts and the rest; what cannot be read is noticed."""

import pytest

from catalog_sync.catalog.model import (
    Address,
    Contact,
    Deadline,
    Duration,
    Fee,
    Keyword,
    Link,
    LocalText,
    Validity,
)
from catalog_sync.catalog.particulars import (
    Category,
    Coded,
    Document,
    ForeignId,
    LanguageName,
    Structure,
)
from catalog_sync.xzufi import dates
from tests.catalog_sync.xzufi.reading import (
    Outcome,
    read_one,
    the_authority,
    the_online_service,
    the_service,
    the_specialisation,
)
from tests.makers import authority, code, fee, online_service, service, specialisation

XSI = "xsi:type"


def _with(extra: str, version: str = "2.2") -> Outcome:
    return read_one(service("1", extra=extra), version)


def _costs(kosten: str) -> Outcome:
    return _with(f"<x:modulKosten>{kosten}</x:modulKosten>")


def _fees(kosten: str) -> list[Fee]:
    return list(the_service(_costs(kosten)).fees)


FIXED = Fee(kind="FIXED", amount="37.00", currency="EUR")
VARIABLE = Fee(kind="VARIABLE", minimum="10.20", maximum="80.00", currency="EUR")
BOUNDS = '<x:betragUntergrenze currencyCode="EUR">10.20</x:betragUntergrenze><x:betragObergrenze>80.00</x:betragObergrenze>'


@pytest.mark.parametrize(
    ("kosten", "expected"),
    [
        ('<x:kosten><x:kostenauswahl xsi:type="x:KostenFix"><x:betrag currencyCode="EUR">37.00</x:betrag></x:kostenauswahl></x:kosten>', FIXED),
        ('<x:kosten><x:kostenFix><x:betrag currencyID="EUR">37.00</x:betrag></x:kostenFix></x:kosten>', FIXED),
        ('<x:kosten xsi:type="x:KostenFix"><x:betrag currencyCode="EUR">37.00</x:betrag></x:kosten>', FIXED),
        ('<x:kosten><x:kostenauswahl><x:kostenFix><x:betrag currencyID="eur">37</x:betrag></x:kostenFix></x:kostenauswahl></x:kosten>', FIXED),
        ('<x:kosten><x:betrag currencyCode="EUR">37,00</x:betrag></x:kosten>', FIXED),
        ('<x:kosten><x:kostenauswahl xsi:type="x:KostenFrei"/></x:kosten>', Fee(kind="FREE")),
        ("<x:kosten><x:kostenFrei/></x:kosten>", Fee(kind="FREE")),
        ('<x:kosten xsi:type="KostenFrei"/>', Fee(kind="FREE")),
        (f'<x:kosten><x:kostenauswahl xsi:type="x:KostenVariabel">{BOUNDS}</x:kostenauswahl></x:kosten>', VARIABLE),
        (f"<x:kosten><x:kostenVariabel>{BOUNDS}</x:kostenVariabel></x:kosten>", VARIABLE),
        (f'<x:kosten xsi:type="x:KostenVariabel">{BOUNDS}</x:kosten>', VARIABLE),
        ("<x:kosten><x:kostenVariabel/></x:kosten>", Fee(kind="VARIABLE")),
    ],
)  # fmt: skip
def test_fees_in_every_form(kosten: str, expected: Fee) -> None:
    outcome = _costs(kosten)
    assert the_service(outcome).fees == (expected,)
    assert not outcome.notices


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("22.8", "22.80"),
        ("22,80", "22.80"),
        ("5", "5.00"),
        ("0.125", "0.125"),
        ("0037.00", "37.00"),
        ("1.234,5", "1234.50"),
        ("0", "0.00"),
    ],
)
def test_amounts_have_two_decimals_at_least(amount: str, expected: str) -> None:
    assert _fees(fee(amount))[0].amount == expected


@pytest.mark.parametrize("amount", ["-5.00", "fünf", "1e9", "9" * 13, "37.00 EUR", "", "1,234.50", "٣٧"])
def test_a_fee_that_cannot_be_read_is_left_out_and_the_others_kept(amount: str) -> None:
    outcome = _costs(fee(amount) + fee("1.00"))
    assert [one.amount for one in the_service(outcome).fees] == ["1.00"]
    assert len(outcome.notices) == 1
    assert "left out" in outcome.sentences[0]


def test_a_fee_whose_bounds_are_turned_round_is_left_out() -> None:
    assert _costs(fee(("9.00", "10.00"))).notices == []
    assert _costs(fee(("10.00", "9.00"))).sentences == ["A fee from 10.00 to 9.00; it is left out."]


def test_what_stands_beside_a_fee() -> None:
    inside = (
        f'<x:kosten>{code("typ", "001")}<x:kostenauswahl xsi:type="x:KostenFix"><x:betrag currencyCode="??">1</x:betrag>'
        '</x:kostenauswahl><x:beschreibung languageCode="de">&lt;p&gt;für &amp;amp; mit Kind&lt;/p&gt;</x:beschreibung>'
        "<x:vorkasse>true</x:vorkasse><x:linkKostenbildung>https://kosten.example/</x:linkKostenbildung></x:kosten>"
        "<x:beschreibung>&lt;p&gt;Nach Landesrecht.&lt;/p&gt;</x:beschreibung>"
    )
    outcome = _costs(inside)
    (read_fee,) = the_service(outcome).fees
    assert (read_fee.type_code, read_fee.prepaid, read_fee.link) == ("001", True, "https://kosten.example/")
    assert read_fee.descriptions == (LocalText("de", "für & mit Kind"),)
    assert the_service(outcome).fee_notes == (LocalText("de", "<p>Nach Landesrecht.</p>"),)
    assert outcome.sentences == ["“??” is no currency; it is left out."]


SPAN = Duration(2, "WOCHE")
DEADLINES = [
    ('<x:fristauswahl xsi:type="x:FristDauer"><x:dauer>2</x:dauer><x:einheit>WOCHE</x:einheit></x:fristauswahl>', SPAN),
    ("<x:fristauswahl><x:fristDauer><x:dauer>2</x:dauer><x:einheit><code>WOCHE</code></x:einheit></x:fristDauer></x:fristauswahl>", SPAN),
    ("<x:fristDauer><x:dauer>2</x:dauer><x:einheit><x:code>WOCHE</x:code><x:name>Wochen</x:name></x:einheit></x:fristDauer>", SPAN),
    ("<x:dauer>2</x:dauer><x:einheit>TAG</x:einheit><x:dauerBis>3</x:dauerBis><x:einheitBis>MONAT</x:einheitBis>", Duration(2, "TAG", 3, "MONAT")),
    ("<x:dauer>2</x:dauer><x:einheit>TAG</x:einheit><x:dauerBis>3</x:dauerBis>", Duration(2, "TAG", 3)),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "duration"), DEADLINES)
def test_spans_in_every_form(inside: str, duration: Duration) -> None:
    extra = (
        f"<x:modulFrist><x:frist>{inside}</x:frist></x:modulFrist>"
        f"<x:modulBearbeitungsdauer><x:bearbeitungsdauer>{inside}</x:bearbeitungsdauer></x:modulBearbeitungsdauer>"
    )
    outcome = _with(extra)
    assert the_service(outcome).deadlines == (Deadline("DURATION", duration),)
    assert the_service(outcome).processing_times == (duration,)
    assert not outcome.notices


@pytest.mark.parametrize(
    ("inside", "begins", "ends"),
    [
        ('<x:fristauswahl xsi:type="x:FristStichtag"><x:von>--04-01</x:von><x:bis>--03-31</x:bis></x:fristauswahl>', "--04-01", "--03-31"),
        ("<x:fristStichtag><x:von>2026-04-01T00:00:00+02:00</x:von></x:fristStichtag>", "2026-04-01", None),
        ("<x:fristStichtag><x:bis>--02-29</x:bis></x:fristStichtag>", None, "--02-29"),
    ],
)  # fmt: skip
def test_days_of_deadlines(inside: str, begins: str | None, ends: str | None) -> None:
    outcome = _with(f"<x:modulFrist><x:frist>{inside}</x:frist></x:modulFrist>")
    assert the_service(outcome).deadlines == (Deadline("DATE", begins=begins, ends=ends),)
    assert not outcome.notices


@pytest.mark.parametrize(
    "inside",
    [
        "<x:dauer>bald</x:dauer><x:einheit>TAG</x:einheit>",
        "<x:dauer>-1</x:dauer><x:einheit>TAG</x:einheit>",
        "<x:dauer>99999999</x:dauer><x:einheit>TAG</x:einheit>",
        "<x:dauer>1</x:dauer>",
        "<x:dauer>1</x:dauer><x:einheit>TAG</x:einheit><x:dauerBis>?</x:dauerBis>",
        "<x:von>--13-01</x:von>",
        "<x:von>--02-30</x:von>",
        "<x:typ><code>001</code></x:typ>",
    ],
)
def test_a_deadline_that_cannot_be_read_is_left_out(inside: str) -> None:
    good = "<x:frist><x:dauer>1</x:dauer><x:einheit>TAG</x:einheit></x:frist>"
    outcome = _with(f"<x:modulFrist><x:frist>{inside}</x:frist>{good}</x:modulFrist>")
    assert the_service(outcome).deadlines == (Deadline("DURATION", Duration(1, "TAG")),)
    assert len(outcome.notices) == 1


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("99008001012000", None),
        ("99 008 001 012 000", None),
        ("9900800101200", "LeiKa key has 13 digits"),
        ("10008001012000", "does not begin with 99"),
        ("99008001O12000", "other characters"),
    ],
)
def test_the_service_key(key: str, reason: str | None) -> None:
    for element in ("referenzLeiKa", "referenzLeistungsschluessel"):
        for version in ("2.1", "2.2"):
            outcome = read_one(service("1", (), extra=code(element, key, version)))
            assert outcome.rules == ([] if reason is None else ["bad-leika-key"])
            if reason is None:
                assert the_service(outcome).leika_keys == ("99008001012000",)
            else:
                assert reason in outcome.rejected[0].reason
    identifier = f'<x:referenzLeistungsschluessel schemeID="LeiKa">{key}</x:referenzLeistungsschluessel>'
    assert len(read_one(service("1", (), extra=identifier)).rejected) == (0 if reason is None else 1)


def test_a_service_without_key_is_rejected() -> None:
    outcome = read_one(service("1", ()))
    assert outcome.rules == ["missing-leika-key"]
    assert outcome.rejected[0].reason == "service without LeiKa key"


def test_several_keys_are_kept_in_order_once() -> None:
    keys = ["99050012104000", "99008001012000", "99050012104000"]
    assert the_service(read_one(service("1", keys))).leika_keys == ("99050012104000", "99008001012000")


def test_areas_are_cut_at_their_level_and_malformed_ones_left_out() -> None:
    outcome = read_one(service("1", areas=["060000000000", "06", "0653", "0", "100000000000", "Hessen"]))
    assert the_service(outcome).areas == ("06", "", "10")
    assert len(outcome.notices) == 2
    assert the_service(read_one(service("1", areas=[]))).areas == ()


def test_areas_none_of_which_is_one_reject_the_object() -> None:
    for made in (service("1", areas=["0653", "x"]), specialisation("1", "2", ["06532023"])):
        outcome = read_one(made)
        assert outcome.rules == ["no-known-area"]
        assert "regional key" in outcome.rejected[0].reason or "AGS" in outcome.rejected[0].reason


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ("2026-03-02T04:15:00+01:00", "2026-03-02T03:15:00Z"),
        ("2026-03-02T04:15:00", "2026-03-02T03:15:00Z"),
        ("2026-07-02T04:15:00.5", "2026-07-02T02:15:00.500000Z"),
        ("2026-07-02", "2026-07-01T22:00:00Z"),
        ("2026-07-02Z", "2026-07-02T00:00:00Z"),
        ("2026-07-01T24:00:00Z", "2026-07-02T00:00:00Z"),
    ],
)
@pytest.mark.parametrize("version", ["2.2", "2.3.1"])
def test_times_of_versions(changed: str, same: str, version: str) -> None:
    read_version = the_service(read_one(service("1", changed=changed, label="7"), version)).version
    assert (read_version.changed_at, read_version.label) == (dates.moment(same), "7")


@pytest.mark.parametrize("changed", ["gestern", "2025-13-45T25:00:00", "2025-02-29", "20250101", "01.02.2025", "2025-01-01T00:00:00+99:00", "٢٠٢٥-01-01"])  # fmt: skip
def test_a_version_date_that_is_none_rejects_the_object(changed: str) -> None:
    for made in (
        service("1", changed=changed),
        authority("1", changed=changed),
        online_service("1", changed=changed),
    ):
        outcome = read_one(made)
        assert outcome.rules == ["bad-version-date"]
        assert outcome.rejected[0].reason == f"geaendertDatumZeit “{changed}” is not a date"


def test_an_object_without_version_has_none() -> None:
    assert the_service(read_one(service("1", changed=None))).version.changed_at is None


def test_validity_is_the_day_as_written() -> None:
    made = service("1", validity=("2024-01-01T00:00:00+01:00", "2999-12-31T00:00:00+01:00"))
    assert the_service(read_one(made)).validities == (Validity("2024-01-01", "2999-12-31"),)
    assert the_service(read_one(service("1", validity=("2024-01-01", None)))).validities == (
        Validity("2024-01-01"),
    )


def test_a_validity_that_cannot_be_read_is_left_out_whole() -> None:
    outcome = read_one(service("1", validity=("2024-01-01", "immer")))
    assert the_service(outcome).validities == ()
    assert outcome.sentences == ["“immer” is no day; this gueltigkeit is left out."]


def test_texts_by_language() -> None:
    texts = (
        '<x:modulText><x:leikaTextmodul><code>05</code></x:leikaTextmodul><x:inhalt languageCode=" de ">eins</x:inhalt>'
        '<x:inhalt>zwei</x:inhalt><x:inhalt languageCode="en"> </x:inhalt><x:inhalt languageCode="en">one</x:inhalt>'
        '<x:inhalt languageCode="de-x-simple-language">leicht</x:inhalt><x:inhalt languageCode="???">was</x:inhalt>'
        '<x:inhalt languageCode="hsb">&lt;p&gt; &lt;/p&gt;</x:inhalt></x:modulText>'
    )
    outcome = read_one(service("1", title=None, extra=texts))
    assert the_service(outcome).modules[0].contents == (
        LocalText("de", "eins"),
        LocalText("en", "one"),
        LocalText("de-x-simple-language", "leicht"),
    )
    assert outcome.sentences == [
        "A second inhalt in language de; the first is kept.",
        "“???” is no language; what is in it is left out.",
    ]


def test_texts_are_sanitised_html() -> None:
    made = service(
        "1", title="a < b & c", modules={"06": '<p onclick="x()">Hier<script>alert(1)</script></p>'}
    )
    assert [one.contents[0].text for one in the_service(read_one(made)).modules] == [
        "a &lt; b &amp; c",
        "<p>Hier</p>",
    ]


def test_a_text_beyond_all_bounds_is_left_out() -> None:
    outcome = read_one(service("1", modules={"06": "x" * 100_001}))
    assert [one.code for one in the_service(outcome).modules] == ["03"]
    assert outcome.sentences == ["inhalt has 100001 characters, more than 100000; it is left out."]


def test_elements_inside_a_text_lose_their_tags() -> None:
    module = (
        f"<x:modulText>{code('leikaTextmodul', '06')}<x:inhalt><p>Text &lt;b&gt;</p></x:inhalt></x:modulText>"
    )
    outcome = read_one(service("1", title=None, extra=module))
    assert the_service(outcome).modules[0].contents[0].text == "Text &lt;b&gt;"
    assert len(outcome.notices) == 1


def test_modules_may_repeat_have_a_channel_and_be_a_senders_own() -> None:
    module = "<x:modulText>{}{}<x:inhalt>{}</x:inhalt></x:modulText>"
    extra = "".join(
        module.format(code("zugangskanal", at), code("leikaTextmodul", "11"), at) for at in ("001", "002")
    )
    own = "<x:modulTextIndividuell><x:inhalt>Eigenes</x:inhalt></x:modulTextIndividuell>"
    nameless = "<x:modulText><x:inhalt>Namenlos</x:inhalt></x:modulText>"
    outcome = read_one(service("1", title=None, extra=extra + own + nameless), "2.3.1")
    read_modules = [(one.code, one.channel, one.contents[0].text) for one in the_service(outcome).modules]
    assert read_modules == [("11", "001", "001"), ("11", "002", "002"), ("", None, "Eigenes")]
    assert outcome.sentences == ["A text module without its code (leikaTextmodul); it is left out."]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://online.example/?ars={ars}&id=1", True),
        ("http://online.example", True),
        ("mailto:amt@stadt.example", True),
        ("tel:+49115", True),
        ("javascript:alert(1)", False),
        ("www.stadt.example", False),
        ("https://", False),
        ("https://on line.example/", False),
        ("data:text/html,x", False),
        ("https://online.example/" + "x" * 2000, False),
    ],
)
def test_links_that_people_may_be_sent_to(url: str, *, kept: bool) -> None:
    outcome = read_one(online_service("3", url=url))
    links = the_online_service(outcome).links
    assert links == ((Link(url, "Zum Antrag", language="de", type_code="01"),) if kept else ())
    assert len(outcome.notices) == (0 if kept else 1)


def test_the_rest_of_a_service() -> None:
    extra = (
        "<x:modulBegriffImKontext><x:begriffImKontext><x:begriff>Perso</x:begriff>"
        f"{code('typ', '001')}</x:begriffImKontext></x:modulBegriffImKontext>"
        "<x:modulFachlicheFreigabe><x:fachlichFreigegebenAm>2026-01-15</x:fachlichFreigegebenAm>"
        "<x:fachlichFreigegebenDurch>BMI</x:fachlichFreigegebenDurch></x:modulFachlicheFreigabe>"
        '<x:modulUrsprungsportal languageCode="de"><x:uri>https://portal.example/</x:uri><x:titel>Portal</x:titel>'
        f"</x:modulUrsprungsportal>{code('leistungsadressat', '001')}{code('leistungsadressat', '002')}"
        '<x:kategorie><x:id schemeAgencyID="PVOG">1</x:id><x:klasse><x:bezeichnung>Lagen</x:bezeichnung></x:klasse>'
        "<x:bezeichnung>Ausweise</x:bezeichnung></x:kategorie><x:herausgeber><x:id>HE</x:id>"
        "<x:bezeichnung>Land Hessen</x:bezeichnung></x:herausgeber>"
    )
    outcome = read_one(service("1", level="30", typing=["2", "3a"], extra=extra))
    entry = the_service(outcome)
    assert not outcome.notices
    assert entry.keywords == (Keyword("de", "Perso", "001"),)
    assert (entry.approved_at, entry.approved_by) == ("2026-01-15", (LocalText("de", "BMI"),))
    assert entry.origin_links == (Link("https://portal.example/", "Portal", language="de"),)
    assert (entry.assurance, entry.regulatory_types, entry.audiences) == ("30", ("2", "3a"), ("001", "002"))
    german = (LocalText("de", "Ausweise"),)
    of_class = (LocalText("de", "Lagen"),)
    assert entry.categories == (Category(german, ForeignId("1", "PVOG"), None, of_class),)
    assert (entry.publisher, entry.publisher_id) == ("Land Hessen", ForeignId("HE"))


@pytest.mark.parametrize(
    ("extra", "written_form", "areas"),
    [
        (f"<x:kennzeichenSchriftformerfordernis>true</x:kennzeichenSchriftformerfordernis>{code('informationsbereichSDG', 'A1')}", True, ("A1",)),
        (f"<x:kennzeichenFormularSchriftformerfordernis>0</x:kennzeichenFormularSchriftformerfordernis><x:informationsbereicheSDG>{code('informationsbereichSDG1', 'A1')}{code('informationsbereichSDG2', 'M1')}</x:informationsbereicheSDG>", False, ("A1", "M1")),
        ("", None, ()),
    ],
)  # fmt: skip
def test_names_of_both_generations(extra: str, written_form: bool | None, areas: tuple[str, ...]) -> None:
    outcome = _with(extra)
    assert (the_service(outcome).written_form, the_service(outcome).sdg_areas) == (written_form, areas)
    assert not outcome.notices


def test_marks_and_codes_that_cannot_be_read_are_noticed() -> None:
    extra = (
        "<x:kennzeichenSchriftformerfordernis>vielleicht</x:kennzeichenSchriftformerfordernis><x:typisierung/>"
        "<x:modulFachlicheFreigabe><x:fachlichFreigegebenAm>neulich</x:fachlichFreigegebenAm></x:modulFachlicheFreigabe>"
    )
    outcome = _with(extra)
    assert the_service(outcome).written_form is None
    assert the_service(outcome).approved_at is None
    assert len(outcome.notices) == 3


def test_languages_as_declared() -> None:
    one = "<x:sprachversion><x:languageCode>{}</x:languageCode><x:kennzeichenMaschinelleUebersetzung>{}</x:kennzeichenMaschinelleUebersetzung></x:sprachversion>"
    entry = the_service(_with(one.format(" de ", "false") + one.format("en", "true"), "2.3.1"))
    assert (entry.languages, entry.machine_translated) == (("de", "en"), ("en",))


def test_an_authority() -> None:
    extra = (
        '<x:uebergeordneteOrganisationseinheitID schemeAgencyID="L100042">9</x:uebergeordneteOrganisationseinheitID>'
        '<x:oeffnungszeiten languageCode="de">&lt;p&gt;Mo 8–12 Uhr&lt;/p&gt;</x:oeffnungszeiten>'
        f"<x:anschrift>{code('typ', '003')}<x:postfach>2120</x:postfach><x:verwaltungspolitischeKodierung>"
        f"{code('regionalschluessel', '065320023023')}</x:verwaltungspolitischeKodierung></x:anschrift>"
    )
    unit = the_authority(read_one(authority("2", {"de": "Bürgeramt", "en": "Citizens’ office"}, extra=extra)))
    assert unit.names == (LocalText("de", "Bürgeramt"), LocalText("en", "Citizens’ office"))
    assert unit.addresses == (
        Address("002", "Domplatz", "1", postcode="35578", city="Wetzlar"),
        Address("003", post_box="2120", ars="065320023023"),
    )
    assert unit.contacts == (Contact("02", "+49 6441 99-0"),)
    assert unit.opening_hours == (LocalText("de", "<p>Mo 8–12 Uhr</p>"),)
    assert (unit.parent_agency, unit.parent_value) == ("L100042", "9")


def test_an_authority_without_name_is_rejected_and_what_is_empty_in_one_left_out() -> None:
    assert read_one(authority("2", None)).rules == ["missing-name"]
    assert read_one(authority("2", " ")).rules == ["missing-name"]
    empty = (
        "<x:anschrift/><x:kommunikation/><x:uebergeordneteOrganisationseinheitID>9"
        "</x:uebergeordneteOrganisationseinheitID>"
    )
    outcome = read_one(authority("2", extra=empty))
    assert len(the_authority(outcome).addresses) == 1
    assert len(the_authority(outcome).contacts) == 1
    assert the_authority(outcome).parent_value is None
    assert len(outcome.notices) == 3


def test_a_specialisation() -> None:
    outcome = read_one(specialisation("4", "1", ["065320023023"], fees=["3.00"]))
    special = the_specialisation(outcome)
    assert (special.service_agency, special.service_value, special.areas) == (
        "L100042",
        "1",
        ("065320023023",),
    )
    assert special.modules[0].contents[0].text == "<p>Bringen Sie Kleingeld mit.</p>"
    assert special.fees[0].amount == "3.00"


def test_a_specialisation_needs_a_service() -> None:
    made = specialisation("4", "1")("2.2").replace("leistungID", "andereID")
    assert read_one(made).rules == ["missing-service"]
    assert read_one(specialisation("4", "1", [])).sentences == ["A specialisation without areas."]


def test_notices_of_one_object_are_bounded() -> None:
    outcome = _costs(fee("x") * 500)
    assert len(outcome.notices) == 100


def test_filing() -> None:
    """What the graph does not show is kept for the next hub."""
    verb = code("verrichtungLeiKa", "012").replace("</x:verr", "<name>Ausstellung</name></x:verr")
    extra = (
        '<x:idSekundaer schemeAgencyID="L1" schemeID="PVOG">L1.LB.1</x:idSekundaer>'
        '<x:struktur><x:leistungsobjektID schemeID="LeiKa-Leistungsobjekt">008001</x:leistungsobjektID>'
        f"<x:verrichtung>{verb}</x:verrichtung><x:verrichtungsdetail>neu</x:verrichtungsdetail></x:struktur>"
        f"{code('statusKatalog', '5')}{code('klassifizierung', 'K1')}<x:kennzeichenEA>true</x:kennzeichenEA>"
        "<x:modulDokument><x:dokumentAusgehend><x:titel>Bescheid</x:titel></x:dokumentAusgehend>"
        "<x:dokumentEingehend>Lichtbild</x:dokumentEingehend></x:modulDokument>"
        "<x:sprachversion><x:languageCode>hsb</x:languageCode><x:sprachbezeichnungDeutsch>Sorbisch"
        "</x:sprachbezeichnungDeutsch></x:sprachversion>"
    )
    outcome = read_one(service("1", extra=extra))
    entry = the_service(outcome)
    assert not outcome.notices
    assert entry.secondary_ids == (ForeignId("L1.LB.1", "L1", "PVOG"),)
    assert entry.structure == Structure(
        ForeignId("008001", scheme="LeiKa-Leistungsobjekt"),
        activity="012",
        activity_name="Ausstellung",
        details=(LocalText("de", "neu"),),
    )
    assert (entry.catalogue_status, entry.single_contact) == ("5", True)
    assert entry.classifications == (Coded("K1", "urn:x"),)
    assert entry.documents == (
        Document("IN", names=(LocalText("de", "Lichtbild"),)),
        Document("OUT", names=(LocalText("de", "Bescheid"),)),
    )
    assert entry.language_names == (LanguageName("hsb", "Sorbisch"),)


def test_filing_that_cannot_be_read_costs_nothing_else() -> None:
    long = "x" * 201
    extra = (
        f"<x:idSekundaer>{long}</x:idSekundaer><x:kennzeichenEA>vielleicht</x:kennzeichenEA>"
        f'<x:klassifizierung listURI="{long}"><code>1</code></x:klassifizierung><x:kategorie/>'
    )
    outcome = read_one(service("1", extra=extra))
    entry = the_service(outcome)
    assert (entry.secondary_ids, entry.classifications, entry.categories) == ((), (), ())
    assert entry.single_contact is None
    assert len(outcome.notices) == 3


def test_fees_keep_their_channel() -> None:
    """Channel 000 is all channels."""
    module = "<x:modulKosten>{}{}</x:modulKosten>"
    extra = module.format(code("zugangskanal", "000"), fee("37.00")) + module.format(
        code("zugangskanal", "002"), fee("30.00")
    )
    entry = the_service(read_one(service("1", extra=extra), "2.3.1"))
    assert [(one.amount, one.channel) for one in entry.fees] == [("37.00", None), ("30.00", "002")]
