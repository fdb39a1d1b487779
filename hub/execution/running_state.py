"""What one run of a compiled operation has at hand."""

import asyncio
from collections.abc import Mapping
from typing import Any

from graphql.execution.values import VariableValues

from hub.execution.arguments import Arguments
from hub.execution.objects import Info
from hub.execution.stopping import Watch

_TURN = 1000
"""Fields after which other requests have their turn."""


class Run:
    """One run.

    Attributes:
        context: what resolvers may use.
        info: what fields of one parent may know.
    """

    __slots__ = ("_since", "_variables", "_watch", "_whole", "context", "info")

    def __init__(
        self, info: Info, variables: Mapping[str, Any], whole: VariableValues | None, watch: Watch
    ) -> None:
        self.context = info.context
        self.info = info
        self._variables = variables
        self._whole = whole
        self._watch = watch
        self._since = 0

    def arguments(self, of: Arguments) -> Mapping[str, Any]:
        """What a field is called with."""
        return of.values(self._variables, self._whole)

    async def turn(self, nodes: int, fields: int) -> None:
        """So many objects more, with so many fields all together: the watch judges, and others have their turn.

        Reads of SQLite never wait, so without it nobody else would be served, and no deadline would cut.
        """
        self._watch.nodes(nodes, fields)
        self._since += fields
        if self._since >= _TURN:
            self._since = 0
            await asyncio.sleep(0)
