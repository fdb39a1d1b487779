"""Lists that the analyzer knows German by: one item a line, in folded spelling, `#` begins a comment.

They belong to the analyzer's version (`analyzer.VERSION`): whoever changes one raises it, and the index is rebuilt.
"""

from importlib.resources import files


def lines(name: str) -> tuple[str, ...]:
    """The items of a list."""
    text = (files(__name__) / f"{name}.txt").read_text(encoding="utf-8")
    bare = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in bare if line)
