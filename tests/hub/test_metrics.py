"""What a process tells of its work: by operation, within bounds, in a form that Prometheus reads."""

import httpx2
import pytest
from starlette.applications import Starlette

from hub.admission.rates import Limited
from hub.admission.shared import of_process
from hub.answering import Answering
from hub.endpoint import GraphEndpoint
from hub.metrics import Meter, routes
from tests.catalogues import HUB, Catalogue
from tests.hub.test_endpoint import FakeViewers, explorer, post


def values(text: str) -> dict[str, float]:
    """Each line's series and value; every series has its kind told before."""
    found, kinds = {}, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            kinds.add(line.split()[2])
        elif not line.startswith("#"):
            series, _, value = line.rpartition(" ")
            name = series.partition("{")[0]
            assert name in kinds or name.rpartition("_")[0] in kinds, line
            found[series] = float(value)
    return found


@pytest.fixture
def answering(catalogue: Catalogue) -> Answering:
    return Answering(catalogue.graph, 1_000_000)


async def test_answers_are_counted_by_operation_and_outcome(
    catalogue: Catalogue, answering: Answering
) -> None:
    endpoint = GraphEndpoint(
        catalogue.graph,
        FakeViewers(),
        origin=HUB,
        cookie="session",
        explorer=explorer,
        new_id=lambda: "id-1",
        answering=answering,
        rates=Limited(200, catalogue.clock, of_process()),
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(endpoint), base_url=HUB) as client:
        await post(client, {"query": "query Names { sources { key } }"})
        await post(client, {"query": 'query Bad { node(id: "x") { id } }'})
        await post(client, {"query": "{ catalogue { dataVersion } }"})
        await post(client, {"query": "{ nothing }"})
        await post(client, {"query": "{ sources { key } }"}, authorization="Bearer wrong")
        told = values(answering.meter.text())
    assert told['hub_graph_answers_total{operation="Names",outcome="ok"}'] == 1
    assert told['hub_graph_answers_total{operation="Bad",outcome="error"}'] == 1
    assert told['hub_graph_answers_total{operation="anonymous",outcome="ok"}'] == 1
    assert told['hub_graph_answers_total{operation="anonymous",outcome="error"}'] == 1
    assert told['hub_graph_answer_seconds_count{operation="Names"}'] == 1
    assert told['hub_graph_answer_seconds_bucket{operation="Names",le="+Inf"}'] == 1
    assert told['hub_graph_refusals_total{code="INVALID_TOKEN"}'] == 1
    assert told["hub_graph_queue_seconds_count"] >= 3
    assert told["hub_graph_fallbacks_total"] >= 1, "an answer with errors is graphql-core's"


def test_made_up_names_are_counted_together() -> None:
    meter = Meter()
    for number in range(500):
        meter.answered(f"name{number}", 0.01, well=True)
    told = values(meter.text())
    assert told['hub_graph_answers_total{operation="name99",outcome="ok"}'] == 1
    assert told['hub_graph_answers_total{operation="other",outcome="ok"}'] == 400
    assert sum(series.startswith("hub_graph_answer_seconds_count") for series in told) == 101


def test_durations_stand_in_their_buckets() -> None:
    meter = Meter()
    for seconds in (0.0005, 0.001, 0.3, 100.0):
        meter.waited(seconds)
    told = values(meter.text())
    for bound, count in (("0.001", 2), ("0.25", 2), ("0.5", 3), ("10.0", 3), ("+Inf", 4)):
        assert told[f'hub_graph_queue_seconds_bucket{{le="{bound}"}}'] == count
    assert told["hub_graph_queue_seconds_sum"] == pytest.approx(100.3015)


async def test_they_are_told_as_text() -> None:
    meter = Meter(lambda: 7)
    meter.kept()
    app = Starlette(routes=routes(meter))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=HUB) as client:
        response = await client.get("/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert values(response.text)["hub_graph_kept_total"] == 1
    assert values(response.text)["hub_graph_fallbacks_total"] == 7
