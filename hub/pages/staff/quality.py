"""What a source's office should look at though it was taken: numbers by rule, and the objects of one rule."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from catalog_sync.quality.rules import QualityRule
from hub.pages import queries
from hub.pages.language import chosen
from hub.pages.queries import Graph
from hub.pages.staff.access import StaffDoor, Visit

_MOST_CURSOR = 200
_COUNTS = """query Qualitaet($source: ID!) {
  source(id: $source) { name quality { olderThan counts { rule number } } }
}"""
_FINDINGS = """query Befunde($source: ID!, $rule: QualityRule!, $after: String, $language: Language!) {
  source(id: $source) { quality { findings(rule: $rule, first: 50, after: $after) {
    edges { node { entryId title(language: $language) detail(language: $language) } }
    pageInfo { hasNextPage endCursor }
  } } }
}"""


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The page, which asks the graph like every portal could."""

    door: StaffDoor
    graph: Graph

    async def show(self, request: Request, visit: Visit) -> Response:
        """All rules with their numbers, and what the chosen one finds; else the first that finds something."""
        answer = await queries.ask(self.graph, _COUNTS, {"source": visit.source}, request)
        source = answer.data.get("source")
        if source is None:
            return self.door.forbidden(request, visit)
        counts = {one["rule"]: one["number"] for one in source["quality"]["counts"]}
        wish = request.query_params.get("regel", "")
        first = next((rule for rule, number in counts.items() if number), None)
        rule = wish if wish in QualityRule.__members__ else first
        return self.door.render(
            request,
            visit,
            "staff_quality.html",
            source=source,
            counts=counts,
            rule=rule,
            findings=await self._findings(request, visit, rule) if rule else None,
        )

    async def _findings(self, request: Request, visit: Visit, rule: str) -> dict[str, Any]:
        after = request.query_params.get("hinter", "")[:_MOST_CURSOR] or None
        variables = {"source": visit.source, "rule": rule, "after": after, "language": chosen(request)}
        answer = await queries.ask(self.graph, _FINDINGS, variables, request)
        if (source := answer.data.get("source")) is None:  # a cursor that is none
            return {"edges": [], "pageInfo": {"hasNextPage": False}}
        found: dict[str, Any] = source["quality"]["findings"]
        return found
