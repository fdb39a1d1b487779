"""Writing which units carried a rule, and when each left it out.

Most rules have one unit that never did: `entry.carrier_id` says that, and only what differs has rows in `carried`.
"""

from catalog_sync.catalog.bulk import delete_rows, insert_rows
from catalog_sync.catalog.ledger import Ledger
from catalog_sync.catalog.tables import carried


def write_carriers(ledger: Ledger) -> None:
    """Write what a batch said of rules inside units, after their entries."""
    known = [one for one in ledger.by_id.values() if one.carriers or one.carryings_before]
    rules = [one for one in known if one.carryings != one.carryings_before]
    rows = [(unit, one.id, *(left_out or (None, None))) for one in rules for unit, left_out in one.carryings]
    delete_rows(ledger.connection, carried.c.rule_id, [one.id for one in rules if one.carryings_before])
    insert_rows(ledger.connection, carried, sorted(rows, key=lambda row: row[:2]))
