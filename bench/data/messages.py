"""XZuFi 2.2 as editorial offices write it: one object a function, one message a file."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<x:transfer.schreibeLoesche.040501 xmlns:x="http://xoev.de/schemata/xzufi/2_2_0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xzufiVersion="2.2" produktbezeichnung="bench"
 produkthersteller="VerbundHub">
<x:nachrichtenkopf><x:nachrichtUUID>87751d4c-a850-4e2c-84dc-da6a797d76de</x:nachrichtUUID>
<x:erstelltDatumZeit>2026-03-02T04:15:00+01:00</x:erstelltDatumZeit><x:empfaenger>VerbundHub</x:empfaenger>
<x:sender>{sender}</x:sender></x:nachrichtenkopf>
"""
_TAIL = "</x:transfer.schreibeLoesche.040501>\n"
_VERSION = (
    "<x:versionsinformation><x:erstelltDatumZeit>2024-02-05T08:00:00+01:00</x:erstelltDatumZeit>"
    "<x:geaendertDatumZeit>2026-02-12T09:00:00+01:00</x:geaendertDatumZeit><x:version>6</x:version>"
    "</x:versionsinformation>"
)

Texts = Mapping[str, str]
"""Language -> text."""


def write_message(path: Path, sender: str, objects: Iterable[str]) -> int:
    """Write one message; says how many objects it holds."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD.format(sender=escape(sender)))
        for one in objects:
            file.write(f"<x:schreibe>{one}</x:schreibe>\n")
            count += 1
        file.write(_TAIL)
    return count


def leistung(
    agency: str, value: str, leika: str, modules: Mapping[str, Texts], *, areas: Sequence[str], level: str
) -> str:
    """A description: all its modules, a fee, a deadline, a processing time, a keyword."""
    languages = dict.fromkeys(language for texts in modules.values() for language in texts)
    return (
        f"<x:leistung>{_id(agency, value)}{_code('referenzLeiKa', 'urn:de:fim:leika:leistung', leika)}"
        + "".join(_module(place, code, texts) for place, (code, texts) in enumerate(modules.items(), 1))
        + _frist()
        + _costs(value)
        + "<x:modulBegriffImKontext><x:begriffImKontext>"
        + f'<x:begriff languageCode="de">Stichwort {value}</x:begriff></x:begriffImKontext></x:modulBegriffImKontext>'
        + "<x:modulFachlicheFreigabe><x:fachlichFreigegebenAm>2026-02-12</x:fachlichFreigegebenAm>"
        + '<x:fachlichFreigegebenDurch languageCode="de">Redaktion</x:fachlichFreigegebenDurch>'
        + "</x:modulFachlicheFreigabe>"
        + _code("typisierung", "urn:de:fim:leika:typisierung", "3")
        + _code("leistungsadressat", "urn:xoev-de:fim:codeliste:leistungsadressat", "001")
        + _code("vertrauensniveau", "urn:xoev-de:fim:codeliste:vertrauensniveau", level)
        + "".join(f"<x:gueltigkeitGebietID>{area}</x:gueltigkeitGebietID>" for area in areas)
        + _VERSION
        + "".join(_language(language) for language in languages)
        + "</x:leistung>"
    )


def organisation(
    agency: str, value: str, names: Texts, *, city: str, postcode: str, rules: Iterable[str] = ()
) -> str:
    """An authority with two addresses, three channels, opening hours, and the rules that it carries."""
    kinds = (("02", "+49 69 90009-100"), ("01", f"amt{value}@stelle.example"), ("09", "https://amt.example/"))
    return (
        f"<x:organisationseinheit>{_id(agency, value)}<x:name>{_texts('name', names)}</x:name>"
        + "".join(
            f"<x:anschrift>{_code('typ', 'urn:de:xzufi:codeliste:anschrifttyp', kind)}"
            f"<x:strasse>Musterplatz</x:strasse><x:hausnummer>{len(value)}</x:hausnummer>"
            f"<x:postleitzahl>{postcode}</x:postleitzahl><x:ort>{escape(city)}</x:ort></x:anschrift>"
            for kind in ("001", "002")
        )
        + "".join(
            f"<x:kommunikation>{_code('kanal', 'urn:de:xoev:codeliste:erreichbarkeit', kind)}"
            f"<x:kennung>{text}</x:kennung></x:kommunikation>"
            for kind, text in kinds
        )
        + '<x:oeffnungszeiten languageCode="de">&lt;p&gt;Montag bis Freitag 8–12 Uhr&lt;/p&gt;</x:oeffnungszeiten>'
        + "".join(rules)
        + f"{_VERSION}</x:organisationseinheit>"
    )


def onlinedienst(agency: str, value: str, names: Texts, level: str) -> str:
    """An online service with one link that takes service and place."""
    address = f"https://antrag.example/{value}?leistung={{leistungsschluessel}}&amp;ort={{ars}}"
    return (
        f"<x:onlinedienst>{_id(agency, value)}{_texts('bezeichnung', names)}"
        f'<x:link languageCode="de">{_code("typ", "urn:xoev-de:fim:codeliste:onlinedienstlinktyp", "01")}'
        f"<x:link>{address}</x:link><x:titel>Zum Antrag</x:titel></x:link>"
        + _code("vertrauensniveau", "urn:xoev-de:fim:codeliste:vertrauensniveau", level)
        + f"{_VERSION}</x:onlinedienst>"
    )


def rule(
    agency: str, value: str, service: tuple[str, str], areas: Sequence[str], *, role: str | None = "01"
) -> str:
    """A responsibility as it stands inside a unit; without a role it is an online service's."""
    kind = "Organisationseinheit" if role else "Onlinedienst"
    return (
        f'<x:zustaendigkeit><x:id schemeAgencyID="{agency}" schemeID="Zustaendigkeit{kind}">{value}</x:id>'
        f"{_id(*service, element='leistungID')}"
        + "".join(f"<x:gebietID>{area}</x:gebietID>" for area in areas)
        + (_code("rolle", "urn:de:xzufi:codeliste:zustaendigkeitsrolle", role) if role else "")
        + "</x:zustaendigkeit>"
    )


def transferred(agency: str, owner: str, inside: str) -> str:
    """A responsibility as an object of its own."""
    return (
        f"<x:zustaendigkeitTransferObjekt>{_id(agency, owner, element='uebergeordnetesObjektID')}{inside}"
        "</x:zustaendigkeitTransferObjekt>"
    )


def _id(agency: str, value: str, element: str = "id") -> str:
    return f'<x:{element} schemeAgencyID="{agency}">{value}</x:{element}>'


def _code(element: str, listed: str, value: str) -> str:
    return f'<x:{element} listURI="{listed}" listVersionID="1"><code>{value}</code></x:{element}>'


def _texts(element: str, texts: Texts) -> str:
    return "".join(
        f'<x:{element} languageCode="{language}">{escape(text, quote=False)}</x:{element}>'
        for language, text in texts.items()
    )


def _module(place: int, code: str, texts: Texts) -> str:
    kind = _code("leikaTextmodul", "urn:de:xzufi:codeliste:leistungstextmodulleika", code)
    position = f"<x:positionDarstellung>{place}</x:positionDarstellung>"
    link = (
        "<x:weiterfuehrenderLink><x:uri>https://gesetze.example/abschnitt</x:uri><x:titel>Rechtsgrundlage</x:titel>"
        "</x:weiterfuehrenderLink>"
    )
    return (
        f"<x:modulText>{position}{kind}{_texts('inhalt', texts)}{link if code == '07' else ''}</x:modulText>"
    )


def _frist() -> str:
    unit = _code("einheit", "urn:de:xzufi:codeliste:zeiteinheit", "WOCHE")
    span = f"<x:dauer>4</x:dauer>{unit}"
    return (
        f'<x:modulFrist><x:frist><x:fristauswahl xsi:type="x:FristDauer">{span}</x:fristauswahl></x:frist>'
        "</x:modulFrist>"
        f"<x:modulBearbeitungsdauer><x:bearbeitungsdauer>{span}</x:bearbeitungsdauer></x:modulBearbeitungsdauer>"
    )


def _costs(value: str) -> str:
    amount = f'<x:betrag currencyCode="EUR">{10 + len(value)}.50</x:betrag>'
    return (
        '<x:modulKosten><x:kosten><x:kostenauswahl xsi:type="x:KostenFix">'
        f"{amount}</x:kostenauswahl></x:kosten></x:modulKosten>"
    )


def _language(language: str) -> str:
    return f"<x:sprachversion><x:languageCode>{language}</x:languageCode></x:sprachversion>"
