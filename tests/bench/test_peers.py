"""What hub and peers are asked, and how their answers are held against each other."""

import os
from itertools import islice

import orjson

from bench.data.tiers import QUICK
from bench.peers.__main__ import DatabaseServer
from bench.peers.operations import Names, Traffics
from bench.peers.stage import difference

TRAFFICS = Traffics(QUICK, Names(["L1.OE.1"], ["L1.OD.1"]))


def test_pages_are_ever_new_until_all_are_used_up() -> None:
    asked = [orjson.dumps(variables) for _, variables in islice(TRAFFICS.pages(), 2000)]
    assert len(set(asked)) == len(asked)


def test_the_same_page_is_the_same() -> None:
    first, second = islice(TRAFFICS.same(), 2)
    assert first == second


def test_every_traffic_is_the_same_for_everyone_who_is_asked() -> None:
    for stream in (TRAFFICS.pages, TRAFFICS.mix, TRAFFICS.entities):
        assert list(islice(stream(), 20)) == list(islice(stream(), 20))


def test_fifty_entities_of_all_four_types_are_asked_at_once() -> None:
    (_, variables) = next(TRAFFICS.entities())
    types = {one["__typename"] for one in variables["representations"]}
    assert len(variables["representations"]) == 50
    assert types == {"Service", "Area", "Authority", "OnlineService"}


def test_the_first_difference_is_told_with_its_place() -> None:
    one = {"a": [{"b": 1, "c": None}, {"b": 2, "c": "x"}]}
    assert difference(one, {"a": [{"b": 1, "c": None}, {"b": 2, "c": "x"}]}) == ""
    assert difference(one, {"a": [{"b": 1, "c": None}, {"b": 2, "c": "y"}]}).startswith("\n.a.1.c\n")
    assert difference(one, {"a": [{"b": 1, "c": None}]}).startswith("\n.a\n")
    assert difference(one, {"a": []}) != ""
    assert difference({"a": 1}, {"a": 1, "b": 2}) != ""


def test_the_cpu_of_a_process_and_its_children_is_read() -> None:
    before = DatabaseServer(os.getpid()).cpu()
    while DatabaseServer(os.getpid()).cpu() == before:
        sum(range(100_000))
    assert DatabaseServer(os.getpid()).cpu() > before
