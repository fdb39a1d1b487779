"""German for what a run noted of an object or a message and left out, while the rest was kept; see `german`."""

from hub.pages.staff.german import NO_ARS, OBJECTS, Pairs

_OUT = "Das ist weggelassen"
_ID_RULES = ("missing-id", "missing-agency", "bad-agency", "bad-id")


def _followed(pairs: Pairs, english: str, german: str) -> Pairs:
    """What is wrong, and what was done about it."""
    return tuple((f"{one}{english}", f"{other}{german}") for one, other in pairs)


_SPECIAL: Pairs = (
    ("{said} is no day; this deadline is left out.", "{said} ist kein Tag. Diese Frist ist weggelassen."),
    (
        "{said} is no day; this gueltigkeit is left out.",
        "{said} ist kein Tag. Diese Gültigkeit ist weggelassen.",
    ),
    (
        "{said} is no day; fachlichFreigegebenAm is left out.",
        f"{{said}} ist kein Tag (fachlichFreigegebenAm). {_OUT}.",
    ),
    (
        "A deadline without span and without day; it is left out.",
        f"Eine Frist ohne Dauer und ohne Tag. {_OUT}.",
    ),
    ("A processing time without a span; it is left out.", f"Eine Bearbeitungsdauer ohne Zeitspanne. {_OUT}."),
    (
        "{said} is no number; this span is left out.",
        "{said} ist keine Zahl. Diese Zeitspanne ist weggelassen.",
    ),
    (
        "{said} is no unit of time; this span is left out.",
        "{said} ist keine Zeiteinheit. Diese Zeitspanne ist weggelassen.",
    ),
    (
        "{said} is no amount of money; this fee is left out.",
        "{said} ist kein Geldbetrag. Diese Kostenangabe ist weggelassen.",
    ),
    (
        "A fee without an amount, and not said to be free or variable; it is left out.",
        f"Eine Kostenangabe ohne Betrag, die weder als kostenfrei noch als variabel bezeichnet ist. {_OUT}.",
    ),
    (
        "A fee from {minimum} to {maximum}; it is left out.",
        f"Eine Kostenangabe von {{minimum}} bis {{maximum}}. {_OUT}.",
    ),
    ("{said} is no currency; it is left out.", f"{{said}} ist keine Währung. {_OUT}."),
    (
        "{name} has {number} characters, more than {most}; it is left out.",
        f"{{name}} hat {{number}} Zeichen, mehr als {{most}}. {_OUT}.",
    ),
    (
        "{name} holds elements where escaped HTML belongs; its words are kept.",
        "In {name} stehen Elemente, wo maskiertes HTML hingehört. Der Wortlaut ist übernommen.",
    ),
    (
        "{said} is no language; what is in it is left out.",
        "{said} ist keine Sprache. Was in ihr geschrieben ist, ist weggelassen.",
    ),
    ("{said} is no language; it is left out.", f"{{said}} ist keine Sprache. {_OUT}."),
    (
        "A second {name} in language {language}; the first is kept.",
        "Ein zweites Mal {name} in der Sprache {language}. Übernommen ist das erste.",
    ),
    ("{said} is no code; this {name} is left out.", f"{{said}} ist kein Code ({{name}}). {_OUT}."),
    (
        "{said} is neither true nor false; {name} is left out.",
        f"{{said}} ist weder wahr (true) noch falsch (false) ({{name}}). {_OUT}.",
    ),
    ("{said} is no number; {name} is left out.", f"{{said}} ist keine Zahl ({{name}}). {_OUT}."),
    (
        (
            "{said} is no address that the hub passes on (http, https, mailto or tel, {most} characters at most); the "
            "link is left out."
        ),
        (
            "{said} ist keine Adresse, die der Hub weitergibt (http, https, mailto oder tel, höchstens {most} "
            "Zeichen). Der Link ist weggelassen."
        ),
    ),
    ("An online service without a name (bezeichnung).", "Ein Onlinedienst ohne Namen (bezeichnung)."),
    (
        "An address without street, post box and place; it is left out.",
        f"Eine Anschrift ohne Straße, Postfach und Ort. {_OUT}.",
    ),
    (
        "A contact without channel or number; it is left out.",
        f"Eine Kommunikationsangabe ohne Kanal oder Kennung. {_OUT}.",
    ),
    ("{said} is no identifier; this {name} is left out.", f"{{said}} ist keine Kennung ({{name}}). {_OUT}."),
    (
        "{said} is no code list; this klassifizierung is left out.",
        "{said} ist keine Codeliste. Diese Klassifizierung ist weggelassen.",
    ),
    ("A specialisation without areas.", "Eine Spezialisierung ohne Gebiete."),
    (
        "A text module without its code (leikaTextmodul); it is left out.",
        f"Ein Textmodul ohne seinen Code (leikaTextmodul). {_OUT}.",
    ),
    (
        "{said} is no role of a responsibility (01 or 03); it is left out.",
        f"{{said}} ist keine Rolle einer Zuständigkeit (01 oder 03). {_OUT}.",
    ),
    ("Area {area} does not exist; it was left out.", "Das Gebiet {area} gibt es nicht. Es ist weggelassen."),
    (
        "Service key {key} is not in the LeiKa catalogue.",
        "Der Leistungsschlüssel {key} steht nicht im Leistungskatalog (LeiKa).",
    ),
)
_MESSAGE: Pairs = (
    ("schreibe {position} is empty.", "schreibe Nummer {position} ist leer."),
    (
        "{said} is neither schreibe nor loesche; it is left out.",
        f"{{said}} ist weder schreibe noch loesche. {_OUT}.",
    ),
    (
        "erstelltDatumZeit {said} of the message is not a date; it is left out.",
        f"Die erstelltDatumZeit {{said}} der Nachricht ist kein Datum. {_OUT}.",
    ),
    (
        "The message has no erstelltDatumZeit that can be read; the time of its arrival stands for it.",
        "Die Nachricht hat keine lesbare erstelltDatumZeit. An ihrer Stelle gilt, wann sie angekommen ist.",
    ),
)

NOTICES: Pairs = (
    *_SPECIAL,
    *_MESSAGE,
    *_followed(NO_ARS, " This area is left out.", " Dieses Gebiet ist weggelassen."),
    *(pair for rule in _ID_RULES for pair in _followed(OBJECTS[rule][0], "; it is left out.", f". {_OUT}.")),
)
"""Special ones stand before general ones."""
