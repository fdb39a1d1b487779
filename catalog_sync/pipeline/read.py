"""Reading a delivery to its end, before anything of it is written: bytes to checked items in a spool.

An element whose bytes the hub holds already is not even converted. A file that cannot be read is refused whole, and
costs its neighbours nothing.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from msgspec.structs import replace

from catalog_sync.catalog.content import content_of
from catalog_sync.catalog.keys import EntryKind, is_agency, is_entry_value
from catalog_sync.catalog.model import Authority, OnlineService
from catalog_sync.catalog.projection import identity_of
from catalog_sync.outcomes import Outcome, OutcomeKind, Refusal, RunNotice
from catalog_sync.pipeline.check import Checked, Rejection, Scope, check_agency, check_object
from catalog_sync.pipeline.contents import KnownContents
from catalog_sync.pipeline.fetch import Bounded, refusal_of
from catalog_sync.pipeline.items import Drop, Ended, Noted, Place, Put, Same, inside_of
from catalog_sync.pipeline.spool import Spool
from catalog_sync.sources.incoming import Incoming, Sizes
from catalog_sync.xzufi.delivered import (
    NEVER_KNOWN,
    Converted,
    Deletion,
    Delivered,
    Notice,
    Recognised,
    Rejected,
    Writing,
)
from catalog_sync.xzufi.limits import Limits
from catalog_sync.xzufi.reader import MessageReader
from catalog_sync.xzufi.refused import RefusedFile

Progress = Callable[[str, int, int], None]
"""Called now and then with the step (``read`` or ``write``), how much is done and how much there is."""

_EVERY = 200


@dataclass(slots=True)
class Reading:
    """What was read.

    Attributes:
        refused: the files that were refused whole.
        last: time of the newest message that was taken.
        items: how many records are in the spool.
        elements: how many elements were read, those of refused files too.
        objects: how many writes were taken.
    """

    spool: Spool
    refused: list[Refusal] = field(default_factory=list)
    last: int | None = None
    items: int = 0
    elements: int = 0
    objects: int = 0

    def came(self, message_at: int) -> None:
        """A message of this time was taken."""
        self.last = message_at if self.last is None else max(self.last, message_at)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the files of one delivery.

    Attributes:
        arrival: stands for a message's time where it has none.
    """

    scope: Scope
    known: KnownContents
    arrival: int
    sizes: Sizes
    progress: Progress

    @property
    def limits(self) -> Limits:
        """Of each file."""
        return Limits(unpacked_bytes=self.sizes.unpacked)

    def read(self, files: Sequence[Incoming], spool: Spool) -> Reading:
        """Read all files in order; those that cannot be read are named in the answer."""
        reading = Reading(spool)
        total, done = sum(one.size for one in files), 0
        for number, incoming in enumerate(files):
            mark, items, objects = spool.mark(), reading.items, reading.objects
            try:
                self.take(number, incoming, reading, (done, total))
            except (RefusedFile, OSError) as error:
                spool.cut(mark)
                reading.items, reading.objects = items, objects
                reading.refused.append(refusal_of(incoming.name, error))
            done += incoming.size
        return reading

    def take(self, number: int, incoming: Incoming, reading: Reading, progress: tuple[int, int]) -> None:
        """Read one file; `progress` are the bytes before it and of all.

        Raises:
            RefusedFile, OSError: where it cannot be read.
        """
        reading.came(_File(self, number, incoming, reading).read(*progress))


class _File:
    """One file on its way into the spool."""

    def __init__(self, reader: Reader, number: int, incoming: Incoming, reading: Reading) -> None:
        self.reader, self.number, self.incoming, self.reading = reader, number, incoming, reading
        self.message_at = reader.arrival

    def read(self, done: int, total: int) -> int:
        """Read to the end; gives the message's time."""
        with closing(Bounded(self.incoming, self.reader.sizes)) as stream:
            reader = self.reader
            message = MessageReader(stream, limits=reader.limits, known=reader.known.number)
            self._begin(message.head.created_at)
            for count, delivered in enumerate(message):
                self.reading.elements += 1
                self._take(delivered)
                if count % _EVERY == 0:
                    self.reader.progress("read", done + stream.consumed, total)
        return self.message_at

    def _begin(self, created_at: int | None) -> None:
        self.reading.elements += 1
        if created_at is not None:
            self.message_at = created_at
            return
        sentence = (
            "The message has no erstelltDatumZeit that can be read; the time of its arrival stands for it."
        )
        self._note(1, sentence)

    def _take(self, delivered: Delivered) -> None:
        match delivered:
            case Recognised():
                self._add(Same(delivered.number, self._place(delivered), delivered.delivered_hash))
            case Writing():
                self._write(delivered)
            case Deletion():
                self._delete(delivered)
            case Rejected():
                self._rejected(delivered)
            case Notice():
                self._note(delivered.line, delivered.sentence)

    def _add(self, item: Put | Same | Drop | Ended | Noted) -> None:
        self.reading.spool.add(item, self.reading.elements)
        self.reading.items += 1
        self.reading.objects += isinstance(item, Put | Same)

    def _place(self, delivered: Writing | Recognised | Deletion) -> Place:
        return Place(self.number, self.message_at, delivered.position, delivered.line)

    def _write(self, writing: Writing) -> None:
        foreign = check_agency(self.reader.scope, writing.kind, writing.agency, writing.value)
        if foreign is not None:
            self._end(writing, foreign)
        elif (number := self.reader.known.number(writing.delivered_hash)) is not None:
            self._add(Same(number, self._place(writing), writing.delivered_hash))
        else:
            self._convert(writing)

    def _convert(self, writing: Writing) -> None:
        converted = writing.convert()
        if isinstance(converted, Rejected):
            self._rejected(converted)
            return
        checked = check_object(self.reader.scope, converted.obj)
        if isinstance(checked, Rejection):
            self._end(writing, checked)
            return
        for notice in converted.notices:
            self._note(notice.line, notice.sentence, writing)
        for sentence in checked.sentences:
            self._note(writing.line, sentence, writing)
        self._put(writing, converted, checked)

    def _put(self, writing: Writing, converted: Converted, checked: Checked) -> None:
        told = checked.partial or checked.sentences or converted.rejected or converted.notices
        obj = checked.obj
        if isinstance(obj, Authority | OnlineService) and (withheld := _withheld(converted, checked)):
            obj = replace(obj, withheld=withheld)
        identity = identity_of(writing.kind, writing.agency, writing.value)
        delivered_hash = NEVER_KNOWN if told else writing.delivered_hash
        content = content_of(obj, self.reader.scope.areas)
        self._add(Put(identity, self._place(writing), delivered_hash, content, inside_of(obj)))
        for rejected in converted.rejected:
            self._rejected(rejected)
        for inner in checked.inner:
            named = (EntryKind.RESPONSIBILITY, inner.rule.agency, inner.rule.value)
            self._reject(named, writing.line, inner.rejection)

    def _delete(self, deletion: Deletion) -> None:
        foreign = check_agency(self.reader.scope, deletion.kind, deletion.agency, deletion.value)
        if foreign is not None:
            self._end(deletion, foreign)
            return
        identity = identity_of(deletion.kind, deletion.agency, deletion.value)
        self._add(Drop(identity, self._place(deletion)))

    def _end(self, delivered: Writing | Deletion, why: Rejection) -> None:
        self._reject((delivered.kind, delivered.agency, delivered.value), delivered.line, why)

    def _rejected(self, rejected: Rejected) -> None:
        named = (rejected.kind, rejected.agency, rejected.value)
        self._reject(named, rejected.line, Rejection(rejected.rule, rejected.reason, rejected.remedy))

    def _reject(
        self, named: tuple[EntryKind | None, str | None, str | None], line: int, why: Rejection
    ) -> None:
        kind, agency, value = named
        outcome = Outcome(
            kind=None if kind is None else kind.value,
            agency=agency,
            id=value,
            outcome=OutcomeKind.REJECTED,
            reason=why.reason,
            file=self.incoming.name,
            line=line,
            rule=why.rule,
            remedy=why.remedy,
        )
        identity = (
            None if kind is None or agency is None or value is None else identity_of(kind, agency, value)
        )
        self._add(Ended(outcome, identity))

    def _note(self, line: int, sentence: str, about: Writing | None = None) -> None:
        notice = RunNotice(sentence, file=self.incoming.name, line=line)
        if about is not None:
            notice = RunNotice(
                sentence, self.incoming.name, line, about.kind.value, about.agency, about.value
            )
        self._add(Noted(notice))


def _withheld(converted: Converted, checked: Checked) -> tuple[tuple[str, str], ...]:
    """The rules of a unit that were rejected, as far as they can be told from others."""
    named = [(one.agency, one.value) for one in converted.rejected if one.kind is EntryKind.RESPONSIBILITY]
    named += [(inner.rule.agency, inner.rule.value) for inner in checked.inner]
    told = ((agency, value) for agency, value in named if agency is not None and value is not None)
    return tuple(dict.fromkeys(one for one in told if is_agency(one[0]) and is_entry_value(one[1])))
