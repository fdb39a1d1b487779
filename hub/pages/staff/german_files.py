"""German for why a file was refused, and what would mend it; see `german`."""

from collections.abc import Mapping

from hub.pages.staff.german import Pairs

_PLAIN = ("Send an XZuFi message as plain XML.", "Liefern Sie eine XZuFi-Nachricht als einfaches XML.")
_PARTS = ("Send it in several messages.", "Liefern Sie den Inhalt in mehreren Nachrichten.")

FILES: Mapping[str, tuple[Pairs, Pairs]] = {
    "not-xml": (
        (
            ("The file has no root element.", "Die Datei hat kein Wurzelelement."),
            (
                "The file is no XML: it does not begin with an XML element.",
                "Die Datei ist kein XML: Sie beginnt nicht mit einem Element.",
            ),
            ("The file is no XML: it is empty.", "Die Datei ist leer."),
            ("The file is no XML: it is packed ({how}).", "Die Datei ist kein XML: Sie ist gepackt ({how})."),
        ),
        (_PLAIN,),
    ),
    "not-well-formed": (
        (("The file is not well-formed XML: {why}.", "Die Datei ist kein wohlgeformtes XML: {why}."),),
        (
            (
                "Send the whole file again; nothing of it was taken.",
                "Liefern Sie die ganze Datei noch einmal. Es wurde nichts davon angenommen.",
            ),
        ),
    ),
    "doctype": (
        (
            (
                "The file has a document type declaration (DOCTYPE).",
                "Die Datei hat eine Dokumenttyp-Deklaration (DOCTYPE).",
            ),
        ),
        (
            (
                "XZuFi messages need none: send the file without DOCTYPE and entities.",
                "XZuFi-Nachrichten brauchen keine. Liefern Sie die Datei ohne DOCTYPE und ohne Entitäten.",
            ),
        ),
    ),
    "encoding": (
        (
            (
                "The file says that it is in {name}, which is not read or not so.",
                "Die Datei gibt die Kodierung {name} an. Die wird hier nicht gelesen, oder sie stimmt nicht.",
            ),
        ),
        (("Send UTF-8.", "Liefern Sie UTF-8."),),
    ),
    "unknown-version": (
        (
            (
                "The file is no XZuFi message that is read here: {what}.",
                "Die Datei ist keine XZuFi-Nachricht, die hier gelesen wird: {what}.",
            ),
        ),
        (
            (
                "Send XZuFi 2.1, 2.2 or 2.3, like http://xoev.de/schemata/xzufi/2_2_0.",
                "Liefern Sie XZuFi 2.1, 2.2 oder 2.3, wie http://xoev.de/schemata/xzufi/2_2_0.",
            ),
        ),
    ),
    "limit-passed": (
        (
            (
                "The file has more than {number} bytes as delivered.",
                "Die Datei hat mehr als {number} Bytes, so wie sie kam.",
            ),
            (
                "The file has more than {number} bytes of XML for each packed byte.",
                "Die Datei hat mehr als {number} Bytes XML je gepacktem Byte.",
            ),
            (
                "The file has more than {number} bytes in one object.",
                "Ein Objekt der Datei hat mehr als {number} Bytes.",
            ),
            (
                "The file has more than {number} marks in one object.",
                "Ein Objekt der Datei hat mehr als {number} Markierungen.",
            ),
            ("The file has more than {number} bytes.", "Die Datei hat mehr als {number} Bytes."),
            (
                "The file passes a limit of the parser: {what}.",
                "Die Datei überschreitet eine Grenze des Lesers: {what}.",
            ),
            (
                "No element begins within {number} bytes.",
                "In den ersten {number} Bytes beginnt kein Element.",
            ),
        ),
        (
            _PARTS,
            ("Send smaller objects.", "Liefern Sie kleinere Objekte."),
            ("Send a message without preface.", "Liefern Sie eine Nachricht ohne Vorspann."),
            (
                "Send elements at most 256 deep, and texts and attributes below 10 MB.",
                "Liefern Sie Elemente in höchstens 256 Ebenen, Texte und Attribute unter 10 MB.",
            ),
        ),
    ),
    "gzip-inside": (
        (
            (
                "The file is gzip, but neither its name nor its sender says so.",
                "Die Datei ist mit gzip gepackt, aber weder ihr Name noch ihr Absender sagt das.",
            ),
        ),
        (
            (
                "Name it .xml.gz, or send it with Content-Encoding: gzip.",
                "Nennen Sie die Datei .xml.gz, oder senden Sie sie mit Content-Encoding: gzip.",
            ),
        ),
    ),
    "not-gzip": (
        (
            (
                "The file is said to be gzip, but is not.",
                "Die Datei soll mit gzip gepackt sein, ist es aber nicht.",
            ),
        ),
        (
            (
                "Name it .xml, or send it without Content-Encoding.",
                "Nennen Sie die Datei .xml, oder senden Sie sie ohne Content-Encoding.",
            ),
        ),
    ),
    "broken-gzip": (
        (("The file cannot be unpacked: {why}.", "Die Datei lässt sich nicht entpacken: {why}."),),
        (("Pack and deliver it again.", "Packen und liefern Sie die Datei noch einmal."),),
    ),
    "unreadable-file": (
        (("The file cannot be read: {why}.", "Die Datei lässt sich nicht lesen: {why}."),),
        (
            (
                "Deliver it again; in a snapshot, deliver all files.",
                "Liefern Sie sie noch einmal, bei einer Gesamtlieferung alle Dateien.",
            ),
        ),
    ),
}
"""By rule: why a file was refused, and what would mend it."""
