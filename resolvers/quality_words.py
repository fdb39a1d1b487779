"""What a finding says to people, in German and English."""

from collections.abc import Sequence

from catalog_sync.catalog.language import LanguageTag
from catalog_sync.links.verdicts import LinkReport, Trouble
from catalog_sync.quality.reading import Finding
from catalog_sync.quality.rules import VERDICTS, QualityRule
from resolvers.moments import BERLIN
from resolvers.views import moment

_DETAILS = {
    QualityRule.MISSING_MODULES: ("Es fehlt: {}.", "Missing: {}."),
    QualityRule.NOT_APPROVED: (
        "Es steht kein Datum der fachlichen Freigabe dabei.",
        "It has no date of approval.",
    ),
    QualityRule.OUTDATED: ("Zuletzt geändert am {}.", "Last changed on {}."),
    QualityRule.RESPONSIBILITY_WAITING: ("Noch nicht geliefert: {}.", "Not delivered yet: {}."),
    QualityRule.WITHOUT_RESPONSIBILITY: (
        "Für diese Leistung ist keine Zuständigkeit da.",
        "There is no responsibility for this service.",
    ),
    QualityRule.ONLINE_SERVICE_WITHOUT_LINK: ("Es steht kein Link dabei.", "It has no link."),
    QualityRule.DUPLICATE: (
        "Dieselbe Leistung im selben Gebiet beschreibt auch: {}.",
        "The same service in the same area is described by {} too.",
    ),
    QualityRule.WITHOUT_AREAS: (
        "Es steht kein Gebiet dabei: sie gilt im ganzen Gebiet der Quelle.",
        "It names no area: it holds wherever its source may write.",
    ),
    QualityRule.DEAD_LINK: ("Führt ins Leere: {}.", "Leads nowhere: {}."),
    QualityRule.MOVED_LINK: ("Umgezogen: {}.", "Moved: {}."),
    QualityRule.REFUSED_LINK: ("Von außen nicht erreichbar: {}.", "Not reachable from outside: {}."),
}
_MODULES = {
    "03": ("Bezeichnung (03 oder 02)", "title (03 or 02)"),
    "05": ("Kurztext (05) oder Teaser (24)", "short text (05) or teaser (24)"),
    "06": ("Volltext (06)", "full text (06)"),
    "07": ("Rechtsgrundlage (07)", "legal basis (07)"),
    "08": ("erforderliche Unterlagen (08)", "required documents (08)"),
    "11": ("Verfahrensablauf (11)", "procedure (11)"),
}
_TROUBLES = {
    Trouble.DNS: ("den Namen gibt es nicht", "there is no such name"),
    Trouble.CONNECT: ("der Server ist nicht erreichbar", "its server can't be reached"),
    Trouble.TLS: ("das Zertifikat gilt nicht", "its certificate is not valid"),
    Trouble.TIMEOUT: ("es kommt keine Antwort", "no answer comes in time"),
    Trouble.CUT_OFF: ("die Verbindung bricht ab", "the connection breaks off"),
    Trouble.REDIRECTS: ("er leitet immer weiter", "it redirects again and again"),
    Trouble.ROBOTS: ("robots.txt lässt es nicht zu", "its robots.txt does not allow it"),
    Trouble.PRIVATE: ("ein internes Netz", "a private network"),
    Trouble.MALFORMED: ("keine Adresse des Webs", "no address of the web"),
}
_SHOWN_LINKS = 3


def detail_of(finding: Finding, language: LanguageTag | None) -> str:
    """The sentence of one finding; German unless English is asked for."""
    english = (language or "").casefold().startswith("en")
    return _DETAILS[finding.rule][english].format(_particulars(finding, english=english))


def _particulars(finding: Finding, *, english: bool) -> str:
    if finding.rule is QualityRule.OUTDATED:
        return _day(finding.record.changed_at, english=english)
    if finding.rule is QualityRule.MISSING_MODULES:
        return ", ".join(_MODULES[code][english] for code in finding.particulars)
    if finding.rule in VERDICTS:
        return _links(finding.links, english=english)
    return ", ".join(finding.particulars)


def _links(links: Sequence[LinkReport], *, english: bool) -> str:
    shown = [_link(one, english=english) for one in links[:_SHOWN_LINKS]]
    if more := len(links) - len(shown):
        shown.append(f"{more} more" if english else f"{more} weitere")
    return "; ".join(shown)


def _link(report: LinkReport, *, english: bool) -> str:
    """An address, what was answered there, and since when."""
    since = f"{'since' if english else 'seit'} {_day(report.since, english=english)}"
    if report.target is not None:
        return f"{report.url} → {report.target} ({since})"
    words = (
        _TROUBLES[Trouble(report.answer)] if not report.answer.isdigit() else (f"HTTP {report.answer}",) * 2
    )
    return f"{report.url} ({words[english]}, {since})"


def _day(microseconds: int | None, *, english: bool) -> str:
    at = moment(microseconds)
    return "" if at is None else at.astimezone(BERLIN).strftime("%Y-%m-%d" if english else "%d.%m.%Y")
