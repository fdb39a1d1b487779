"""The number of SQL statements of a query does not grow with its rows."""

from collections.abc import Callable

import pytest

from tests.catalogues import Catalogue
from tests.makers import (
    Name,
    authority,
    message,
    online_service,
    rule,
    service,
    specialisation,
)

Choose = Callable[[Catalogue], Catalogue]
PAGE = """query($first: Int!) { services(query: "seite", area: "065320023023", first: $first) { totalCount edges { node {
  id leikaKey title regulatoryTypes { code label } ozgBundle { id name } lifeSituations { id name } audiences
  entries { entryId title languages source { key } validIn { name postcodes } provenance { approvedBy }
    modules { code text } fees { amount } keywords
    responsibilities(area: "065320023023") { authority { name addresses { street } } } }
  here: entries(area: "065320023023") { entryId }
  description(area: "065320023023", language: "de") {
    title keywords legalBases { url } requiredDocuments { text }
    modules { code html text links { url } provenance { source { name } approvedBy } }
    fees { amount provenance { source { key } approvedBy } }
    deadlines { from provenance { entryId } } processingTimes { amount }
    provenance { source { name areas { name } } approvedBy } alternatives { entryId title fees { amount } }
  }
  responsibilities(area: "065320023023") { explanation authority { name addresses { street } contacts { value }
    openingHours } area { name postcodes } provenance { source { name } approvedBy } }
  onlineServices(area: "065320023023") { startUrl explanation onlineService { name links { url } } area { name } }
  requiredAssurance(area: "065320023023")
  viewerCanStart(area: "065320023023") { reason onlineService { name } }
} } } }"""


async def filled(catalogue: Catalogue, number: int) -> None:
    """Some services, each with base text, state, city, specialisation, rules, authorities and online services."""
    federal = [Name("B100019", f"{one}") for one in range(number)]
    keys = [f"99{one:03}001001000" for one in range(number)]
    rows = [f"{key},Seite,2/3,10119,Personalausweis" for key in keys]
    table = "\n".join(["leika_key,name,typisierung,ozg_id,ozg_leistung", *rows])
    await catalogue.services(catalogue.written("more.csv", table))
    base = [
        service(
            entry, key, title="Seite", areas=["00"], modules={"05": "x"}, fees=["1.00"], keywords=["Perso"]
        )
        for entry, key in zip(federal, keys, strict=True)
    ]
    await catalogue.deliver("bund", message(writes=base))
    writes = []
    for one, key in enumerate(keys):
        writes += [
            service(f"{one}", key, title="Seite", modules={"08": "Foto", "07": "§"}, fees=["2.00"]),
            service(f"{one}b", key, title="Seite", modules={"08": "Foto"}, fees=["3.00"]),
            service(f"{one}c", key, areas=["06532"], modules={"08": "Foto"}),
            specialisation(f"s{one}", f"{one}", ["065320023023"]),
            authority(f"a{one}"),
            authority(f"k{one}"),
            online_service(f"o{one}"),
            rule(f"r{one}", f"a{one}", f"{one}", ["06532"]),
            rule(f"t{one}", f"k{one}", f"{one}", ["06"], role="03"),
            rule(f"u{one}", f"o{one}", federal[one], ["06"], online=True),
        ]
    report = await catalogue.deliver("hessen", message(writes=writes))
    assert report["counts"]["rejected"] == report["counts"]["waiting"] == 0


@pytest.fixture(params=["quick", "reference"])
def catalogue_of_one(request: pytest.FixtureRequest) -> Choose:
    """Let one of the two executors answer, and it alone."""

    def choose(catalogue: Catalogue) -> Catalogue:
        if request.param == "reference":
            assert catalogue.reference is not None
            catalogue.graph = catalogue.reference
        catalogue.reference = None
        return catalogue

    return choose


async def statements(catalogue: Catalogue, first: int) -> int:
    """How many statements a page takes."""
    catalogue.count_anew()
    edges = (await catalogue.ask(PAGE, {"first": first}))["services"]["edges"]
    assert len(edges) == first
    for edge in edges:
        node = edge["node"]
        assert len(node["entries"]) == 4
        assert {one["authority"]["name"] for one in node["responsibilities"]} == {"Bürgeramt"}
        assert node["onlineServices"][0]["onlineService"]["name"] == "Online beantragen"
        assert node["description"]["modules"]
        assert node["description"]["fees"]
    return len(catalogue.catalog.statements)


async def test_a_page_of_twenty_takes_as_many_statements_as_a_page_of_one(
    stored: Catalogue, catalogue_of_one: Choose
) -> None:
    stored = catalogue_of_one(stored)
    await filled(stored, 20)
    await stored.ask(
        '{ services(query: "seite", first: 1) { totalCount } }'
    )  # areas and index are in memory now
    one, twenty = await statements(stored, 1), await statements(stored, 20)
    assert one == twenty
    assert twenty < 30


async def test_services_that_the_catalogue_does_not_list_take_one_statement_more(
    catalogue: Catalogue, catalogue_of_one: Choose
) -> None:
    catalogue = catalogue_of_one(catalogue)
    await filled(catalogue, 3)
    query = """{ services(query: "seite", first: 20) { edges { node { title entries { title } } } } }"""
    await catalogue.ask(query)
    catalogue.count_anew()
    await catalogue.ask(query)
    listed = len(catalogue.catalog.statements)
    writes = [service(f"n{one}", f"99{one:03}001001000", title="Seite") for one in range(50, 60)]
    await catalogue.deliver("hessen", message(writes=writes))
    await catalogue.ask(query)
    catalogue.count_anew()
    assert len((await catalogue.ask(query))["services"]["edges"]) == 14  # one more is of their bundle
    assert len(catalogue.catalog.statements) == listed + 1


async def test_a_small_page_takes_few_statements(stored: Catalogue, catalogue_of_one: Choose) -> None:
    stored = catalogue_of_one(stored)
    await filled(stored, 3)
    await stored.ask('{ services(query: "seite", first: 1) { totalCount } }')
    await stored.ask('{ services(query: "seite", first: 3) { edges { node { title } } } }')
    stored.count_anew()
    query = """{ services(query: "seite", first: 3) { edges { node { leikaKey title
        description(area: "06") { modules { text } fees { amount } } } } } }"""
    await stored.ask(query)
    # position; index; services; entries; specialisations; modules; facts
    assert len(stored.catalog.statements) == 7


async def test_an_unchanged_catalogue_is_not_read_again_for_areas_and_sources(
    catalogue: Catalogue, catalogue_of_one: Choose
) -> None:
    catalogue = catalogue_of_one(catalogue)
    await catalogue.ask('{ area(ars: "06") { name } }')
    catalogue.count_anew()
    await catalogue.ask('{ area(ars: "06") { name ancestors { name } } sources { name } }')
    assert len(catalogue.catalog.statements) == 1


BESIDE = """query($first: Int!) { services(query: "seite", area: "065320023023", first: $first) {
    totalCount didYouMean nearestBundles { id } place { name }
    facets { audiences { count } lifeSituations { value { name } count } online { value count } assuranceLevels { count } }
    edges { node { title } why { score match relative { leikaKey title } parts { asked matched fields } }
        highlights(language: "en") { title { text matched } summary { text } } } } }"""


async def test_what_is_told_beside_hits_takes_as_many_statements_for_twenty_as_for_one(
    stored: Catalogue, catalogue_of_one: Choose
) -> None:
    stored = catalogue_of_one(stored)
    await filled(stored, 20)
    await stored.ask(BESIDE, {"first": 1})
    numbers = []
    for first in (1, 20):
        stored.count_anew()
        answer = await stored.ask(BESIDE, {"first": first})
        assert len(answer["services"]["edges"]) == first
        numbers.append(len(stored.catalog.statements))
    # position; index; described, online; services; online at the place, situations; entries
    assert numbers == [8, 8]
