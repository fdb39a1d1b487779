import strawberry

from resolvers import subscriptions
from schema.change import Change
from schema.fields import stream


@strawberry.type
class Subscription:
    """What is told without being asked again, over graphql-transport-ws and graphql-sse."""

    catalog_changes = stream(
        subscriptions.catalog_changes,
        Change,
        description="Changes as they are committed; from now on, or from behind a cursor.",
    )
