"""Marking in the texts of a page what the graph marks in a hit's."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_SHORTEST = 2
Pieces = list[tuple[str, bool]]
"""Pieces of a text, each with whether it was asked for: put together they are the text."""


def pieces(text: str, highlights: Mapping[str, Any] | None) -> Pieces:
    """A text of the page, marked as the graph's Highlights mark it.

    A text that the graph did not mark (a title in this place's words) gets the marked words of the others, where
    they begin a word: "Hund" in "Hundesteuer", and "handlung" not in "Verhandlung".
    """
    known = [(highlights or {}).get(name) or () for name in ("title", "summary")]
    for segments in known:
        if " ".join("".join(one["text"] for one in segments).split()).startswith(text) and segments:
            return list(_cut(segments, len(text)))
    words = {one["text"] for segments in known for one in segments if one["matched"]}
    longest_first = sorted((word for word in words if len(word) >= _SHORTEST), key=len, reverse=True)
    if not longest_first:
        return [(text, False)]
    pattern = re.compile(r"(?<!\w)(" + "|".join(map(re.escape, longest_first)) + ")", re.IGNORECASE)
    return [(piece, bool(number % 2)) for number, piece in enumerate(pattern.split(text)) if piece]


def _cut(segments: Sequence[Mapping[str, Any]], length: int) -> Iterator[tuple[str, bool]]:
    for segment in segments:
        text = re.sub(r"\s+", " ", segment["text"])[:length]
        if text:
            yield text, segment["matched"]
        length -= len(text)
