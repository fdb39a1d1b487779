"""XZuFi messages for everybody's tests, in the forms of 2.1, 2.2 and 2.3.1.

An object is made without a version; `message` writes each in the forms of its own:
`message(version="2.1", writes=[service("1", "99008001012000", title="Personalausweis")])`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

AGENCY = "L100042"
MESSAGE_TIME = "2026-03-02T04:15:00+01:00"
NAMESPACES = {"2.1": "2_1_0", "2.2": "2_2_0", "2.3.1": "2_3_1"}

Write = Callable[[str], str]
"""An object: given the version, its XML."""


class Name(NamedTuple):
    """An identifier; wherever one is asked for, a plain text means: of AGENCY."""

    agency: str
    value: str


def message(
    version: str = "2.2",
    created: str | None = MESSAGE_TIME,
    writes: Iterable[Write | str] = (),
    deletes: Iterable[str] = (),
    *,
    uuid: str = "87751d4c-a850-4e2c-84dc-da6a797d76de",
    root: str = "transfer.schreibeLoesche.040501",
    head: str = "",
) -> bytes:
    """A message: objects to write, then deletions; a text among the writes is taken as it is."""
    at = f"<x:erstelltDatumZeit>{created}</x:erstelltDatumZeit>" if created is not None else ""
    body = "\n".join(
        f"<x:schreibe>{one if isinstance(one, str) else one(version)}</x:schreibe>" for one in writes
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<x:{root} xmlns:x="http://xoev.de/schemata/xzufi/'
        f'{NAMESPACES.get(version, version)}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xzufiVersion="{version}">\n<x:nachrichtenkopf><x:nachrichtUUID>{uuid}</x:nachrichtUUID>{at}'
        f"<x:empfaenger>Sammlerdienst</x:empfaenger><x:sender>Redaktion</x:sender>{head}</x:nachrichtenkopf>\n"
        f"{body}\n{chr(10).join(deletes)}\n</x:{root}>"
    ).encode()


def service(
    id: str | Name,
    leika: str | Sequence[str] = "99008001012000",
    *,
    title: str | Mapping[str, str] | None = "Personalausweis beantragen",
    areas: Sequence[str] = ("060000000000",),
    modules: Mapping[str, str | Mapping[str, str]] | None = None,
    fees: Sequence[str | tuple[str, str] | None] = (),
    keywords: Sequence[str] = (),
    typing: Sequence[str] = ("2",),
    level: str | None = None,
    validity: tuple[str | None, str | None] | None = None,
    changed: str | None = "2026-02-01T11:30:00+01:00",
    label: str | None = None,
    extra: str = "",
) -> Write:
    """A leistung. A fee is an amount, two bounds, or None for free; modules are by code; title is module 03."""
    keys = [leika] if isinstance(leika, str) else leika
    texts = {**({"03": title} if title is not None else {}), **(modules or {})}

    def write(version: str) -> str:
        reference = "referenzLeistungsschluessel" if version == "2.3.1" else "referenzLeiKa"
        return (
            f"<x:leistung>{_id(id)}"
            + "".join(code(reference, key, version) for key in keys)
            + _modules(texts, version)
            + (f"<x:modulKosten>{''.join(fee(one, version) for one in fees)}</x:modulKosten>" if fees else "")
            + "".join(_keyword(word) for word in keywords)
            + "".join(code("typisierung", one, version) for one in typing)
            + (code("vertrauensniveau", level, version) if level else "")
            + "".join(f"<x:gueltigkeitGebietID>{area}</x:gueltigkeitGebietID>" for area in areas)
            + _version(changed, version, label)
            + (_validity(*validity) if validity else "")
            + f"{extra}</x:leistung>"
        )

    return write


def authority(
    id: str | Name,
    name: str | Mapping[str, str] | None = "Bürgeramt",
    *,
    rules: Iterable[Write] = (),
    city: str = "Wetzlar",
    changed: str | None = "2026-02-10T12:00:00+01:00",
    extra: str = "",
) -> Write:
    """An organisationseinheit with an address, a telephone and, if given, rules of its own (`carried_rule`)."""
    names = "" if name is None else f"<x:name>{_texts('name', name)}</x:name>"
    inside = tuple(rules)
    return lambda version: (
        f"<x:organisationseinheit>{_id(id)}{names}<x:anschrift>{code('typ', '002', version)}<x:strasse>Domplatz"
        f"</x:strasse><x:hausnummer>1</x:hausnummer><x:postleitzahl>35578</x:postleitzahl><x:ort>{escape(city)}</x:ort>"
        f"</x:anschrift><x:kommunikation>{code('kanal', '02', version)}<x:kennung>+49 6441 99-0</x:kennung>"
        f"</x:kommunikation>{''.join(one(version) for one in inside)}{_version(changed, version)}{extra}"
        "</x:organisationseinheit>"
    )


def online_service(
    id: str | Name,
    name: str | Mapping[str, str] = "Online beantragen",
    *,
    url: str | None = "https://online.example/antrag",
    level: str | None = "30",
    rules: Iterable[Write] = (),
    changed: str | None = "2026-01-20T08:00:00+01:00",
    extra: str = "",
) -> Write:
    """An onlinedienst with one link."""
    inside = tuple(rules)

    def write(version: str) -> str:
        link = (
            f'<x:link languageCode="de">{code("typ", "01", version)}<x:link>{escape(url)}</x:link>'
            "<x:titel>Zum Antrag</x:titel></x:link>"
            if url
            else ""
        )
        trust = code("vertrauensniveau", level, version) if level else ""
        carried = "".join(one(version) for one in inside)
        return (
            f"<x:onlinedienst>{_id(id)}{_texts('bezeichnung', name)}{link}{trust}{carried}"
            f"{_version(changed, version)}{extra}</x:onlinedienst>"
        )

    return write


def carried_rule(
    id: str | Name,
    service: str | Name,
    areas: Sequence[str] = ("060000000000",),
    *,
    role: str | None = "01",
    online: bool = False,
    changed: str | None = None,
) -> Write:
    """A zustaendigkeit, as it stands inside a unit; `rule` makes the object of its own."""
    scheme = "ZustaendigkeitOnlinedienst" if online else "ZustaendigkeitOrganisationseinheit"
    return lambda version: (
        f"<x:zustaendigkeit>{_id(id, scheme=scheme)}{_id(service, 'leistungID')}"
        + "".join(f"<x:gebietID>{area}</x:gebietID>" for area in areas)
        + (code("rolle", role, version) if role and not online else "")
        + f"{_version(changed, version)}</x:zustaendigkeit>"
    )


def rule(
    id: str | Name,
    owner: str | Name,
    service: str | Name,
    areas: Sequence[str] = ("060000000000",),
    *,
    role: str | None = "01",
    online: bool = False,
    changed: str | None = None,
) -> Write:
    """A zustaendigkeitTransferObjekt; `online` says that its owner is an online service."""
    inside = carried_rule(id, service, areas, role=role, online=online, changed=changed)
    return lambda version: (
        f"<x:zustaendigkeitTransferObjekt>{_id(owner, 'uebergeordnetesObjektID')}{inside(version)}"
        "</x:zustaendigkeitTransferObjekt>"
    )


def specialisation(
    id: str | Name,
    service: str | Name,
    areas: Sequence[str] = ("065320023023",),
    *,
    modules: Mapping[str, str | Mapping[str, str]] | None = None,
    fees: Sequence[str | tuple[str, str] | None] = (),
    changed: str | None = "2026-02-02T08:00:00+01:00",
    extra: str = "",
) -> Write:
    """A spezialisierung of one entry in some areas."""
    return lambda version: (
        f"<x:spezialisierung>{_id(id)}{_id(service, 'leistungID')}"
        + "".join(f"<x:gebietID>{area}</x:gebietID>" for area in areas)
        + _modules(modules or {"16": "<p>Bringen Sie Kleingeld mit.</p>"}, version)
        + (f"<x:modulKosten>{''.join(fee(one, version) for one in fees)}</x:modulKosten>" if fees else "")
        + f"{_version(changed, version)}{extra}</x:spezialisierung>"
    )


def delete(klasse: str, id: str | Name) -> str:
    """A loesche of one of the classes Leistung, Organisationseinheit, Onlinedienst, ..."""
    return f"<x:loesche klasse={quoteattr(klasse)}>{_id(id)}</x:loesche>"


def code(element: str, value: str, version: str = "2.2") -> str:
    """A code element; in 2.1 what is inside is qualified."""
    prefix = "x:" if version == "2.1" else ""
    return f'<x:{element} listURI="urn:x"><{prefix}code>{escape(value)}</{prefix}code></x:{element}>'


def fee(amount: str | tuple[str, str] | None, version: str = "2.2") -> str:
    """A kosten in the version's form."""
    kind = "KostenFrei" if amount is None else "KostenFix" if isinstance(amount, str) else "KostenVariabel"
    names = ("betrag",) if isinstance(amount, str) else ("betragUntergrenze", "betragObergrenze")
    values = () if amount is None else (amount,) if isinstance(amount, str) else amount
    currency = "currencyID" if version == "2.1" else "currencyCode"
    inside = "".join(
        f'<x:{name} {currency}="EUR">{value}</x:{name}>' for name, value in zip(names, values, strict=False)
    )
    if version == "2.1":
        element = kind[0].lower() + kind[1:]
        return f"<x:kosten><x:{element}>{inside}</x:{element}></x:kosten>"
    return f'<x:kosten><x:kostenauswahl xsi:type="x:{kind}">{inside}</x:kostenauswahl></x:kosten>'


def _id(name: str | Name, element: str = "id", scheme: str | None = None) -> str:
    agency, value = name if isinstance(name, Name) else (AGENCY, name)
    scheme_id = f' schemeID="{scheme}"' if scheme else ""
    return f"<x:{element} schemeAgencyID={quoteattr(agency)}{scheme_id}>{escape(value)}</x:{element}>"


def _texts(element: str, texts: str | Mapping[str, str]) -> str:
    by_language = {"de": texts} if isinstance(texts, str) else texts
    return "".join(
        f"<x:{element} languageCode={quoteattr(language)}>{escape(text)}</x:{element}>"
        for language, text in by_language.items()
    )


def _modules(modules: Mapping[str, str | Mapping[str, str]], version: str) -> str:
    return "".join(
        f"<x:modulText><x:positionDarstellung>{position}</x:positionDarstellung>{code('leikaTextmodul', kind, version)}"
        f"{_texts('inhalt', texts)}</x:modulText>"
        for position, (kind, texts) in enumerate(modules.items(), 1)
    )


def _keyword(word: str) -> str:
    return f"<x:modulBegriffImKontext><x:begriffImKontext>{_texts('begriff', word)}</x:begriffImKontext></x:modulBegriffImKontext>"


def _version(changed: str | None, version: str, label: str | None = None) -> str:
    if changed is None and label is None:
        return ""
    element = "versionsinformationen" if version == "2.3.1" else "versionsinformation"
    at = f"<x:geaendertDatumZeit>{changed}</x:geaendertDatumZeit>" if changed is not None else ""
    named = f"<x:version>{label}</x:version>" if label is not None else ""
    return f"<x:{element}>{at}{named}</x:{element}>"


def _validity(begins: str | None, ends: str | None) -> str:
    begin = f"<x:beginn>{begins}</x:beginn>" if begins else ""
    return f"<x:gueltigkeit>{begin}{f'<x:ende>{ends}</x:ende>' if ends else ''}</x:gueltigkeit>"
