"""How the rules of a run stand at its end: what waited in an early batch may have been linked by a later one."""

from functools import partial

import msgspec
from sqlalchemy import Connection, select, update

from catalog_sync.catalog.keys import EntryKind
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.linking import missing_of
from catalog_sync.catalog.projection import Identity, identity_of
from catalog_sync.catalog.tables import sync_batch
from catalog_sync.journal import Block, Outcome, OutcomeKind, pack_block, unpack_block
from catalog_sync.pipeline.write import waiting_outcome

_REFERRING = {EntryKind.RESPONSIBILITY.value, EntryKind.SPECIALISATION.value}
_TAKEN = {OutcomeKind.ADDED, OutcomeKind.CHANGED, OutcomeKind.UNCHANGED, OutcomeKind.WAITING}


def may_settle(block: Block, *, deletions: bool) -> bool:
    """Whether later batches can change how this one ended: they bring what waits, or delete what is named."""
    return any(
        one.outcome is OutcomeKind.WAITING or (deletions and one.kind in _REFERRING and one.outcome in _TAKEN)
        for one in block.objects
    )


def settle_batch(connection: Connection, run: str, batch: int) -> Block:
    """Judge the waiting of a batch's objects again; its marker and the answer say how they stand now."""
    row = (sync_batch.c.run == run) & (sync_batch.c.batch == batch)
    block = unpack_block(connection.execute(select(sync_batch.c.outcomes).where(row)).scalar_one())
    ledger = Ledger(connection)
    named = (_identity(one) for one in block.objects)
    ledger.find((identity for identity in named if identity is not None), versions=False)
    waiting = missing_of(connection, [entry.id for entry in ledger.by_id.values() if entry.waiting])
    settled = partial(_settled, ledger=ledger, waiting=waiting)
    block = Block(tuple(map(settled, block.objects)), block.notices)
    connection.execute(update(sync_batch).where(row).values(outcomes=pack_block(block)))
    return block


def _settled(one: Outcome, *, ledger: Ledger, waiting: dict[int, list[str]]) -> Outcome:
    identity = _identity(one)
    entry = None if identity is None else ledger.entries.get(identity)
    if entry is None:
        return one
    if entry.id in waiting:
        return waiting_outcome(_stored(one), waiting[entry.id])
    return _stored(one)


def _stored(one: Outcome) -> Outcome:
    """The outcome as it is once nothing is missing."""
    if one.outcome is not OutcomeKind.WAITING:
        return one
    stored = one.stored_as or OutcomeKind.ADDED
    return msgspec.structs.replace(one, outcome=stored, reason=None, rule=None, remedy=None, stored_as=None)


def _identity(one: Outcome) -> Identity | None:
    if one.kind not in _REFERRING or one.outcome not in _TAKEN or one.agency is None or one.id is None:
        return None
    return identity_of(EntryKind(one.kind), one.agency, one.id)
