"""``python find_service.py Personalausweis 35578``: who does it there, and where one starts. Needs gql[httpx], msgspec.

Answers become typed objects: a name that is wrong in the code is found by a type checker, an answer that is not as
the types say by msgspec.
"""

import os
import sys
from typing import TypeVar

import msgspec
from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

T = TypeVar("T")


class Struct(msgspec.Struct, rename="camel"):
    """An object of an answer; the graph's names are in camel case."""


class Area(Struct):
    """A place."""

    ars: str
    name: str


class AreaEdge(Struct):
    """A place of a page."""

    node: Area


class Areas(Struct):
    """A page of places."""

    edges: list[AreaEdge]


class Places(Struct):
    """The answer to PLACE."""

    areas: Areas


class Authority(Struct):
    """Who acts."""

    name: str


class Responsibility(Struct):
    """Who acts at the place, and why."""

    explanation: str
    authority: Authority


class Offer(Struct):
    """Where one starts."""

    start_url: str | None


class Service(Struct):
    """What was found."""

    leika_key: str
    title: str
    responsibilities: list[Responsibility]
    online_services: list[Offer]


class ServiceEdge(Struct):
    """A hit."""

    node: Service


class Services(Struct):
    """A page of hits."""

    edges: list[ServiceEdge]


class Found(Struct):
    """The answer to FIND_SERVICE."""

    services: Services


PLACE = """query Place($postcode: Postcode!) {
  areas(postcode: $postcode, first: 1) { edges { node { ars name } } } }"""
FIND_SERVICE = """query FindService($words: String!, $area: Ars!) {
  services(query: $words, area: $area, first: 1) { edges { node { leikaKey title
    responsibilities(area: $area, role: COMPETENT_AUTHORITY) { explanation authority { name } }
    onlineServices(area: $area) { startUrl } } } } }"""


def ask(client: Client, operation: str, answer: type[T], **variables: str) -> T:
    """The answer to an operation, as its type."""
    request = gql(operation)
    request.variable_values = variables
    return msgspec.convert(client.execute(request), answer)


def main() -> None:
    """Find one service at one place."""
    words, postcode = sys.argv[1:] or ("Personalausweis", "35578")
    address = os.environ.get("HUB_GRAPH", "http://127.0.0.1:8000/graphql")
    client = Client(transport=HTTPXTransport(url=address))
    places = ask(client, PLACE, Places, postcode=postcode).areas.edges
    if not places:
        sys.exit(f"There is no place with the postcode {postcode}.")
    place = places[0].node
    hits = ask(client, FIND_SERVICE, Found, words=words, area=place.ars).services.edges
    if not hits:
        sys.exit(f"Nothing was found for {words}.")
    service = hits[0].node
    print(f"{service.title} ({service.leika_key}) in {place.name}")
    for one in service.responsibilities:
        print(f"- {one.authority.name}: {one.explanation}")
    for offer in service.online_services:
        print(f"- online: {offer.start_url or 'no address'}")


if __name__ == "__main__":
    main()
