"""Settings: read once, frozen, passed down. Environment ``HUB_*`` goes before the TOML file named by ``HUB_CONFIG``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from hub.admission.rates import POINTS
from hub.errors import ConfigError

_FOREVER, _DAY = "forever", 24 * 3600
_DAYS = re.compile(r"[1-9][0-9]{0,4}")
_MEGABYTES = re.compile(r"[0-9]{1,5}")
_POINTS = re.compile(r"[1-9][0-9]{2,9}")
_PROCESSES = re.compile(r"[0-9]{1,2}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set. Attribute ``data_dir`` is ``HUB_DATA_DIR`` in the environment, and so on.

    Attributes:
        data_dir: folder of the SQLite files and the keys.
        catalog_url, identity_url, operations_url: SQLAlchemy URLs, SQLite or PostgreSQL; by default files in data_dir.
        issuer: the provider's public address, without a slash at its end; the hub's own address on loopback if unset.
        rate_limit: ``on``, points a minute for each client, or ``off`` (load tests on loopback only).
        trusted_proxies: addresses and networks whose X-Forwarded-For says who is asking.
        links: whether the links that entries name are checked: ``on``, ``off``, or ``auto``: not on loopback.
        egress_allow: host:port pairs that calls to outside may reach although they are private.
        keep_deliveries: days for which raw deliveries are kept after their run's end, with what taking it back
            needs; or ``forever``.
        sync_processes: how many large deliveries may be read in processes of their own at once; 0: none.
        documents: which documents the graph runs: ``any``, or ``trusted``: those that an operator imported.
        answers: megabytes of whole answers that each process keeps; 0: none.
        upstreams: path of a TOML file that names the identity providers at which people log in.
    """

    data_dir: Path = Path("var")
    catalog_url: str = ""
    identity_url: str = ""
    operations_url: str = ""
    issuer: str = ""
    rate_limit: str = "on"
    links: str = "auto"
    trusted_proxies: tuple[str, ...] = ()
    egress_allow: tuple[str, ...] = ()
    keep_deliveries: str = "90"
    sync_processes: str = "1"
    documents: str = "any"
    answers: str = "64"
    upstreams: Path | None = None

    @property
    def loopback_issuer(self) -> bool:
        """Whether the issuer is this machine itself, where plain http and test settings may pass."""
        return (urlsplit(self.issuer).hostname or "127.0.0.1") in _LOOPBACK

    @property
    def points(self) -> int | None:
        """Points a minute for each client; None: nobody is limited."""
        if self.rate_limit == "off":
            return None
        return POINTS if self.rate_limit == "on" else int(self.rate_limit)

    @property
    def keep_deliveries_seconds(self) -> int | None:
        """How long raw deliveries are kept; None: for ever."""
        return None if self.keep_deliveries == _FOREVER else int(self.keep_deliveries) * _DAY

    @property
    def answer_bytes(self) -> int:
        """How many bytes of whole answers each process keeps."""
        return int(self.answers) * 1024 * 1024

    @property
    def checks_links(self) -> bool:
        """Whether links are checked on the hub's own schedule; a demonstration leaves the world alone."""
        return self.links == "on" or (self.links == "auto" and not self.loopback_issuer)

    def url_of(self, name: str) -> str:
        """The SQLAlchemy URL of the database ``catalog``, ``identity`` or ``operations``."""
        return str(getattr(self, f"{name}_url")) or f"sqlite:///{self.data_dir / name}.db"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings.

    Raises:
        ConfigError: with the name of the setting, what it was and what it should be.
    """
    raw: dict[str, object] = {}
    if path := environ.get("HUB_CONFIG"):
        raw.update(_from_file(Path(path)))
    raw.update({k[4:].lower(): v for k, v in environ.items() if k.startswith("HUB_") and k in _NAMES})
    settings = Settings(**{name: _converted(name, value) for name, value in raw.items()})  # type: ignore[arg-type]
    _check(settings)
    return settings


_NAMES = frozenset(f"HUB_{f.name.upper()}" for f in fields(Settings))


def _from_file(path: Path) -> dict[str, object]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"HUB_CONFIG names {path}, which cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"HUB_CONFIG names {path}, which is no TOML: {error}.") from error
    names = {name[4:].lower() for name in _NAMES}
    found = {name.lower().removeprefix("hub_"): value for name, value in found.items()}  # both spellings
    if strange := sorted(set(found) - names):
        raise ConfigError(f"{path}: unknown setting {strange[0]}. Known are {', '.join(sorted(names))}.")
    return found


def _converted(name: str, value: object) -> object:
    if name in ("data_dir", "upstreams"):
        return Path(str(value))
    if name in ("egress_allow", "trusted_proxies"):
        parts = value if isinstance(value, list) else str(value).split(",")
        return tuple(str(part).strip() for part in parts if str(part).strip())
    return str(value).rstrip("/") if name == "issuer" else str(value)


def _check(settings: Settings) -> None:
    if settings.rate_limit not in ("on", "off") and not _POINTS.fullmatch(settings.rate_limit):
        raise ConfigError(
            f"HUB_RATE_LIMIT is {settings.rate_limit!r}; it can be on, off, or points a minute, from 100."
        )
    for proxy in settings.trusted_proxies:
        _check_proxy(proxy)
    if settings.keep_deliveries != _FOREVER and not _DAYS.fullmatch(settings.keep_deliveries):
        raise ConfigError(
            f"HUB_KEEP_DELIVERIES is {settings.keep_deliveries!r}; it is a number of days, from 1, or forever."
        )
    if not _PROCESSES.fullmatch(settings.sync_processes):
        raise ConfigError(f"HUB_SYNC_PROCESSES is {settings.sync_processes!r}; it is a number from 0 to 99.")
    if settings.documents not in ("any", "trusted"):
        raise ConfigError(f"HUB_DOCUMENTS is {settings.documents!r}; it can be any or trusted.")
    if not _MEGABYTES.fullmatch(settings.answers):
        raise ConfigError(
            f"HUB_ANSWERS is {settings.answers!r}; it is a number of megabytes, from 0 to 99999."
        )
    if settings.links not in ("on", "off", "auto"):
        raise ConfigError(f"HUB_LINKS is {settings.links!r}; it can be on, off or auto.")
    urls = [_checked_url(name, settings.url_of(name)) for name in ("catalog", "identity", "operations")]
    files = [Path(url.database or "").resolve() for url in urls if url.get_backend_name() == "sqlite"]
    if len(set(files)) < len(files):
        raise ConfigError(
            "HUB_CATALOG_URL, HUB_IDENTITY_URL and HUB_OPERATIONS_URL name one SQLite file; each needs its own."
        )
    for pair in settings.egress_allow:
        _check_pair(pair)
    if settings.issuer:
        _check_issuer(settings.issuer)


def _check_pair(pair: str) -> None:
    """One of the exceptions for calls to outside; it is compared with what an address says, so it is host and port."""
    try:
        place = urlsplit(f"//{pair}")
        whole = bool(place.hostname and place.port) and place.netloc == pair and "@" not in pair
    except ValueError:
        whole = False
    if not whole:
        raise ConfigError(f"HUB_EGRESS_ALLOW has {pair!r}; it names hosts with ports, like 127.0.0.1:9000.")


def _check_proxy(proxy: str) -> None:
    try:
        ip_network(proxy)
    except ValueError as error:
        raise ConfigError(
            f"HUB_TRUSTED_PROXIES has {proxy!r}; it names addresses and networks, like 10.0.0.1 or 10.1.0.0/16."
        ) from error


def _check_issuer(issuer: str) -> None:
    """An issuer is a web address with a host, and nothing behind its path (OpenID Connect Discovery, section 3)."""
    try:
        place = urlsplit(issuer)
        host, _ = place.hostname, place.port
    except ValueError as error:
        raise ConfigError(f"HUB_ISSUER is {issuer!r}, which is no address: {error}.") from error
    if place.scheme not in ("http", "https") or not host:
        raise ConfigError(f"HUB_ISSUER is {issuer!r}; it is an address such as https://hub.example.")
    if "@" in place.netloc:
        raise ConfigError("HUB_ISSUER holds a user name or password; every portal and person would read it.")
    if "?" in issuer or "#" in issuer:
        raise ConfigError(
            "HUB_ISSUER has a query or a fragment; an issuer has neither (OpenID Connect Discovery, section 3)."
        )


def _checked_url(name: str, url: str) -> URL:
    setting = f"HUB_{name.upper()}_URL"
    try:
        made = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            f"{setting} is no database address; one looks like postgresql://user@host/name or sqlite:///file.db."
        ) from error
    if (backend := made.get_backend_name()) not in ("sqlite", "postgresql"):
        raise ConfigError(f"{setting} names the database {backend}; the hub runs on sqlite and postgresql.")
    return made
