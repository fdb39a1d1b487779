"""Every fact of the shared sample messages, asked through the graph, on each kind of database."""

import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from tests.catalogues import SOURCES, Catalogue, Json, empty, files_in, opened
from tests.conftest import SHARED

SET_ASIDE = "the sample data beside the repository is not there; the same rules have tests on own makers"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("shared-facts"),
    pytest.mark.skipif(not SHARED.is_dir(), reason=SET_ASIDE),
]


def _facts() -> list[Json]:
    expected = SHARED / "xzufi" / "expected.json"
    facts: list[Json] = json.loads(expected.read_bytes())["facts"] if expected.exists() else []
    return facts


FACTS = _facts()
SENT_BY = {
    "bund_stammtexte_2_2.xml": "bund",
    "hessen_2_2.xml": "hessen",
    "sachsen_2_3_1.xml": "sachsen",
    "hamburg_2_1.xml": "hamburg",
    "hessen_delta_2_2.xml": "hessen",
}
KINDS = {
    "leistung": ("LB", "SERVICE_ENTRY"),
    "organisationseinheit": ("OE", "AUTHORITY"),
    "onlinedienst": ("OD", "ONLINE_SERVICE"),
    "zustaendigkeit": ("ZS", "RESPONSIBILITY"),
    "spezialisierung": ("SP", "SPECIALISATION"),
}


def name(id: list[str], klasse: str = "leistung") -> str:
    """The flat identifier."""
    return f"{id[0]}.{KINDS[klasse][0]}.{id[1]}"


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
async def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Catalogue]:
    """Official lists and sources on one kind of database, and no entry yet; all of this module read it."""
    folder = tmp_path_factory.mktemp("facts")
    shutil.copytree(request.getfixturevalue("sqlite_files"), folder, dirs_exist_ok=True)
    urls = files_in(folder)
    if request.param == "postgresql":
        urls = dict.fromkeys(urls, request.getfixturevalue("postgres_tables"))
    async with opened(urls) as (catalog, operations):
        made = empty(catalog, operations, folder)
        await made.areas(SHARED / "areas/ars_2026-04-30.csv")
        await made.services(SHARED / "ozg/leika_leistungen.csv", SHARED / "ozg/ozg_leistungen.csv")
        for key, (words, agency, area) in SOURCES.items():
            await made.source(key, words, agency, area)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def base(server: Catalogue) -> Catalogue:
    """The four messages, each by its source."""
    for file, source in list(SENT_BY.items())[:4]:
        await server.deliver(source, SHARED / "xzufi" / file)
    return server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def base_delta(base: Catalogue) -> Catalogue:
    """The same after the delta."""
    await base.deliver("hessen", SHARED / "xzufi" / "hessen_delta_2_2.xml")
    return base


def facts_of(of_set: str) -> list[Any]:
    """The facts of one set as parameters."""
    return [pytest.param(fact, id=f"{fact['id']}-{fact['kind']}") for fact in FACTS if fact["set"] == of_set]


async def asked(catalogue: Catalogue, id: str, fields: str) -> Json:
    """Some fields of an object that must be there."""
    query = f"query($id: EntryId!) {{ entry(id: $id) {{ {fields} }} }}"
    found: Json | None = (await catalogue.ask(query, {"id": id}))["entry"]
    assert found is not None, f"{id} is not there"
    return found


async def count(catalogue: Catalogue, of: Json) -> object:
    found = await catalogue.ask("{ catalogue { counts { kind live } } }")
    live = {one["kind"]: one["live"] for one in found["catalogue"]["counts"]}
    return live[KINDS[of["class"]][1]]


async def title(catalogue: Catalogue, of: Json) -> object:
    fields = f"""... on ServiceEntry {{
        title(language: "{of["lang"]}") titleLanguage(language: "{of["lang"]}") }}"""
    found = await asked(catalogue, name(of["id"]), fields)
    assert found["titleLanguage"] == of["lang"]
    return found["title"]


async def text(catalogue: Catalogue, of: Json) -> object:
    fields = f"""... on ServiceEntry {{ modules(language: "{of["lang"]}") {{ code language text }} }}"""
    modules = (await asked(catalogue, name(of["id"]), fields))["modules"]
    found = [one for one in modules if one["code"] == of["module"]]
    assert [one["language"] for one in found] == [of["lang"]]
    return found[0]["text"]


async def languages(catalogue: Catalogue, of: Json) -> object:
    return (await asked(catalogue, name(of["id"]), "... on ServiceEntry { languages }"))["languages"]


async def keys(catalogue: Catalogue, of: Json) -> object:
    return (await asked(catalogue, name(of["id"]), "... on ServiceEntry { leikaKeys }"))["leikaKeys"]


async def typing(catalogue: Catalogue, of: Json) -> object:
    found = await asked(catalogue, name(of["id"]), "... on ServiceEntry { regulatoryTypes { code } }")
    return [one["code"] for one in found["regulatoryTypes"]]


async def areas(catalogue: Catalogue, of: Json) -> object:
    found = await asked(catalogue, name(of["id"]), "... on ServiceEntry { validIn { ars } }")
    return [one["ars"] for one in found["validIn"]]


async def fees(catalogue: Catalogue, of: Json) -> object:
    fields = "... on ServiceEntry { fees { kind amount min: minimum max: maximum currency } }"
    found = (await asked(catalogue, name(of["id"]), fields))["fees"]
    for fee in found:
        for part in ("amount", "min", "max"):
            assert fee[part] is None or fee[part] == f"{Decimal(fee[part]):.2f}"
    return [{k: v.lower() if k == "kind" else v for k, v in fee.items() if v is not None} for fee in found]


async def deadlines(catalogue: Catalogue, of: Json) -> object:
    fields = "... on ServiceEntry { deadlines { kind duration { amount unitCode } from until } }"
    answers = []
    for one in (await asked(catalogue, name(of["id"]), fields))["deadlines"]:
        if one["kind"] == "DURATION":
            answers.append({"amount": one["duration"]["amount"], "unit": one["duration"]["unitCode"]})
        else:
            answers.append({"from": one["from"], "to": one["until"]})
    return answers


async def processing(catalogue: Catalogue, of: Json) -> object:
    fields = "... on ServiceEntry { processingTimes { amount unit: unitCode amountTo unitTo: unitToCode } }"
    found = (await asked(catalogue, name(of["id"]), fields))["processingTimes"]
    return [{part: value for part, value in one.items() if value is not None} for one in found]


LEVELS = {"10": "NONE", "20": "LOW", "30": "SUBSTANTIAL", "40": "HIGH"}


async def trust(catalogue: Catalogue, of: Json) -> object:
    fields = "... on ServiceEntry { requiredAssurance } ... on OnlineService { requiredAssurance }"
    found = await asked(catalogue, name(of["id"], of.get("class", "leistung")), fields)
    return next(code for code, level in LEVELS.items() if level == found["requiredAssurance"])


async def terms(catalogue: Catalogue, of: Json) -> object:
    return (await asked(catalogue, name(of["id"]), '... on ServiceEntry { keywords(language: "de") }'))[
        "keywords"
    ]


async def service_for(catalogue: Catalogue, of: Json) -> object:
    query = """query($key: LeikaKey!, $area: Ars!) { service(leikaKey: $key) {
        entries(area: $area) { entryId }
        description(area: $area) { provenance { entryId } } } }"""
    found = (await catalogue.ask(query, {"key": of["leika"], "area": of["ars"]}))["service"]
    first = found["entries"][0]["entryId"]
    assert found["description"]["provenance"]["entryId"] == first
    return [first.split(".LB.")]


async def responsible(catalogue: Catalogue, of: Json) -> object:
    role = {"01": "COMPETENT_AUTHORITY", "03": "CONTACT_POINT"}[of["role"]]
    fields = f"""... on ServiceEntry {{ responsibilities(area: "{of["ars"]}", role: {role}) {{
        role matchedLevel authority {{ entryId }} }} }}"""
    found = (await asked(catalogue, name(of["service"]), fields))["responsibilities"]
    assert all(one["role"] == role for one in found)
    units = sorted(one["authority"]["entryId"].split(".OE.") for one in found)
    return {"units": units, "level": _level(found)}


async def online(catalogue: Catalogue, of: Json) -> object:
    fields = f"""... on ServiceEntry {{ onlineServices(area: "{of["ars"]}") {{
        matchedLevel onlineService {{ entryId }} }} }}"""
    found = (await asked(catalogue, name(of["service"]), fields))["onlineServices"]
    services = sorted(one["onlineService"]["entryId"].split(".OD.") for one in found)
    return {"services": services, "level": _level(found)}


def _level(found: list[Json]) -> str | None:
    levels = {one["matchedLevel"].lower() for one in found}
    assert len(levels) <= 1, "all that answer have one length"
    return levels.pop() if levels else None


async def link(catalogue: Catalogue, of: Json) -> object:
    fields = f"""... on OnlineService {{ links(language: "{of["lang"]}") {{ url language }} }}"""
    found = (await asked(catalogue, name(of["id"], of["class"]), fields))["links"]
    assert [one["language"] for one in found] == [of["lang"]]
    return found[0]["url"]


async def name_of(catalogue: Catalogue, of: Json) -> object:
    fields = f"""... on Authority {{ name(language: "{of["lang"]}") }}"""
    return (await asked(catalogue, name(of["id"], of["class"]), fields))["name"]


async def address(catalogue: Catalogue, of: Json) -> object:
    fields = """... on Authority { addresses { kindCode strasse: street hausnummer: houseNumber
        postleitzahl: postcode ort: city } }"""
    found = (await asked(catalogue, name(of["id"], of["class"]), fields))["addresses"]
    chosen: Json = next(one for one in found if one.pop("kindCode") == of["type"])
    return chosen


async def contact(catalogue: Catalogue, of: Json) -> object:
    fields = "... on Authority { contacts { channelCode value } }"
    found = (await asked(catalogue, name(of["id"], of["class"]), fields))["contacts"]
    return next(one["value"] for one in found if one["channelCode"] == of["channel"])


async def exists(catalogue: Catalogue, of: Json) -> object:
    query = "query($id: EntryId!) { entry(id: $id) { id } }"
    return (await catalogue.ask(query, {"id": name(of["id"], of["class"])}))["entry"] is not None


ASK: dict[str, Callable[[Catalogue, Json], Awaitable[object]]] = {
    "count": count,
    "title": title,
    "text": text,
    "languages": languages,
    "keys": keys,
    "typing": typing,
    "areas": areas,
    "fees": fees,
    "deadlines": deadlines,
    "processing": processing,
    "trust": trust,
    "terms": terms,
    "service_for": service_for,
    "responsible": responsible,
    "online": online,
    "link": link,
    "name": name_of,
    "address": address,
    "contact": contact,
    "exists": exists,
}


async def check(catalogue: Catalogue, fact: Json) -> None:
    answer = await ASK[fact["kind"]](catalogue, fact["of"])
    if "contains" in fact:
        assert fact["contains"] in str(answer)
    else:
        assert answer == fact["expect"]


@pytest.mark.parametrize("fact", facts_of("base"))
async def test_the_base_messages_are_answered(base: Catalogue, fact: Json) -> None:
    await check(base, fact)


@pytest.mark.parametrize("fact", facts_of("base_delta"))
async def test_the_delta_is_answered(base_delta: Catalogue, fact: Json) -> None:
    await check(base_delta, fact)


async def test_all_of_the_messages_is_taken(base_delta: Catalogue) -> None:
    """The delta's deletes leave rules waiting; nothing is rejected or refused."""
    assert [report["counts"]["rejected"] for report in base_delta.reports] == [0] * 5
    assert [report["refused"] for report in base_delta.reports] == [[]] * 5
