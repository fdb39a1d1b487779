"""Taking in the catalogue: what is new is added, what differs is changed, and nothing is deleted.

A service that a newer catalogue leaves out stays: offices' entries may still name it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from catalog_sync.catalog.position import raise_position
from catalog_sync.catalog.steady import disturb_all
from catalog_sync.catalog.tables import bundle_situation, leika_service, life_situation, ozg_bundle
from catalog_sync.leika.listed import Catalogue, ListedService, ListedSituation

_BATCH_ROWS = 1000
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows of one kind came, changed, stayed."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """What an import of the catalogue did."""

    services: Changes
    bundles: Changes
    situations: Changes
    changed: bool
    notices: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return asdict(self)


def import_services(connection: Connection, catalogue: Catalogue) -> ServiceReport:
    """Take in what `read_catalogue` read."""
    passing = (_situation_row(one) for one in catalogue.situations_in_passing.values())
    situations = _upsert(
        connection, life_situation, map(_situation_row, catalogue.situations.values()), passing
    )
    bundles = _upsert(connection, ozg_bundle, catalogue.bundles.items(), catalogue.named_in_passing.items())
    linked = _link(connection, catalogue.situations_of_bundle)
    services = _upsert(connection, leika_service, map(_service_row, catalogue.services.values()))
    changed = linked or any(part.added or part.changed for part in (situations, bundles, services))
    if changed:
        raise_position(connection)
        disturb_all(connection)
    return ServiceReport(services, bundles, situations, changed, tuple(catalogue.notices))


def _service_row(one: ListedService) -> Row:
    types = orjson.dumps(one.regulatory_types).decode()
    return (one.key, one.title, types, one.bundle_id, one.legal_basis)


def _situation_row(one: ListedSituation) -> Row:
    return (one.id, one.name, one.policy_field)


def _upsert(connection: Connection, table: Table, rows: Iterable[Row], gaps: Iterable[Row] = ()) -> Changes:
    """Write rows whose first value is the key; `gaps` only where there is no row yet."""
    old = {row[0]: tuple(row) for row in connection.execute(select(table))}
    new = {row[0]: row for row in rows}
    for row in gaps:
        if row[0] not in old:
            new.setdefault(row[0], row)
    added = [row for key, row in sorted(new.items()) if key not in old]
    changed = [row for key, row in sorted(new.items()) if key in old and old[key] != row]
    _execute(connection, insert(table), table, added)
    names = [column.name for column in table.columns]
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names[1:]}
    by_key = update(table).where(table.columns[names[0]] == bindparam(f"new_{names[0]}")).values(values)
    _execute(connection, by_key, table, changed, "new_")
    return Changes(len(added), len(changed), len(new) - len(added) - len(changed))


def _execute(connection: Connection, statement: Any, table: Table, rows: list[Row], prefix: str = "") -> None:
    names = [prefix + column.name for column in table.columns]
    for start in range(0, len(rows), _BATCH_ROWS):
        batch = [dict(zip(names, row, strict=True)) for row in rows[start : start + _BATCH_ROWS]]
        connection.execute(statement, batch)


def _link(connection: Connection, situations: Mapping[str, set[str]]) -> bool:
    """Bring the situations of each bundle that was listed to what was listed."""
    table = bundle_situation
    old = {
        (bundle, situation) for bundle, situation in connection.execute(select(table)) if bundle in situations
    }
    new = {(bundle, situation) for bundle, listed in situations.items() for situation in listed}
    gone = delete(table).where(
        table.c.bundle_id == bindparam("new_bundle_id"), table.c.situation_id == bindparam("new_situation_id")
    )
    _execute(connection, gone, table, sorted(old - new), "new_")
    _execute(connection, insert(table), table, sorted(new - old))
    return old != new
