"""A run as its sender reads it: totals, and object by object what became of it and what would mend it."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from catalog_sync.journal import Block, Outcome, OutcomeKind, Run, blocks_of, run_of
from catalog_sync.pipeline.foreseen import Differences, differences_of

Json = dict[str, Any]
_FINISHED_WELL, _SOME_NOT_TAKEN, _FILE_REFUSED = 0, 1, 2


def summary(run: Run) -> Json:
    """A run without its objects."""
    return {
        "run": run.id,
        "source": run.source,
        "mode": run.mode,
        "dryRun": run.dry_run,
        "state": run.state.value,
        "createdAt": _iso(run.created_at),
        "finishedAt": _iso(run.finished_at),
        "counts": run.counts,
        "refused": [msgspec.to_builtins(one) for one in run.refused],
        "sameAs": run.same_as,
    }


def _iso(moment: int | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment / 1_000_000, UTC).isoformat()


def report(connection: Connection, run: str) -> Json | None:
    """A run with all its objects and notices, as commands.md names them."""
    found = run_of(connection, run)
    if found is None:
        return None
    blocks = list(blocks_of(connection, run))
    differences = differences_of(connection, run) if found.dry_run else None
    objects = _objects(blocks, differences)
    return {**summary(found), "objects": objects, "notices": _notices(found, blocks)}


def _objects(blocks: list[Block], differences: Differences | None) -> list[Json]:
    """The objects; of a dry run's also what would be different, null where nothing would or it is not kept."""
    return [
        {
            "kind": one.kind,
            "agency": one.agency,
            "id": one.id,
            "outcome": one.outcome.value,
            "reason": one.reason,
            "file": one.file,
            "line": one.line,
            "rule": one.rule,
            "remedy": one.remedy,
            **({} if differences is None else {"difference": _taken(one, differences)}),
        }
        for block in blocks
        for one in block.objects
    ]


def _taken(one: Outcome, differences: Differences) -> list[Json] | None:
    """The difference of an object, once: a delivery may name it many times, and what counts is what comes of all."""
    if one.outcome in (OutcomeKind.UNCHANGED, OutcomeKind.REJECTED):
        return None
    return differences.pop(f"{one.agency}.{one.kind}.{one.id}", None)


def _notices(run: Run, blocks: list[Block]) -> list[Json]:
    whole: list[Json] = [{"sentence": sentence, "file": None, "line": None} for sentence in run.notices]
    return whole + [
        {
            "sentence": one.sentence,
            "file": one.file,
            "line": one.line,
            "kind": one.kind,
            "agency": one.agency,
            "id": one.id,
        }
        for block in blocks
        for one in block.notices
    ]


def exit_status(told: Json) -> int:
    """The status of `sync import`: 0 all taken, 1 some objects rejected or waiting, 2 a file refused whole."""
    if told["refused"]:
        return _FILE_REFUSED
    counts = told["counts"]
    open_ends = counts[OutcomeKind.REJECTED.value] or counts[OutcomeKind.WAITING.value]
    return _SOME_NOT_TAKEN if open_ends or told["state"] != "finished" else _FINISHED_WELL
