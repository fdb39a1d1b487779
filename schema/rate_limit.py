import datetime as dt

import strawberry


@strawberry.type(
    description="What is left of the points that a client may use in a minute (Anfragebegrenzung)."
)
class RateLimit:
    """What is left of the points that a client may use in a minute."""

    cost: int = strawberry.field(description="Points of this request.")
    limit: int = strawberry.field(description="Points of a minute.")
    remaining: int = strawberry.field(description="Points that are left now; they come back steadily.")
    reset_at: dt.datetime = strawberry.field(description="When all points are back if nothing more is asked.")
