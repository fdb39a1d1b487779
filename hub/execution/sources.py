"""Python source that is being generated: its lines, names that are used once, and the values behind names."""

from typing import Any


class Source:
    """One module of generated functions."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._numbers = 0
        self.values: dict[str, Any] = {}

    def lines(self, *texts: str) -> None:
        """Add lines."""
        self._lines.extend(texts)

    def name(self, what: str) -> str:
        """A name that nothing else has."""
        self._numbers += 1
        return f"{what}{self._numbers}"

    def bind(self, what: str, value: Any) -> str:
        """A name under which the generated functions find a value."""
        name = self.name(what)
        self.values[name] = value
        return name

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._lines) + "\n"

    def compiled(self) -> dict[str, Any]:
        """The functions by name.

        Raises:
            SyntaxError, MemoryError, RecursionError: when Python cannot take so much (twenty loops inside each other).
        """
        names = dict(self.values)
        exec(compile(self.text, "<operation>", "exec"), names)  # noqa: S102 - our own text: names, and literals by repr
        return names


def dict_of(values: dict[str, str]) -> str:
    """An expression for a dict: keys, and the expressions of their values."""
    return "{" + ", ".join(f"{key!r}: {value}" for key, value in values.items()) + "}"
