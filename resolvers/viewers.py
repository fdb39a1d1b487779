from collections.abc import Sequence

from identity.assurance import AssuranceLevel
from identity.viewer import Viewer
from resolvers.context import Context


async def viewer(context: Context, parents: Sequence[None]) -> list[Viewer | None]:
    """Who is signed in; null when nobody is."""
    return [await context.viewer()] * len(parents)


def assurance(root: Viewer) -> AssuranceLevel:
    """How surely we know who it is."""
    return root.assurance
