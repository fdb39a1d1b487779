"""`changes` in the graph: the feed with the objects as they are now."""

from typing import Any

import pytest

from tests.catalogues import WETZLAR, Catalogue
from tests.makers import authority, delete, message, online_service, rule, service

CHANGES = """query ($after: ChangeCursor, $area: Ars, $first: Int = 10) {
  changes(after: $after, area: $area, first: $first) {
    edges { cursor node { cursor entryId kind action version at changedAt receivedAt areas { ars }
                          entry { __typename id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


async def page(catalogue: Catalogue, **variables: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await catalogue.ask(CHANGES, variables))["changes"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["entryId"] for edge in found["edges"]]


async def test_changes_are_told_in_order_with_the_object_as_it_is_now(stored: Catalogue) -> None:
    await stored.deliver(
        "hessen",
        message(writes=[service("1", label="V1"), authority("7"), rule("9", "7", "1", areas=[WETZLAR])]),
    )
    gone = message(created="2026-03-03T04:15:00+01:00", deletes=[delete("Organisationseinheit", "7")])
    await stored.deliver("hessen", gone)
    found = await page(stored)
    assert names(found)[:3] == ["L100042.LB.1", "L100042.OE.7", "L100042.ZS.9"]
    first, second = found["edges"][0]["node"], found["edges"][1]["node"]
    assert (first["kind"], first["action"], first["version"]) == ("SERVICE_ENTRY", "ADDED", "V1")
    assert first["areas"] == [{"ars": "060000000000"}]
    assert first["changedAt"] == "2026-02-01T10:30:00+00:00"
    assert first["entry"]["__typename"] == "ServiceEntry"
    assert (second["action"], second["entry"]) == ("ADDED", None)
    assert [
        edge["node"]["action"] for edge in found["edges"] if edge["node"]["entryId"] == "L100042.OE.7"
    ] == [
        "ADDED",
        "GONE",
    ]


async def test_rules_are_shown_by_who_acts(stored: Catalogue) -> None:
    writes = [
        service("1"),
        authority("7"),
        online_service("8"),
        rule("9", "7", "1"),
        rule("10", "8", "1", online=True),
    ]
    await stored.deliver("hessen", message(writes=writes))
    kinds = {e["node"]["entryId"]: e["node"]["entry"]["__typename"] for e in (await page(stored))["edges"]}
    assert kinds["L100042.ZS.9"] == "Responsibility"


async def test_pages_follow_each_other(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[service(str(number)) for number in range(5)]))
    first = await page(stored, first=3)
    assert first["pageInfo"]["hasNextPage"] is True
    assert (
        first["pageInfo"]["endCursor"] == first["edges"][-1]["cursor"] == first["edges"][-1]["node"]["cursor"]
    )
    second = await page(stored, after=first["pageInfo"]["endCursor"])
    assert (len(second["edges"]), second["pageInfo"]["hasNextPage"]) == (2, False)
    assert second["pageInfo"]["hasPreviousPage"] is True
    end = await page(stored, after=second["pageInfo"]["endCursor"])
    assert (end["edges"], end["pageInfo"]["endCursor"]) == ([], second["pageInfo"]["endCursor"])


async def test_an_area_hears_of_itself_and_its_cursor_moves_over_the_rest(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[service("1"), service("2", areas=["065310000000"])]))
    assert names(await page(stored, area=WETZLAR)) == ["L100042.LB.1"]
    elsewhere = await page(stored, area="14")
    assert elsewhere["edges"] == []
    assert elsewhere["pageInfo"]["endCursor"] == (await page(stored))["pageInfo"]["endCursor"]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"after": "x"}, "BAD_CURSOR"),
        ({"after": "YWJjOjE"}, "CURSOR_GONE"),
        ({"first": 0}, "BAD_PAGE_SIZE"),
        ({"first": 101}, "BAD_PAGE_SIZE"),
        ({"first": None}, "BAD_PAGE_SIZE"),
        ({"area": "6"}, "BAD_ARS"),
    ],
)
async def test_a_wrong_question_hears_what_is_right(
    catalogue: Catalogue, variables: dict[str, Any], code: str
) -> None:
    assert (await catalogue.error(CHANGES, variables))[0] == code


async def test_statements_do_not_grow_with_the_page(catalogue: Catalogue) -> None:
    writes = [service("1"), authority("7"), *(rule(str(n), "7", "1", areas=[WETZLAR]) for n in range(20, 40))]
    await catalogue.deliver("hessen", message(writes=writes))
    counted = []
    for first in (3, 22):
        catalogue.count_anew()
        assert len((await page(catalogue, first=first))["edges"]) == first
        counted.append(len(catalogue.catalog.statements))
    assert counted[1] <= counted[0] + 3
