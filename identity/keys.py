"""The hub's own secrets, as files: signing keys, the cookie secret, the salt of pairwise names. All 0600."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from identity.errors import IdentityError
from identity.opaque import Random

SIGNING_ALGORITHMS = ("RS256", "ES256")
"""RS256 first: it is what a client gets that names none (OpenID Connect Discovery section 3)."""

_FOLDER = "keys"
_SECRET_BYTES = 32
_LONGEST_TOKEN = 16_384  # characters; what we sign ourselves is far below


class KeysMissingError(IdentityError):
    """The key folder is absent or incomplete."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What `load_keys` read.

    Attributes:
        signing: the newest private key of each algorithm.
        published: public keys, those of tokens signed earlier included.
        cookie_secret: binds forms to sessions.
        pairwise_salt: makes the names by which portals know people; who changes it renames everybody.
    """

    signing: dict[str, RSAKey | ECKey]
    published: KeySet
    cookie_secret: bytes
    pairwise_salt: bytes

    def sign(self, claims: dict[str, Any], *, algorithm: str, kind: str = "JWT") -> str:
        """Sign claims as a JWT of that `typ` (RFC 7519; RFC 8725 section 3.11)."""
        key = self.signing[algorithm]
        header = {"alg": algorithm, "kid": key.kid, "typ": kind}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    def opened(self, token: str, *, kind: str = "JWT") -> dict[str, Any] | None:
        """Read the claims of a token that we signed as that `typ`, whatever its age; None for anything else.

        The key comes from our own set by `kid` and algorithm, never from the token's header; algorithms are pinned
        (RFC 8725 sections 3.1 and 3.10).
        """
        if len(token) > _LONGEST_TOKEN:
            return None
        try:
            found = jwt.decode(token, self.published, algorithms=list(SIGNING_ALGORITHMS))
        except (JoseError, ValueError, TypeError, KeyError):  # malformed parts surface as plain Python errors
            return None
        return found.claims if found.header.get("typ") == kind else None

    def jwks(self) -> dict[str, Any]:
        """The public key set (RFC 7517 section 5)."""
        return dict(self.published.as_dict(private=False))


def ensure_keys(data_dir: Path, random: Random) -> None:
    """Make what is missing under ``data_dir/keys``, readable for the owner only; never replaces anything."""
    folder = data_dir / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not list(folder.glob("signing-RS256-*.json")):
        _write_key(folder, "RS256", RSAKey.generate_key(2048))
    if not list(folder.glob("signing-ES256-*.json")):
        _write_key(folder, "ES256", ECKey.generate_key("P-256"))
    for name in ("cookie.secret", "pairwise.salt"):
        if not (folder / name).exists():
            _write(folder / name, random(_SECRET_BYTES).hex())


def load_keys(data_dir: Path) -> Keys:
    """Read all keys.

    Raises:
        KeysMissingError: when `verbundhub migrate` was not run on this folder.
    """
    folder = data_dir / _FOLDER
    try:
        files = sorted(folder.glob("signing-*.json"), key=lambda path: path.stat().st_mtime_ns)
        found = [(path.name.split("-")[1], json.loads(path.read_text(encoding="ascii"))) for path in files]
        signing = {algorithm: _private(raw) for algorithm, raw in found}
        cookie, salt = (_secret(folder / name) for name in ("cookie.secret", "pairwise.salt"))
        published = KeySet.import_key_set({"keys": [_public(raw) for _, raw in found]})
    except (OSError, ValueError, KeyError, JoseError) as error:
        raise _missing(repr(error)) from error
    if not set(signing) >= set(SIGNING_ALGORITHMS):
        raise _missing(f"signing keys for {sorted(signing)} only")
    return Keys(signing, published, cookie, salt)


def _private(raw: dict[str, Any]) -> RSAKey | ECKey:
    return RSAKey.import_key(raw) if raw["kty"] == "RSA" else ECKey.import_key(raw)


def _secret(path: Path) -> bytes:
    found = bytes.fromhex(path.read_text(encoding="ascii"))
    if len(found) != _SECRET_BYTES:  # a cut file must never be taken for a secret
        raise ValueError(path.name)
    return found


def _missing(detail: str) -> KeysMissingError:
    return KeysMissingError("The keys are not there or incomplete. Run `verbundhub migrate` first.", detail)


def _public(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        name: raw[name] for name in ("kty", "kid", "alg", "use", "n", "e", "crv", "x", "y") if name in raw
    }


def _write_key(folder: Path, algorithm: str, key: RSAKey | ECKey) -> None:
    kid = key.thumbprint()  # RFC 7638
    raw = key.as_dict(private=True) | {"kid": kid, "alg": algorithm, "use": "sig"}
    _write(folder / f"signing-{algorithm}-{kid}.json", json.dumps(raw))


def _write(path: Path, text: str) -> None:
    """Write whole or not at all: the file appears under its name only when it is complete."""
    draft = path.with_suffix(f".{os.getpid()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was first: its file counts
        os.link(draft, path)
    draft.unlink()
