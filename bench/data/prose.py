"""Texts of real length from a few hundred words: the same seed gives the same text on every machine."""

from random import Random

from bench.data.phrases import ENGLISH_SENTENCES, RESTS, SUBJECTS, TURNS, VERBS

OBJECTS = [
    "Personalausweis",
    "Reisepass",
    "Führerschein",
    "Gewerbe",
    "Wohnsitz",
    "Geburtsurkunde",
    "Eheschließung",
    "Elterngeld",
    "Kindergeld",
    "Wohngeld",
    "Baugenehmigung",
    "Bauvorbescheid",
    "Fahrzeugzulassung",
    "Kurzzeitkennzeichen",
    "Hundesteuer",
    "Grundsteuer",
    "Gaststättenerlaubnis",
    "Sondernutzung",
    "Feuerstättenschau",
    "Führungszeugnis",
    "Meldebescheinigung",
    "Aufenthaltserlaubnis",
    "Einbürgerung",
    "Namensänderung",
    "Unterhaltsvorschuss",
    "Ausbildungsförderung",
    "Schwerbehindertenausweis",
    "Pflegegeld",
    "Blindengeld",
    "Fischereischein",
    "Jagdschein",
    "Waffenbesitzkarte",
    "Baumfällung",
    "Abfallentsorgung",
    "Sperrmüll",
    "Wasserentnahme",
    "Abwasseranschluss",
    "Denkmalförderung",
    "Schulanmeldung",
    "Kindertagespflege",
    "Schülerbeförderung",
    "Marktstand",
    "Reisegewerbekarte",
    "Handwerkskarte",
    "Betriebsstätte",
    "Berufsanerkennung",
    "Prüfungszulassung",
    "Fischzucht",
    "Weinbaukartei",
    "Tierhaltung",
    "Impfbescheinigung",
    "Bestattung",
    "Friedhofsgrab",
    "Parkausweis",
    "Bewohnerparken",
    "Straßensperrung",
    "Veranstaltung",
    "Feuerwerk",
    "Lotterie",
    "Spielhalle",
    "Bewachungsgewerbe",
    "Maklererlaubnis",
    "Versteigerung",
    "Pfandleihe",
    "Taxigenehmigung",
    "Mietwagen",
    "Güterkraftverkehr",
    "Gefahrguttransport",
    "Luftbild",
    "Katasterauszug",
    "Grundbuchauszug",
    "Flurkarte",
    "Umlegung",
    "Erbbaurecht",
    "Bodenrichtwert",
    "Wohnberechtigung",
    "Mietspiegel",
    "Obdachlosenhilfe",
    "Grundsicherung",
    "Eingliederungshilfe",
    "Schuldnerberatung",
    "Rundfunkbefreiung",
    "Sozialticket",
    "Ehrenamtskarte",
    "Vereinsregister",
    "Stiftung",
    "Spendenbescheinigung",
    "Archivbenutzung",
    "Bibliotheksausweis",
    "Musikschule",
    "Volkshochschule",
    "Sportförderung",
    "Schwimmkurs",
    "Ferienpass",
    "Jugendreise",
    "Adoption",
    "Pflegeerlaubnis",
    "Vormundschaft",
    "Beistandschaft",
    "Vaterschaft",
    "Namenserklärung",
    "Lebenspartnerschaft",
    "Kirchenaustritt",
]

OPERATIONS = [
    "beantragen",
    "anmelden",
    "abmelden",
    "ändern",
    "verlängern",
    "anzeigen",
    "bestätigen",
    "genehmigen",
    "befreien",
    "erstatten",
]
"""What is done to an object; with `OBJECTS` the titles of services, and the words that visitors search for."""

_ENGLISH = dict(
    zip(
        OPERATIONS,
        [
            "apply",
            "register",
            "deregister",
            "change",
            "extend",
            "report",
            "confirm",
            "approve",
            "exempt",
            "refund",
        ],
        strict=True,
    )
)


def title(service: int) -> str:
    """A service's German title: an object, and what is done to it; numbered once all pairs are used."""
    name, operation = _pair(service)
    return f"{name} {operation}{_round(service)}"


def english_title(service: int) -> str:
    """The same in English words, the object kept."""
    name, operation = _pair(service)
    return f"{_ENGLISH[operation].capitalize()}: {name}{_round(service)}"


def _pair(service: int) -> tuple[str, str]:
    return OBJECTS[service // len(OPERATIONS) % len(OBJECTS)], OPERATIONS[service % len(OPERATIONS)]


def _round(service: int) -> str:
    around = service // (len(OBJECTS) * len(OPERATIONS))
    return f" ({around + 1})" if around else ""


def german(random: Random, size: int) -> str:
    """Sanitised HTML of about so many characters: paragraphs, a list, a link."""
    parts: list[str] = []
    length = 0
    while length < size:
        kind = int(random.random() * 6)
        part = _list(random) if kind == 0 else f"<p>{_sentences(random, 2 + kind)}</p>"
        parts.append(part)
        length += len(part)
    if size > _LINKED:
        parts.append(f'<p>Mehr dazu: <a href="https://amt.example/{size}">Merkblatt</a></p>')
    return "".join(parts)


_LINKED = 1500
"""Characters from which on a text ends with a link."""


def english(random: Random, size: int) -> str:
    """HTML of about so many characters in English."""
    parts: list[str] = []
    length = 0
    while length < size:
        part = f"<p>{_one(random, ENGLISH_SENTENCES)} {_one(random, ENGLISH_SENTENCES)}</p>"
        parts.append(part)
        length += len(part)
    return "".join(parts)


def _list(random: Random) -> str:
    items = "".join(f"<li>{_one(random, RESTS)}</li>" for _ in range(3 + int(random.random() * 4)))
    return f"<ul>{items}</ul>"


def _sentences(random: Random, count: int) -> str:
    return " ".join(_sentence(random) for _ in range(count))


def _sentence(random: Random) -> str:
    return f"{_one(random, TURNS)} {_one(random, VERBS)} {_one(random, SUBJECTS)} {_one(random, RESTS)}."


def _one(random: Random, words: list[str]) -> str:
    return words[int(random.random() * len(words))]
