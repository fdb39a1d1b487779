"""Online services and the links by which one starts."""

import re
from collections.abc import Sequence
from urllib.parse import quote

from catalog_sync.catalog.keys import AreaLevel, ars_of
from catalog_sync.catalog.language import LanguageTag, best
from catalog_sync.catalog.model import Link
from catalog_sync.catalog.records import OnlineServiceRecord
from identity.assurance import AssuranceLevel
from resolvers.assurance import level_of_code
from resolvers.context import Info
from resolvers.provenance import of_record
from resolvers.texts import in_language
from resolvers.views import OfferView, ProvenanceView

German = LanguageTag("de")
_PARAMETER = re.compile(r"\{([^{}]*)\}")
_START = "01"
"""Link type of the online service itself (urn:xoev-de:fim:codeliste:onlinedienstlinktyp)."""


def name(root: OnlineServiceRecord, language: LanguageTag | None = German) -> str | None:
    """Its name."""
    return in_language(root.head.names, language)


def links(root: OnlineServiceRecord, language: LanguageTag | None = None) -> list[Link]:
    """Its links; those in the language that serves best when one is asked for."""
    found = list(root.head.links)
    if language is None:
        return found
    chosen = best(language, (link.language or German for link in found))
    return [link for link in found if (link.language or German) == chosen]


def required_assurance(root: OnlineServiceRecord) -> AssuranceLevel | None:
    """The level that it asks for; null where that is unknown."""
    return level_of_code(root.head.assurance)


def provenance(root: OnlineServiceRecord, info: Info) -> ProvenanceView:
    """Where it comes from."""
    return of_record(info.context, root)


def start_url(root: OfferView) -> str | None:
    """The link by which one starts here: the portal's own, with service and place filled in where it names them.

    A name in braces is a parameter (XZuFi: Links carry parameters that are filled in for service and area); each
    value is percent-encoded. A link that names a parameter that is not known here is not offered.
    """
    values = _values(root)
    for link in _preferred(root.online_service.head.links):
        names = _PARAMETER.findall(link.url)
        if all(values.get(parameter.casefold()) for parameter in names):
            return _PARAMETER.sub(lambda match: quote(values[match[1].casefold()] or "", safe=""), link.url)
    return None


def _preferred(found: Sequence[Link]) -> list[Link]:
    return sorted(
        found, key=lambda link: (link.type_code not in (None, _START), (link.language or German) != German)
    )


def _values(root: OfferView) -> dict[str, str | None]:
    ars = ars_of(root.place)
    is_municipality = len(root.place) in (AreaLevel.DISTRICT, AreaLevel.MUNICIPALITY) or not root.place[2:]
    ags = ars[:5] + ars[9:] if is_municipality else None
    return {
        "leikakey": root.leika_key,
        "leika": root.leika_key,
        "leistungsschluessel": root.leika_key,
        "leistungid": root.entry_id,
        "leistung": root.entry_id,
        "ars": ars,
        "regionalschluessel": ars,
        "ags": ags,
        "gemeindeschluessel": ags,
        "gebietid": ars,
    }
