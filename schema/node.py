import strawberry


@strawberry.interface(description="Anything with an id that stays the same (Relay).")
class Node:
    """Anything with a global id."""

    id: strawberry.ID
