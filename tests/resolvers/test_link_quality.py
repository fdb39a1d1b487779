"""What the link checker found, in the graph: both verdicts of each rule."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from catalog_sync.links.checking import LinkChecker
from catalog_sync.links.outside import Reply, UnansweredError
from catalog_sync.links.verdicts import Trouble
from tests.catalogues import Catalogue
from tests.makers import authority, delete, message, online_service, rule, service, specialisation

GOOD, GONE, DEAD, MOVED, INSIDE, SHUT = (
    f"https://{name}.example/" for name in ("good", "gone", "dead", "moved", "in", "no")
)
DAY = 86_400

COUNTS = "query ($source: ID!) { source(id: $source) { quality { counts { rule number } } } }"
FINDINGS = """query ($rule: QualityRule!, $first: Int = 10, $after: String, $language: Language = "de") {
  source(id: "hessen") { quality { findings(rule: $rule, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { rule entryId title detail(language: $language) entry { id }
      links { url verdict answer place since checkedAt movedTo } } } } } } }"""
ENTRY = """query ($id: EntryId!, $at: DateTime) { entry(id: $id, asOf: $at) { ... on ServiceEntry { quality } } }"""
HEALTH = """query ($id: EntryId!) { entry(id: $id) { ... on OnlineService {
  health { url verdict answer since movedTo } } } }"""


class World:
    """All that is outside, by address; what is not named is there."""

    def __init__(self, answers: Mapping[str, Reply | Trouble]) -> None:
        self.answers = dict(answers)

    async def ask(self, method: str, url: str, *, most_bytes: int) -> Reply:
        if url.endswith("/robots.txt"):
            return Reply(404)
        answer = self.answers.get(url, Reply(200))
        if isinstance(answer, Trouble):
            raise UnansweredError(answer)
        return answer


WORLD: dict[str, Reply | Trouble] = {
    GONE: Reply(404),
    f"{GONE}2": Reply(410),
    DEAD: Trouble.TIMEOUT,
    MOVED: Reply(301, {"location": GOOD}),
    INSIDE: Trouble.PRIVATE,
    SHUT: Reply(403),
}


async def check(catalogue: Catalogue, *, days: int = 3, gone: Sequence[str] = ()) -> None:
    """Ask all that is due, day by day."""
    clock = catalogue.clock

    async def sleep(seconds: float) -> None:
        clock.now += seconds

    stores = catalogue.catalog, catalogue.pipeline.operations
    checker = LinkChecker(
        *stores,
        World(WORLD | dict.fromkeys(gone, Reply(404))),
        clock,
        bytes,
        sleep=sleep,
    )
    for _ in range(days):
        await checker.collect()
        await checker.round()
        clock.now += DAY


def described(id: str, *urls: str) -> Any:
    html = "".join(f'<a href="{url}">x</a>' for url in urls)
    return service(id, modules={"07": html})


async def findings(catalogue: Catalogue, looked_for: str, **variables: Any) -> dict[str, Any]:
    answer = await catalogue.ask(FINDINGS, {"rule": looked_for, **variables})
    found: dict[str, Any] = answer["source"]["quality"]["findings"]
    return found


async def details(catalogue: Catalogue, looked_for: str, language: str = "de") -> dict[str, str]:
    edges = (await findings(catalogue, looked_for, language=language))["edges"]
    return {edge["node"]["entryId"]: edge["node"]["detail"] for edge in edges}


async def counts(catalogue: Catalogue, source: str = "hessen") -> dict[str, int]:
    answer = await catalogue.ask(COUNTS, {"source": source})
    rows = answer["source"]["quality"]["counts"]
    return {row["rule"]: row["number"] for row in rows if row["rule"].endswith("_LINK") and row["number"]}


async def test_each_rule_finds_its_links_and_no_others(stored: Catalogue) -> None:
    writes = [
        described("1", GOOD, SHUT, "mailto:a@b.de"),
        described("2", GOOD, GONE),
        described("3", MOVED, DEAD),
        specialisation("s", "1", ["06532"], modules={"07": f'<a href="{INSIDE}">x</a>'}),
        online_service("8", "Antrag", url=GONE),
    ]
    await stored.deliver("hessen", message(writes=writes))
    assert await counts(stored) == {}
    await check(stored)
    assert await counts(stored) == {"DEAD_LINK": 3, "MOVED_LINK": 1, "REFUSED_LINK": 1}
    assert await counts(stored, "sachsen") == {}
    assert await details(stored, "DEAD_LINK") == {
        "L100042.LB.2": f"Führt ins Leere: {GONE} (HTTP 404, seit 02.03.2026).",
        "L100042.LB.3": f"Führt ins Leere: {DEAD} (es kommt keine Antwort, seit 02.03.2026).",
        "L100042.OD.8": f"Führt ins Leere: {GONE} (HTTP 404, seit 02.03.2026).",
    }
    assert await details(stored, "MOVED_LINK", "en") == {
        "L100042.LB.3": f"Moved: {MOVED} → {GOOD} (since 2026-03-02)."
    }
    assert await details(stored, "REFUSED_LINK", "en") == {
        "L100042.SP.s": f"Not reachable from outside: {INSIDE} (a private network, since 2026-03-02)."
    }


async def test_a_finding_names_its_addresses(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[described("3", GOOD, GONE, f"{GONE}2", MOVED)]))
    await check(stored)
    [edge] = (await findings(stored, "DEAD_LINK"))["edges"]
    first, second = edge["node"]["links"]
    assert (first["url"], first["verdict"], first["answer"], first["place"]) == (GONE, "GONE", "404", "07")
    assert (second["url"], second["answer"], second["movedTo"]) == (f"{GONE}2", "410", None)
    assert first["since"] < first["checkedAt"]
    [moved] = (await findings(stored, "MOVED_LINK"))["edges"]
    assert moved["node"]["links"][0]["movedTo"] == GOOD
    [missing] = (await findings(stored, "MISSING_MODULES"))["edges"]
    assert missing["node"]["links"] == []


async def test_many_addresses_are_counted_in_words(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[described("1", *(f"{GONE}{n}" for n in range(5)))]))
    await check(stored, gone=[f"{GONE}{n}" for n in range(5)])
    assert (await details(stored, "DEAD_LINK"))["L100042.LB.1"].endswith("; 2 weitere.")
    assert (await details(stored, "DEAD_LINK", "en"))["L100042.LB.1"].endswith("; 2 more.")


async def test_pages_go_on_and_what_is_gone_or_mended_is_not_found(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[described(str(number), GONE) for number in range(5)]))
    await check(stored)
    first = await findings(stored, "DEAD_LINK", first=2)
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (5, True)
    rest = await findings(stored, "DEAD_LINK", first=10, after=first["pageInfo"]["endCursor"])
    assert [edge["node"]["entryId"] for edge in rest["edges"]] == [
        f"L100042.LB.{number}" for number in (2, 3, 4)
    ]
    later = "2026-03-04T04:15:00+01:00"
    mended = described("1", GOOD)
    await stored.deliver("hessen", message(created=later, writes=[mended], deletes=[delete("Leistung", "0")]))
    assert (await counts(stored)) == {"DEAD_LINK": 4}, (
        "what is deleted is not found, even before links are collected"
    )
    await check(stored, days=1)
    assert (await counts(stored)) == {"DEAD_LINK": 3}


async def test_a_description_names_the_rules_and_one_of_the_past_does_not(stored: Catalogue) -> None:
    await stored.deliver("hessen", message(writes=[described("1", GONE, MOVED), described("2", GOOD)]))
    await check(stored)

    async def rules(id: str, at: str | None = None) -> set[str]:
        answer = await stored.ask(ENTRY, {"id": id, "at": at})
        return {one for one in answer["entry"]["quality"] if one.endswith("_LINK")}

    assert await rules("L100042.LB.1") == {"DEAD_LINK", "MOVED_LINK"}
    assert await rules("L100042.LB.2") == set()
    assert await rules("L100042.LB.1", "2026-03-02T12:00:00Z") == set()


@pytest.mark.parametrize(
    ("url", "verdict"),
    [(GONE, "GONE"), (MOVED, "MOVED"), (GOOD, "GOOD"), (SHUT, "BLOCKED"), (INSIDE, "REFUSED")],
)
async def test_an_online_service_tells_its_health(stored: Catalogue, url: str, verdict: str) -> None:
    await stored.deliver("hessen", message(writes=[online_service("8", url=url)]))
    assert (await stored.ask(HEALTH, {"id": "L100042.OD.8"}))["entry"]["health"] is None
    await check(stored)
    health = (await stored.ask(HEALTH, {"id": "L100042.OD.8"}))["entry"]["health"]
    assert (health["url"], health["verdict"]) == (url, verdict)


async def test_an_authority_s_website_counts(stored: Catalogue) -> None:
    website = "<x:kommunikation><x:kanal listURI='urn:x'><code>09</code></x:kanal><x:kennung>{}</x:kennung></x:kommunikation>"
    units = [
        authority("7", extra=website.format("gone.example/")),
        authority("8", extra=website.format("www.x.example")),
    ]
    await stored.deliver("hessen", message(writes=[*units, rule("9", "7", "1"), described("1", GOOD)]))
    await check(stored)
    assert await counts(stored) == {}
    await check(stored, days=12, gone=["https://www.x.example", "https://www.x.example/"])
    [edge] = (await findings(stored, "DEAD_LINK"))["edges"]
    assert (edge["node"]["entryId"], edge["node"]["title"]) == ("L100042.OE.8", "Bürgeramt")
    assert edge["node"]["links"][0]["place"] == "contacts"
