"""The upstreams in the settings: one TOML file, read once.

[[upstream]]
id = "buergerkonto"
name = { de = "Bürgerkonto", en = "Citizen account" }
issuer = "https://idp.example"
client_id = "hub"
client_secret = "..."
levels = ["low", "substantial", "high"]
organisations = true
"""

import re
import tomllib
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from identity.assurance import AssuranceLevel
from identity.errors import IdentityError

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class UpstreamConfigError(IdentityError):
    """The upstreams' file is wrong; the sentence says where and what would be right."""

    code = "config"


class Upstream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One identity provider at which people log in.

    Attributes:
        id: part of the callback's address; small letters, digits and hyphens.
        name: for the button, by language.
        issuer: exactly as its discovery document and its tokens say it (Discovery, section 4.3).
        levels: what it offers; the highest of them caps whatever it claims.
        organisations: whether it may say for which organisation somebody comes.
        ignored_claims: claims it is known to send and that nobody needs; others are reported.
        algorithms: signatures of ID tokens that are taken from it.
    """

    id: str
    name: dict[Literal["de", "en"], str]
    issuer: str
    client_id: str
    client_secret: str | None = None
    levels: tuple[Literal["low", "substantial", "high"], ...] = ("low",)
    organisations: bool = False
    scope: str = "openid profile email address"
    ignored_claims: tuple[str, ...] = ()
    algorithms: tuple[Literal["RS256", "ES256"], ...] = ("RS256", "ES256")

    @property
    def highest(self) -> AssuranceLevel:
        """The most that this upstream may claim."""
        return max(self.offered)

    @property
    def offered(self) -> tuple[AssuranceLevel, ...]:
        """The levels in rising order."""
        return tuple(sorted(AssuranceLevel[level.upper()] for level in self.levels))

    def named(self, language: str) -> str:
        """Its name in that language, else in German."""
        return self.name.get("en" if language == "en" else "de") or next(iter(self.name.values()))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    upstream: tuple[Upstream, ...] = ()


def read_upstreams(path: Path) -> tuple[Upstream, ...]:
    """Read and check the file.

    Raises:
        UpstreamConfigError: with the place and what is wrong there.
    """
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).upstream
    except OSError as error:
        raise UpstreamConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UpstreamConfigError(f"{path} names no usable upstreams: {error}.") from error
    for upstream in found:
        if wrong := _wrong(upstream):
            raise UpstreamConfigError(f"{path}, upstream {upstream.id!r}: {wrong}")
    if len({upstream.id for upstream in found}) < len(found):
        raise UpstreamConfigError(f"{path}: two upstreams have the same id.")
    if len({upstream.issuer for upstream in found}) < len(found):
        raise UpstreamConfigError(
            f"{path}: two upstreams have the same issuer; accounts could not be told apart."
        )
    return found


def _wrong(upstream: Upstream) -> str | None:
    place = urlsplit(upstream.issuer)
    if not _ID.fullmatch(upstream.id):
        return "an id has small letters, digits and hyphens, 40 at most."
    if not upstream.name or not all(upstream.name.values()):
        return "it needs a name, in de or en."
    if not upstream.levels or not upstream.algorithms:
        return "levels and algorithms need one entry at least."
    if not is_secure(upstream.issuer) or place.query or place.fragment:
        return f"the issuer {upstream.issuer!r} must be an https address without query or fragment."
    if "openid" not in upstream.scope.split():
        return "the scope must contain openid."
    return None


def is_secure(url: str) -> bool:
    """Whether an address is https, or this machine itself, where a demonstration has no certificate."""
    place = urlsplit(url)
    return bool(place.hostname) and (
        place.scheme == "https" or (place.scheme == "http" and place.hostname in _LOOPBACK)
    )
