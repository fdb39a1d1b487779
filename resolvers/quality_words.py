"""What a finding says to people, in German and English."""

from catalog_sync.catalog.language import LanguageTag
from catalog_sync.quality.reading import Finding
from catalog_sync.quality.rules import QualityRule
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
}
_MODULES = {
    "03": ("Bezeichnung (03 oder 02)", "title (03 or 02)"),
    "05": ("Kurztext (05) oder Teaser (24)", "short text (05) or teaser (24)"),
    "06": ("Volltext (06)", "full text (06)"),
    "07": ("Rechtsgrundlage (07)", "legal basis (07)"),
    "08": ("erforderliche Unterlagen (08)", "required documents (08)"),
    "11": ("Verfahrensablauf (11)", "procedure (11)"),
}


def detail_of(finding: Finding, language: LanguageTag | None) -> str:
    """The sentence of one finding; German unless English is asked for."""
    english = (language or "").casefold().startswith("en")
    return _DETAILS[finding.rule][english].format(_particulars(finding, english=english))


def _particulars(finding: Finding, *, english: bool) -> str:
    if finding.rule is QualityRule.OUTDATED:
        changed = moment(finding.record.changed_at)
        return "" if changed is None else changed.strftime("%Y-%m-%d" if english else "%d.%m.%Y")
    if finding.rule is QualityRule.MISSING_MODULES:
        return ", ".join(_MODULES[code][english] for code in finding.particulars)
    return ", ".join(finding.particulars)
