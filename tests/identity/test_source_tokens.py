import secrets

from identity.source_tokens import SourceTokens
from tests.conftest import Databases


def tokens_of(databases: Databases) -> SourceTokens:
    return SourceTokens(databases.identity, lambda: 1_000_000.0, secrets.token_bytes)


async def test_a_token_stands_for_its_source(databases: Databases) -> None:
    tokens = tokens_of(databases)
    token = await tokens.issue("hessen")
    grant = await tokens.verify(token)
    assert token.startswith("vhs_")
    assert grant is not None
    assert (grant.source, grant.scopes) == ("hessen", frozenset({"catalog:write"}))


async def test_other_tokens_stand_for_nothing(databases: Databases) -> None:
    tokens = tokens_of(databases)
    token = await tokens.issue("hessen")
    for other in ("", "x", token[4:], token + "x", token[:-1], "vha_" + token[4:], "vhs_\0", "vhs_\ud800"):
        assert await tokens.verify(other) is None


async def test_revoking_ends_all_tokens_of_one_source(databases: Databases) -> None:
    tokens = tokens_of(databases)
    first, second, other = [await tokens.issue(source) for source in ("hessen", "hessen", "sachsen")]
    assert await tokens.revoke("hessen") == 2
    assert await tokens.verify(first) is None
    assert await tokens.verify(second) is None
    assert await tokens.verify(other) is not None
