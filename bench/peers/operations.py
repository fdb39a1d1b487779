"""What hub and peers are asked alike: four traffics of one set of operations."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, product
from random import Random
from typing import Any

import orjson

from bench.data.offices import leika_key
from bench.data.places import Municipality, municipalities
from bench.data.prose import OPERATIONS
from bench.data.tiers import STATES, Tier
from bench.load import post
from bench.queries import PAGE
from catalog_sync.search.analyzer import words

SERVICE = """
query Service($key: LeikaKey!, $area: Ars!) {
  service(leikaKey: $key) {
    id leikaKey title
    description(area: $area) {
      title language
      modules { kind code html text language }
      provenance { entryId version level inherited changedAt source { name } }
    }
    responsibilities(area: $area) { role matchedLevel authority { id entryId name } area { ars name } }
    onlineServices(area: $area) { matchedLevel startUrl onlineService { name requiredAssurance } }
    requiredAssurance(area: $area)
  }
}
"""
PLACE = """
query Place($query: String, $postcode: Postcode) {
  areas(query: $query, postcode: $postcode, first: 10) { totalCount edges { node { ars name level } } }
}
"""
SUGGEST = """
query Suggest($prefix: String!) { suggestions(prefix: $prefix, first: 8) { text service { leikaKey title } } }
"""
ENTITIES = """
query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Service { leikaKey title audiences }
    ... on Area { ars name level }
    ... on Authority { entryId name }
    ... on OnlineService { entryId called: name requiredAssurance }
  }
}
"""
PAGES = PAGE.replace("$after: String", "$first: Int!").replace("first: 20, after: $after", "first: $first")
"""The page of `make bench`, with its length as a variable too, so that there are enough different ones."""

WORDS = tuple(word for word in OPERATIONS if words(word))
Ask = tuple[str, dict[str, Any]]
"""An operation and its variables."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the catalogue has, to ask for it."""

    authorities: list[str]
    online_services: list[str]


class Traffics:
    """Each traffic as an endless stream of operations; the same for everyone who is asked."""

    def __init__(self, tier: Tier, names: Names) -> None:
        self._places = [place for state, _, _ in STATES for place in municipalities(tier, state)]
        self._keys = [leika_key(number) for number in range(tier.services)]
        self._names = names

    def same(self) -> Iterator[Ask]:
        """The same page again."""
        return cycle([(PAGES, {"words": WORDS[0], "area": self._places[0].ars, "first": 20})])

    def pages(self) -> Iterator[Ask]:
        """A page of 20 services with ever new variables: words, place, and 16 to 24 services."""
        every = list(product(WORDS, (place.ars for place in self._places), range(16, 25)))
        Random(1).shuffle(every)
        for word, area, first in cycle(every):
            yield PAGES, {"words": word, "area": area, "first": first}

    def mix(self) -> Iterator[Ask]:
        """A person's way: suggestions while typing, the hits, the place, the service."""
        chance, pages = Random(2), self.pages()
        for word in cycle(WORDS):
            place: Municipality = chance.choice(self._places)
            yield SUGGEST, {"prefix": word[:4]}
            yield next(pages)
            yield PLACE, {"postcode": place.postcode}
            yield SERVICE, {"key": chance.choice(self._keys), "area": place.ars}

    def entities(self) -> Iterator[Ask]:
        """Fifty entities of a gateway, ever others."""
        chance = Random(3)
        while True:
            yield ENTITIES, {"representations": [self._representation(chance, one) for one in range(50)]}

    def _representation(self, chance: Random, number: int) -> dict[str, str]:
        if number % 5 < 2:
            return {"__typename": "Service", "leikaKey": chance.choice(self._keys)}
        if number % 5 == 2:
            return {"__typename": "Area", "ars": chance.choice(self._places).ars}
        if number % 5 == 3:
            return {"__typename": "Authority", "entryId": chance.choice(self._names.authorities)}
        return {"__typename": "OnlineService", "entryId": chance.choice(self._names.online_services)}


def request(ask: Ask) -> bytes:
    """It over HTTP."""
    query, variables = ask
    return post("/graphql", orjson.dumps({"query": query, "variables": variables}))
