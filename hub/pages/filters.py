"""What narrows a search: values in the address, counts from the graph, links that add, change or remove one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

AUDIENCES = {"person": "CITIZEN", "unternehmen": "BUSINESS", "verwaltung": "ADMINISTRATION"}
LEVELS = {"ohne": "NONE", "niedrig": "LOW", "substanziell": "SUBSTANTIAL", "hoch": "HIGH"}
_LONGEST = 200
_PARAMETERS = ("wer", "online", "niveau", "lage", "feld")
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value to narrow by.

    Attributes:
        code: what the graph calls it: an enum's name, or a name to show as it is.
        count: how many hits there are with it; None where it is chosen and nothing has it.
        chosen: whether the hits are narrowed by it; the address then removes it.
        address: of the results with this value, or without it.
    """

    code: str
    count: int | None
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """All values of one filter, named by its parameter in the address."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters of one address.

    Attributes:
        chosen: by parameter, the values as the address has them; unknown ones are left out.
    """

    chosen: Mapping[str, str]

    def variables(self, *, placed: bool) -> dict[str, Any]:
        """For the graph; what is online is asked only where there is a place."""
        return {
            "audience": AUDIENCES.get(self.chosen.get("wer", "")),
            "situation": self.chosen.get("lage"),
            "field": self.chosen.get("feld"),
            "assurance": LEVELS.get(self.chosen.get("niveau", "")),
            **({"online": "online" in self.chosen} if placed else {}),
        }

    def groups(self, facets: Mapping[str, Any], kept: Mapping[str, str]) -> list[Group]:
        """The counted values; `kept` is what every link keeps (the question and the place)."""
        counted = dict(_counted(facets))
        groups = [Group(name, tuple(self._values(name, counted[name], kept))) for name in _PARAMETERS]
        return [group for group in groups if group.values]

    def _values(
        self, name: str, counted: Iterable[tuple[str, str, int]], kept: Mapping[str, str]
    ) -> Iterable[Value]:
        own, rows = self.chosen.get(name), list(counted)
        if own is not None and all(value != own for value, _, _ in rows):
            rows.insert(0, (own, _code(name, own), 0))
        for value, code, count in rows:
            others = {one: chosen for one, chosen in self.chosen.items() if one != name}
            chosen = value == own
            address = searching({**kept, **others, **({} if chosen else {name: value})})
            yield Value(code, count or None, chosen, address)


def narrowing(query: QueryParams) -> Narrowing:
    """The filters that an address names."""
    allowed: dict[str, Collection[str]] = {"wer": AUDIENCES, "niveau": LEVELS, "online": ("1",)}
    given = {name: query[name][:_LONGEST] for name in _PARAMETERS if query.get(name)}
    return Narrowing({name: value for name, value in given.items() if value in allowed.get(name, (value,))})


def searching(parameters: Mapping[str, str]) -> str:
    """The address of a page of results."""
    return "/suche?" + urlencode(parameters)


def _counted(facets: Mapping[str, Any]) -> Iterable[tuple[str, list[tuple[str, str, int]]]]:
    """By parameter: each value in an address, what to call it, and its count."""
    for name, key, words in (("wer", "audiences", AUDIENCES), ("niveau", "assuranceLevels", LEVELS)):
        in_address = {code: word for word, code in words.items()}
        yield name, [(in_address[one["value"]], one["value"], one["count"]) for one in facets.get(key) or ()]
    yield "online", [("1", "ONLINE", one["count"]) for one in facets.get("online") or () if one["value"]]
    fields = facets.get("policyFields") or ()
    yield "feld", [(one["value"], one["value"], one["count"]) for one in fields]
    situations = facets.get("lifeSituations") or ()
    yield "lage", [(one["value"]["id"], one["value"]["name"], one["count"]) for one in situations]


def _code(name: str, value: str) -> str:
    return {"wer": AUDIENCES, "niveau": LEVELS, "online": {"1": "ONLINE"}}.get(name, {}).get(value, value)
