"""What the demonstration prints when it is ready."""

import shlex

import orjson

from hub.demo.layout import Layout

PERSONS = (
    ("Erika Mustermann", "high"),
    ("Max Mustermann", "substantial"),
    ("Kim Beispiel", "low"),
    ("Toni Beispiel, acting for Musterbau GmbH", "substantial"),
)
QUERY = '{ services(query: "Personalausweis", first: 3) { edges { node { leikaKey title } } } }'


def curl_line(layout: Layout) -> str:
    """One command that asks the graph something it can answer."""
    body = orjson.dumps({"query": QUERY}).decode()
    return f"curl -s {layout.hub}/graphql -H 'Content-Type: application/json' -d {shlex.quote(body)}"


def announcement(layout: Layout, seconds: float) -> str:
    """The whole text.

    Args:
        layout: where everything is.
        seconds: how long the start took.
    """
    persons = "\n".join(f"    {name:<42} {level}" for name, level in PERSONS)
    return f"""
Verbundhub's demonstration is ready after {seconds:.1f} s. It is no official site.

    Hub (front page, account, explorer)    {layout.hub}/  {layout.hub}/graphql
    State portal of Hessen (stand-in)      {layout.hessen}/
    State portal of Sachsen (stand-in)     {layout.sachsen}/
    Identity provider (stand-in)           {layout.identity_provider}/

Persons, one button each at the identity provider, and the highest level that they reach:
{persons}

Ask the graph:
    {curl_line(layout)}

What to try next:
    1. Search for "Personalausweis" in Kassel at the portal of Hessen; see who is responsible, and why.
    2. Sign in there as Erika with her user account (low), then open the portal of Sachsen and sign in:
       it asks for consent once, not for another login, and knows her by another identifier.
    3. Open a service that needs a higher level, and step up.
    4. Sign out at one portal, and look at the other one.

Ctrl-C ends all of it.
"""
