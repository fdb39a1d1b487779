"""What an office delivers the next day: the same message with a later time, some objects changed."""

from pathlib import Path

_CREATED = "<x:erstelltDatumZeit>2026-03-02T"
_CHANGED = "<x:geaendertDatumZeit>2026-02-12T"
_ROLE, _OTHER_ROLE = "<code>01</code></x:rolle>", "<code>03</code></x:rolle>"
_LABEL = "<x:version>6</x:version>"


def write_later(message: Path, target: Path, day: int, every: int = 0) -> Path:
    """Write a message again, line by line.

    Args:
        message: what `write_message` has written: the head, then an object a line.
        target: where to write.
        day: of March 2026, the message's new date.
        every: every so manieth object is changed on the day before that; 0: none.
    """
    with message.open(encoding="utf-8") as source, target.open("w", encoding="utf-8") as written:
        count = 0
        for line in source:
            told = line
            if line.startswith("<x:schreibe>"):
                count += 1
                if every and count % every == 0:
                    changed = f"<x:geaendertDatumZeit>2026-03-{day - 1:02}T"
                    told = line.replace(_CHANGED, changed).replace(_LABEL, f"<x:version>{day}</x:version>")
                    told = told.replace(_ROLE, _OTHER_ROLE)  # a rule has no version of its own
            elif count == 0:
                told = line.replace(_CREATED, f"<x:erstelltDatumZeit>2026-03-{day:02}T")
            written.write(told)
    return target
