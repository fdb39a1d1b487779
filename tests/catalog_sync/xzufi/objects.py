"""Objects of the model as the reader makes them, for hypothesis."""

from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from catalog_sync.catalog.keys import AreaKey, cut
from catalog_sync.catalog.markup import plain_text, sanitise
from catalog_sync.catalog.model import (
    Address,
    Authority,
    CatalogObject,
    Contact,
    Deadline,
    Duration,
    Fee,
    Keyword,
    Link,
    LocalText,
    OnlineService,
    Responsibility,
    ServiceEntry,
    Specialisation,
    TextModule,
    Validity,
    Version,
)
from catalog_sync.catalog.particulars import (
    Category,
    Coded,
    Document,
    ForeignId,
    LanguageName,
    Structure,
)

T = TypeVar("T")
LETTERS = st.sampled_from("aÄß&<>\"' \n;#-.5/€😀")
PLAIN = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
SNIPPETS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<ul><li>",
        "</li></ul>",
        "<br>",
        "<b>x</b>",
        "&amp;",
        "&lt;",
        "\n",
        '<a href="tel:1">1</a>',
    ]
)
RAW = st.lists(st.one_of(SNIPPETS, LETTERS), min_size=1, max_size=6).map(
    lambda parts: "wort" + "".join(parts)
)
HTML = RAW.map(lambda text: sanitise(text).strip())
WORDS = HTML.map(plain_text).filter(bool)
TAGS = st.sampled_from(["de", "en", "hsb", "de-simple", "xx"])
CODES = st.sampled_from(["001", "02", "a&b", 'x"y', "K 1"])
IDS = st.sampled_from(["1", "101001", "a.b-c", "ü<&>"])
AGENCIES = st.sampled_from(["L100042", "B100019"])
URLS = st.sampled_from(["https://a.example/x?y=1&z={s}", "mailto:a@b.example", "tel:+49"])
CHANNELS = st.none() | st.sampled_from(["001", "002"])
AREAS = st.lists(
    st.sampled_from(["", "06", "064", "06532", "065320023023"]).map(cut), max_size=3, unique=True
).map(tuple)
TIMES = st.none() | st.integers(-62_135_680_000_000_000, 253_402_300_000_000_000)
DAYS = st.none() | st.dates(date(1, 1, 2), date(9999, 12, 30)).map(date.isoformat)
FLAGS = st.none() | st.booleans()
POSITIONS = st.none() | st.integers(0, 1_000_000)


def texts(words: SearchStrategy[str] = PLAIN, *, least: int = 0) -> SearchStrategy[tuple[LocalText, ...]]:
    """The same words in some languages."""
    chosen = st.dictionaries(TAGS, words, min_size=least, max_size=2)
    return chosen.map(lambda found: tuple(LocalText(*one) for one in found.items()))


def some(of: SearchStrategy[T], *, unique: bool = False) -> SearchStrategy[tuple[T, ...]]:
    """Up to two."""
    if unique:
        return st.lists(of, max_size=2).map(lambda found: tuple(dict.fromkeys(found)))
    return st.lists(of, max_size=2).map(tuple)


FOREIGN = st.builds(
    ForeignId,
    value=st.sampled_from(["L1.LB.1", "a b", "<x>"]),
    agency=st.none() | AGENCIES,
    scheme=st.none() | CODES,
)
LINKS = st.builds(
    Link,
    url=URLS,
    title=st.none() | PLAIN,
    description=st.none() | PLAIN,
    language=st.none() | TAGS,
    type_code=st.none() | CODES,
    position=POSITIONS,
)


def _module(codes: SearchStrategy[str], channels: SearchStrategy[str | None]) -> SearchStrategy[TextModule]:
    made = st.builds(
        TextModule,
        code=codes,
        contents=texts(HTML),
        links=some(LINKS),
        position=POSITIONS,
        channel=channels,
    )
    return made.filter(lambda one: bool(one.contents or one.links))


MODULES = st.tuples(
    some(_module(st.sampled_from(["02", "03", "05"]), st.none() | st.sampled_from(["000", "002"]))),
    some(_module(st.just(""), CHANNELS)),
).map(lambda both: both[0] + both[1])
VERSIONS = st.builds(Version, created_at=TIMES, changed_at=TIMES, label=st.none() | PLAIN)
CURRENCIES = st.none() | st.just("EUR")
AMOUNTS = st.sampled_from(["0.00", "22.80", "1234.567"])
_SAID: dict[str, Any] = {
    "prepaid": FLAGS,
    "descriptions": texts(WORDS),
    "type_code": st.none() | CODES,
    "link": st.none() | URLS,
    "channel": CHANNELS,
}
FEES = st.one_of(
    st.builds(Fee, kind=st.just("FIXED"), amount=AMOUNTS, currency=CURRENCIES, **_SAID),
    st.builds(Fee, kind=st.just("FREE"), **_SAID),
    st.builds(
        Fee,
        kind=st.just("VARIABLE"),
        minimum=st.just("1.00"),
        maximum=st.none() | st.just("2000.00"),
        currency=CURRENCIES,
        **_SAID,
    ),
)
UNITS = st.sampled_from(["TAG", "WOCHE", "x<"])


def _span(channels: SearchStrategy[str | None]) -> SearchStrategy[Duration]:
    counts = st.integers(0, 1_000_000)
    return st.builds(
        Duration,
        amount=counts,
        unit=UNITS,
        amount_to=st.none() | counts,
        unit_to=st.none() | UNITS,
        channel=channels,
    )


_ABOUT: dict[str, Any] = {"descriptions": texts(WORDS), "type_code": st.none() | CODES, "channel": CHANNELS}
DEADLINES = st.one_of(
    st.builds(Deadline, kind=st.just("DURATION"), duration=_span(st.none()), **_ABOUT),
    st.builds(
        Deadline, kind=st.just("DATE"), begins=st.sampled_from(["--04-01", "2026-02-28"]), ends=DAYS, **_ABOUT
    ),
)
VALIDITIES = st.builds(Validity, begins=DAYS, ends=DAYS).filter(lambda one: bool(one.begins or one.ends))
DESCRIBED: dict[str, Any] = {
    "version": VERSIONS,
    "modules": MODULES,
    "fees": some(FEES),
    "fee_notes": texts(HTML),
    "deadlines": some(DEADLINES),
    "deadline_notes": texts(HTML),
    "processing_times": some(_span(CHANNELS)),
    "processing_notes": texts(HTML),
    "keywords": some(st.builds(Keyword, language=TAGS, text=PLAIN, type_code=st.none() | CODES), unique=True),
    "validities": some(VALIDITIES),
}


def _named(found: dict[str, tuple[bool, str | None]]) -> dict[str, object]:
    return {
        "languages": tuple(found),
        "machine_translated": tuple(tag for tag, (by_machine, _) in found.items() if by_machine),
        "language_names": tuple(LanguageName(tag, name) for tag, (_, name) in found.items() if name),
    }


LANGUAGES = st.dictionaries(
    TAGS, st.tuples(st.booleans(), st.none() | st.just("Eigener Name")), max_size=3
).map(_named)


def _with(made: SearchStrategy[T]) -> SearchStrategy[T]:
    """Declare languages."""
    return st.tuples(made, LANGUAGES).map(_declared)


def _declared(both: tuple[T, dict[str, object]]) -> T:
    obj, declared = both
    fields = {name: getattr(obj, name) for name in obj.__struct_fields__}  # type: ignore[attr-defined]
    return type(obj)(**{**fields, **declared})


NAMED: dict[str, Any] = {"agency": AGENCIES, "value": IDS}
CATEGORIES = st.builds(
    Category, names=texts(least=1), id=st.none() | FOREIGN, class_id=st.none() | FOREIGN, class_names=texts()
)
DOCUMENTS = [
    some(
        st.builds(
            Document,
            direction=st.just(direction),
            id=st.none() | FOREIGN,
            names=texts(least=1),
            descriptions=texts(),
            type_code=st.none() | CODES,
            url=st.none() | URLS,
        )
    )
    for direction in ("IN", "OUT")
]
STRUCTURES = st.builds(
    Structure,
    object_id=st.none() | FOREIGN,
    group=st.none() | CODES,
    activity=CODES,
    activity_name=st.none() | PLAIN,
    details=texts(),
)
PUBLISHERS = st.sampled_from(
    [(None, None), ("Land", None), ("Land", ForeignId("HE", "L1")), ("HE", ForeignId("HE"))]
)


def _published(both: tuple[ServiceEntry, tuple[str | None, ForeignId | None]]) -> ServiceEntry:
    obj, (publisher, known_as) = both
    return _declared((obj, {"publisher": publisher, "publisher_id": known_as}))


SERVICES = _with(
    st.tuples(
        st.builds(
            ServiceEntry,
            **NAMED,
            **DESCRIBED,
            leika_keys=st.sampled_from([("99008001012000",), ("99008001012000", "99050012104000")]),
            approved_at=DAYS,
            approved_by=texts(),
            origin_links=some(LINKS),
            regulatory_types=some(CODES, unique=True),
            assurance=st.none() | CODES,
            audiences=some(CODES, unique=True),
            written_form=FLAGS,
            categories=some(CATEGORIES, unique=True),
            sdg_areas=some(CODES, unique=True),
            areas=AREAS,
            secondary_ids=some(FOREIGN),
            structure=st.none() | STRUCTURES,
            catalogue_status=st.none() | CODES,
            library_status=st.none() | CODES,
            documents=st.tuples(*DOCUMENTS).map(lambda both: both[0] + both[1]),
            classifications=some(
                st.builds(
                    Coded,
                    code=CODES,
                    list_uri=st.none() | st.just('urn:"x"'),
                    list_version=st.none() | CODES,
                    name=st.none() | PLAIN,
                )
            ),
            single_contact=FLAGS,
        ),
        PUBLISHERS,
    ).map(_published)
)
SPECIALISATIONS = _with(
    st.builds(
        Specialisation,
        **NAMED,
        **DESCRIBED,
        service_agency=AGENCIES,
        service_value=IDS,
        areas=AREAS,
    )
)
RULED: SearchStrategy[tuple[AreaKey, ...]] = AREAS.filter(bool)


def rules(owner: tuple[str, str, str] | None = None) -> SearchStrategy[Responsibility]:
    """Rules, of some owner or of this one: kind, agency and value."""
    kinds = st.sampled_from(["OE", "OD"]) if owner is None else st.just(owner[0])

    def of(kind: str) -> SearchStrategy[Responsibility]:
        return st.builds(
            Responsibility,
            **NAMED,
            owner_kind=st.just(kind),
            owner_agency=AGENCIES if owner is None else st.just(owner[1]),
            owner_value=IDS if owner is None else st.just(owner[2]),
            service_agency=AGENCIES,
            service_value=IDS,
            areas=RULED,
            role=st.none() if kind == "OD" else st.sampled_from([None, "01", "03"]),
            version=VERSIONS,
        )

    return kinds.flatmap(of)


ADDRESSES = st.builds(
    Address,
    type_code=st.sampled_from(["", "002"]),
    street=st.none() | PLAIN,
    house_number=st.none() | PLAIN,
    post_box=st.none() | PLAIN,
    postcode=st.none() | PLAIN,
    city=PLAIN,
    ars=st.sampled_from([None, "064140000000", "06<"]),
)


def _unit(agency: str, value: str) -> SearchStrategy[Authority]:
    parents = st.none() | st.just(("L1", "2"))
    made = st.builds(
        Authority,
        agency=st.just(agency),
        value=st.just(value),
        names=texts(least=1),
        version=VERSIONS,
        short_names=texts(),
        addresses=some(ADDRESSES),
        contacts=some(st.builds(Contact, channel_code=CODES, value=PLAIN)),
        opening_hours=texts(HTML),
        responsibilities=some(rules(("OE", agency, value))),
    )
    return st.tuples(made, parents).map(
        lambda both: _declared(
            (both[0], {"parent_agency": both[1] and both[1][0], "parent_value": both[1] and both[1][1]})
        )
    )


def _online(agency: str, value: str) -> SearchStrategy[OnlineService]:
    return st.builds(
        OnlineService,
        agency=st.just(agency),
        value=st.just(value),
        names=texts(),
        version=VERSIONS,
        links=some(LINKS),
        assurance=st.none() | CODES,
        responsibilities=some(rules(("OD", agency, value))),
    )


OBJECTS: SearchStrategy[CatalogObject] = st.one_of(
    SERVICES,
    SPECIALISATIONS,
    rules(),
    _with(st.tuples(AGENCIES, IDS).flatmap(lambda name: _unit(*name))),
    _with(st.tuples(AGENCIES, IDS).flatmap(lambda name: _online(*name))),
)
"""Any object, as the reader makes it."""
