"""How many people a service concerns: a list of magnitudes, which orders equals."""

import csv
from importlib.resources import files

from catalog_sync.search import lexicon
from catalog_sync.search.reach import reach
from tests.catalogues import Catalogue

FEW, MANY = "99001001001000", "99002001001000"
SERVICES = f"""leika_key,name,typisierung,ozg_id,ozg_leistung
{FEW},Zwilling Erteilung,2/3,10513,Gewerbeanmeldung
{MANY},Zwilling Erteilung,2/3,10119,Personalausweis
99003001001000,Zwilling Erteilung Ausnahme Sonderfall,2/3,10119,Personalausweis
"""
ASK = """query($query: String) { services(query: $query, first: 20) { edges { node { leikaKey } } } }"""


def test_the_list_is_well_formed_and_says_what_it_is() -> None:
    lines = (files(lexicon) / "reach.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# How many cases a year")
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter=";"))
    assert len({row["ozg_id"] for row in rows}) == len(rows) == 557
    assert all(0 <= int(row["magnitude"]) <= 8 for row in rows)
    assert all(row["ozg_id"].isdigit() for row in rows)


def test_a_bundle_that_nobody_knows_concerns_nobody() -> None:
    assert reach("10119") == 7
    assert reach("no-such") == reach(None) == 0


async def test_it_orders_equal_hits_and_nothing_else(stored: Catalogue) -> None:
    await stored.services(stored.written("twins.csv", SERVICES))

    async def keys(query: str | None) -> list[str]:
        found = await stored.ask(ASK, {"query": query})
        return [edge["node"]["leikaKey"] for edge in found["services"]["edges"]]

    assert (await keys("zwilling"))[:2] == [MANY, FEW]
    listed = await keys(None)
    assert listed == sorted(listed)
