"""What the made-up texts are put together from."""

SUBJECTS = (
    """
die Behörde|die zuständige Stelle|das Bürgeramt|der Antrag|die antragstellende Person|das Fachamt|der Nachweis|die Frist
der Bescheid|die Gebühr|das Landratsamt|die Gemeinde|die Unterlage|das Verfahren|die Bestätigung|der Termin
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
VERBS = """
prüft|bestätigt|ergänzt|verlangt|ersetzt|begründet|bewilligt|dokumentiert|berücksichtigt|veröffentlicht|übermittelt|benötigt
""".strip().split("|")
RESTS = (
    """
die vollständigen Angaben zur Person|alle erforderlichen Unterlagen innerhalb von vier Wochen|den bisherigen Bescheid
eine schriftliche Erklärung der Beteiligten|die örtlichen Verhältnisse nach Aktenlage|den Antrag auf elektronischem Weg
das persönliche Erscheinen bei Bedarf|die Höhe der Kosten nach dem Verzeichnis|den Zeitpunkt der Entscheidung
die Nachweise über Wohnort und Staatsangehörigkeit|eine Vollmacht, wenn jemand anderes handelt|den Stand des Verfahrens
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
TURNS = [
    "In der Regel",
    "Darüber hinaus",
    "Im Einzelfall",
    "Vor Ort",
    "Bei Rückfragen",
    "Anschließend",
    "Ohne Weiteres",
    "Zunächst",
]

ENGLISH_SENTENCES = """
The office checks your application and writes to you when something is missing.
Please bring your identity card and, where somebody acts for you, a written authority.
The fee follows the list of fees of the place where you live and is due with the decision.
You can apply online, by post or in person during the opening hours of the office.
The decision usually reaches you within four weeks after all papers have arrived.
Your data are kept only as long as the law says and are not passed on without reason.
""".strip().splitlines()
