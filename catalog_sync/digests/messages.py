"""What messages hold, read as a run reads them and written nowhere, as a side of a comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog_sync.catalog.content import Content
from catalog_sync.catalog.keys import EntryId, EntryKind
from catalog_sync.catalog.projection import Identity
from catalog_sync.digests.tree import Leaf, Node, Tree, bucket_of, is_lowest
from catalog_sync.errors import CatalogError
from catalog_sync.pipeline.check import Scope
from catalog_sync.pipeline.contents import KnownContents
from catalog_sync.pipeline.items import Drop, Inside, Item, Place, Put
from catalog_sync.pipeline.read import Reader
from catalog_sync.pipeline.spool import Spool
from catalog_sync.sources.incoming import Incoming, Sizes

_Moment = tuple[int, int]
_Version = tuple[tuple[int, int, int], bytes, int | None]
"""Rank (what wins is the greatest: change, message, position), content hash, time of change."""
_Unit = Identity | None
"""Inside which object a rule came."""


class UnreadableMessage(CatalogError):  # noqa: N818 - the wire's word
    """A file to compare that is refused whole."""

    code = "REFUSED_FILE"


class _Gathered(Spool):
    """Takes what is read: the newest writes and deletes of each object, and no bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.versions: dict[Identity, list[tuple[_Version, _Unit]]] = {}
        self.rules: dict[Identity, list[tuple[_Moment, frozenset[Identity]]]] = {}
        self.deleted: dict[Identity, _Moment] = {}

    def add(self, item: Item, element: int) -> None:
        """See `Spool.add`."""
        if isinstance(item, Put):
            self._write(item.identity, item.place, item.content)
            if item.inside is not None:
                self._write_rules(item, item.inside)
        elif isinstance(item, Drop):
            moment = (item.place.message_at, item.place.position)
            self.deleted[item.identity] = max(moment, self.deleted.get(item.identity, moment))

    def _write_rules(self, unit: Put, inside: Inside) -> None:
        moment = (unit.place.message_at, unit.place.position)
        self.rules.setdefault(unit.identity, []).append((moment, frozenset(inside.named)))
        for identity, content in dict(inside.rules).items():
            self._write(identity, unit.place, content, unit.identity)

    def _write(self, identity: Identity, place: Place, content: Content, unit: _Unit = None) -> None:
        changed_at = content.changed_at
        at = place.message_at if changed_at is None else changed_at
        version = ((at, place.message_at, place.position), content.content_hash, changed_at)
        self.versions.setdefault(identity, []).append((version, unit))

    def winner(self, identity: Identity) -> _Version | None:
        """What is left of an object after all messages (sync.md, Which write wins)."""
        deleted = self.deleted.get(identity, (-(2**63), 0))
        alive = [
            version
            for version, unit in self.versions[identity]
            if version[0][1:] > deleted and not self._left_out(identity, version[0][1:], unit)
        ]
        return max(alive, default=None, key=lambda one: one[0])

    def _left_out(self, rule: Identity, moment: _Moment, unit: _Unit) -> bool:
        """Whether the unit came without the rule after that."""
        said = self.rules[unit] if unit is not None else []
        return any(at > moment and rule not in named for at, named in said)


class Messages:
    """Messages as a side of a comparison."""

    def __init__(self, files: Sequence[Incoming], scope: Scope, arrival: int) -> None:
        self._tree = Tree()
        self._leaves: dict[str, list[Leaf]] = {}
        with _Gathered() as gathered:
            reader = Reader(scope, KnownContents(), arrival, Sizes(), lambda *_: None)
            refused = reader.read(files, gathered).refused
            if refused:
                raise UnreadableMessage(f"{refused[0].file}: {refused[0].reason}")
            for identity in sorted(gathered.versions):
                self._take(identity, gathered.winner(identity))
        self._tree.close()

    def _take(self, identity: Identity, winner: _Version | None) -> None:
        if winner is None:
            return
        number, agency, value = identity
        kind = EntryKind.numbered(number)
        _, content_hash, changed_at = winner
        self._tree.add(kind, agency, value, content_hash, 0)
        leaf = Leaf(str(EntryId(agency, kind, value)), content_hash, changed_at)
        self._leaves.setdefault(bucket_of(kind, agency, value), []).append(leaf)

    async def nodes(self, prefixes: Sequence[str]) -> Mapping[str, Node]:
        """See `Side.nodes`."""
        found = {prefix: self._tree.node(prefix) for prefix in prefixes}
        for prefix in filter(is_lowest, prefixes):
            found[prefix] = replace(found[prefix], entries=tuple(sorted(self._leaves.get(prefix, ()))))
        return found
