"""What portals ask, as the benchmark asks it: operations, and variables that change from request to request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any
from urllib.parse import urlencode

import orjson

from bench.data.offices import leika_key
from bench.data.places import Municipality, municipalities
from bench.data.prose import OPERATIONS
from bench.data.tiers import STATES, Tier
from catalog_sync.search.analyzer import words

PAGE = """
query Page($words: String!, $area: Ars!, $after: String) {
  services(query: $words, first: 20, after: $after) {
    totalCount
    edges {
      node {
        id
        leikaKey
        title
        audiences
        regulatoryTypes { code label }
        description(area: $area) {
          title
          language
          machineTranslated
          modules(kinds: [SHORT_TEXT]) { kind code text language }
          provenance { entryId version level inherited changedAt source { name } }
        }
        responsibilities(area: $area, role: COMPETENT_AUTHORITY) {
          role
          matchedLevel
          authority { id name }
          area { ars name }
        }
        onlineServices(area: $area) { matchedLevel startUrl onlineService { name requiredAssurance } }
        requiredAssurance(area: $area)
      }
    }
  }
}
"""
"""A page of 20 services: 31 leaf values a service."""

SERVICE = """
query Service($key: LeikaKey!, $area: Ars!) {
  area(ars: $area) { ars name level ancestors { name level } }
  service(leikaKey: $key) {
    leikaKey
    title
    description(area: $area) {
      title
      language
      modules {
        kind
        html
        text
        language
        links { url title }
        provenance { source { name } changedAt level inherited }
      }
      fees { kind amount minimum maximum currency description }
      deadlines { kind from until description duration { amount unit unitCode } }
      processingTimes { amount unit unitCode amountTo }
      legalBases { url title }
      keywords
      provenance { source { name } changedAt entryId level }
    }
    responsibilities(area: $area) {
      role
      matchedLevel
      explanation
      authority {
        entryId
        name
        addresses { kind street houseNumber postcode city }
        contacts { channelCode value }
        openingHours
      }
      provenance { source { name } }
    }
    onlineServices(area: $area) { startUrl explanation onlineService { entryId name requiredAssurance } }
    requiredAssurance(area: $area)
  }
}
"""
"""One service page in full."""

PLACE = """
query Place($query: String, $postcode: Postcode) {
  areas(query: $query, postcode: $postcode, first: 10) {
    totalCount
    edges { node { ars name level ancestors { name level } } }
  }
}
"""
"""A place by its name or its postcode."""


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of request.

    Attributes:
        variables: of each request in turn.
    """

    name: str
    query: str
    variables: Sequence[dict[str, Any]]

    def bodies(self) -> list[bytes]:
        """The JSON of each request (GraphQL over HTTP)."""
        return [orjson.dumps({"query": self.query, "variables": one}) for one in self.variables]

    def addresses(self) -> list[str]:
        """The query string of each request by GET."""
        return [
            urlencode({"query": self.query, "variables": orjson.dumps(one).decode()})
            for one in self.variables
        ]


def questions(tier: Tier, count: int = 40) -> tuple[Question, Question, Question]:
    """The three questions, each with so many different variables."""
    places = list(islice(_spread(tier), count))
    asked = [word for word in OPERATIONS if words(word)]  # whoever says beantragen says nothing yet
    said = list(islice(product(("", " "), asked), count))
    page = [
        {"words": said[i % len(said)][1], "area": place.ars, "after": None} for i, place in enumerate(places)
    ]
    service = [
        {"key": leika_key(i * 37 % tier.services), "area": place.ars} for i, place in enumerate(places)
    ]
    found = [
        {"postcode": place.postcode} if i % 2 else {"query": place.name[:6]} for i, place in enumerate(places)
    ]
    return (
        Question("page", PAGE, page),
        Question("service", SERVICE, service),
        Question("place", PLACE, found),
    )


def _spread(tier: Tier) -> Iterator[Municipality]:
    """Places of all states in turn."""
    while True:
        for of_states in zip(*(municipalities(tier, state) for state, _, _ in STATES), strict=True):
            yield from of_states
