"""What the pages ask: they know nothing but what a portal may know through the graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request

from hub.errors import HubError


class Graph(Protocol):
    """The same execution as behind /graphql, without the way over the network."""

    async def execute(self, query: str, variables: dict[str, Any], request: Request) -> dict[str, Any]:
        """An answer with ``data`` and perhaps ``errors`` (GraphQL specification, section 7)."""


class GraphError(HubError):
    """The graph gave no data at all, for a reason that is not the reader's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the graph said.

    Attributes:
        data: the answer, with null where something failed.
        codes: of its errors, such as BAD_ARS.
    """

    data: Mapping[str, Any]
    codes: frozenset[str]


async def ask(graph: Graph, query: str, variables: dict[str, Any], request: Request) -> Answer:
    """Ask the graph.

    Raises:
        GraphError: when there is no data, and not because of an argument (whose error code starts with BAD_).
    """
    found = await graph.execute(query, variables, request)
    errors = found.get("errors") or []
    codes = frozenset(str(error.get("extensions", {}).get("code", "")) for error in errors)
    if found.get("data") is None and not any(code.startswith("BAD_") for code in codes):
        raise GraphError(
            "; ".join(str(error.get("message")) for error in errors) or "The graph gave no data."
        )
    return Answer(found.get("data") or {}, codes)


_VIEWER = """
  viewer { subject { name } assurance actingFor { name } }"""

_PLACE = """
fragment Place on Area { ars name level ancestors { ars name level } }"""

_ORIGIN = """
fragment Origin on Provenance { source { name } entryId changedAt approvedAt level inherited }"""

FRONT = f"""query Startseite {{{_VIEWER}
  catalogue {{ counts {{ kind live }} }}
  sources {{ key name freshness areas {{ name }} }}
  lifeSituations {{ id name }}
}}"""

PLACE = f"""query Ort($ars: Ars!) {{
  area(ars: $ars) {{ ...Place }}
}}{_PLACE}"""

PLACES_BY_NAME = f"""query OrteMitNamen($name: String!) {{
  areas(query: $name, first: 20) {{ totalCount edges {{ node {{ ...Place }} }} }}
}}{_PLACE}"""

PLACES_BY_POSTCODE = f"""query OrteMitPostleitzahl($postcode: Postcode!) {{
  areas(postcode: $postcode, first: 50) {{ totalCount edges {{ node {{ ...Place }} }} }}
}}{_PLACE}"""

_BESIDE = """
fragment Beside on ServiceConnection {
  totalCount pageInfo { hasNextPage endCursor } didYouMean nearestBundles { id name } place { ...Place }
  facets {
    audiences { value count } lifeSituations { value { id name } count } policyFields { value count }
    online { value count } assuranceLevels { value count }
  }
}
fragment Reasons on ServiceEdge {
  why {
    match relative { leikaKey title(language: $language) }
    parts { asked matched fields how thesaurus { word language } }
  }
  highlights(language: $language) { title { text matched } summary { text matched } }
}"""

SEARCH = f"""query Suche(
  $query: String, $situation: ID, $audience: Audience, $field: String, $assurance: AssuranceLevel,
  $language: Language!, $first: Int!, $after: String
) {{{_VIEWER}
  services(
    query: $query, lifeSituation: $situation, audience: $audience, policyField: $field, assuranceLevel: $assurance,
    first: $first, after: $after
  ) {{
    ...Beside
    edges {{ ...Reasons node {{
      leikaKey title(language: $language) lifeSituations {{ id name }}
      description(language: $language) {{
        title language modules(kinds: [TEASER, SHORT_TEXT]) {{ kind text language }}
      }}
    }} }}
  }}
}}{_BESIDE}{_PLACE}"""

SEARCH_AT_PLACE = f"""query SucheAmOrt(
  $query: String, $situation: ID, $audience: Audience, $field: String, $assurance: AssuranceLevel, $online: Boolean,
  $area: Ars!, $language: Language!, $first: Int!, $after: String
) {{{_VIEWER}
  services(
    query: $query, lifeSituation: $situation, audience: $audience, policyField: $field, assuranceLevel: $assurance,
    onlineOnly: $online, area: $area, first: $first, after: $after
  ) {{
    ...Beside
    edges {{ ...Reasons node {{
      leikaKey title(language: $language) lifeSituations {{ id name }} requiredAssurance(area: $area)
      description(area: $area, language: $language) {{
        title language modules(kinds: [TEASER, SHORT_TEXT]) {{ kind text language }}
      }}
      responsibilities(area: $area, role: COMPETENT_AUTHORITY) {{ authority {{ name(language: $language) }} }}
      onlineServices(area: $area) {{ startUrl }}
    }} }}
  }}
}}{_BESIDE}{_PLACE}"""

SUGGESTIONS = """query Vorschlaege($prefix: String!, $area: Ars, $language: Language!) {
  suggestions(prefix: $prefix, area: $area) { text service { leikaKey title(language: $language) } }
}"""

SUGGESTED_PLACES = """query OrteVorschlagen($query: String!) {
  areas(query: $query, first: 8) { edges { node { ars name distinction } } }
}"""

_TEXTS = """
      title language machineTranslated
      modules { kind code html text language links { url title } provenance { ...Origin } }
      fees { kind amount minimum maximum currency prepaid description provenance { ...Origin } }
      deadlines { kind duration { ...Span } from until description provenance { ...Origin } }
      processingTimes { ...Span provenance { ...Origin } }
      legalBases { url title description }"""

_SPAN = """
fragment Span on Duration { amount unit unitCode amountTo unitTo unitToCode }"""

SERVICE = f"""query Leistung($key: LeikaKey!, $language: Language!) {{{_VIEWER}
  service(leikaKey: $key) {{
    leikaKey title(language: $language) requiredAssurance
    description(language: $language) {{{_TEXTS}
    }}
    entries {{ languages }}
  }}
}}{_SPAN}{_ORIGIN}"""

SERVICE_AT_PLACE = f"""query LeistungAmOrt($key: LeikaKey!, $area: Ars!, $language: Language!) {{{_VIEWER}
  service(leikaKey: $key) {{
    leikaKey title(language: $language) requiredAssurance(area: $area)
    description(area: $area, language: $language) {{{_TEXTS}
    }}
    entries(area: $area) {{ languages }}
    viewerCanStart(area: $area) {{ allowed reason required current stepUpUrl onlineService {{ entryId }} }}
    onlineServices(area: $area) {{
      startUrl explanation(language: $language)
      onlineService {{ entryId name(language: $language) requiredAssurance links {{ url title }} }}
    }}
    responsibilities(area: $area) {{
      role matchedLevel explanation(language: $language) area {{ name }} provenance {{ ...Origin }}
      authority {{
        name(language: $language) openingHours
        addresses {{ kind street houseNumber postcode city }}
        contacts {{ channelCode value }}
      }}
    }}
  }}
}}{_SPAN}{_ORIGIN}"""
