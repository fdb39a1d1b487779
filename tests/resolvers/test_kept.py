"""What a process keeps from request to request: read once, and never older than the catalogue."""

from tests.catalogues import IDENTITY_CARD, Catalogue
from tests.makers import authority, message, rule, service, specialisation

PLACE = "065320023023"
ASKED = f"""{{ service(leikaKey: "{IDENTITY_CARD}") {{ title audiences description(area: "{PLACE}") {{
  title modules {{ text provenance {{ inherited }} }} fees {{ amount }} keywords }}
  responsibilities(area: "{PLACE}") {{ authority {{ name }} }} }} services(query: "Zebra", first: 5) {{ totalCount }} }}"""


async def deliver(catalogue: Catalogue, title: str, text: str, version: str) -> None:
    entry = service("1", IDENTITY_CARD, title=title, modules={"05": f"<p>{text}</p>"}, keywords=[title])
    await catalogue.deliver(
        "hessen", message(writes=[entry, authority("2", f"Amt {version}"), rule("4", "2", "1")])
    )


async def test_what_was_read_is_not_read_again_while_the_catalogue_stays(catalogue: Catalogue) -> None:
    await deliver(catalogue, "Zebra", "Kurz", "1")
    catalogue.count_anew()
    first = await catalogue.ask(ASKED)
    cold = len(catalogue.catalog.statements)
    catalogue.catalog.statements.clear()
    assert await catalogue.ask(ASKED) == first
    assert len(catalogue.catalog.statements) < cold / 2


async def test_a_change_is_seen_at_once(catalogue: Catalogue) -> None:
    await deliver(catalogue, "Zebra", "Kurz", "1")
    before = await catalogue.ask(ASKED)
    assert before["service"]["description"]["title"] == "Zebra"
    assert before["services"]["totalCount"] == 1
    await deliver(catalogue, "Karte", "Anders", "2")
    found = await catalogue.ask(ASKED)
    shown = found["service"]
    assert shown["description"]["title"] == "Karte"
    assert [module["text"] for module in shown["description"]["modules"] if module["text"] != "Karte"] == [
        "Anders"
    ]
    assert shown["responsibilities"][0]["authority"]["name"] == "Amt 2"
    assert found["services"]["totalCount"] == 0


async def test_a_change_of_one_place_is_seen_there_alone(catalogue: Catalogue) -> None:
    """Descriptions are kept by the areas that they are made for, not by the place that was asked for first."""
    await deliver(catalogue, "Zebra", "Kurz", "1")
    await catalogue.deliver("hessen", message(writes=[specialisation("5", "1", fees=["12.50"])]))
    asked = 'query($a: Ars!) { service(leikaKey: "%s") { description(area: $a) { fees { amount provenance { inherited } } } } }'
    found = [
        (await catalogue.ask(asked % IDENTITY_CARD, {"a": place}))["service"]["description"]
        for place in (PLACE, "06", "06532", PLACE)
    ]
    assert found[0] == found[3]
    assert found[0] != found[1]
