"""Under which settings the hub may serve, and at which address it says it is."""

import socket
from dataclasses import replace
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from hub.config import Settings
from hub.errors import ConfigError


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def checked_for_serving(settings: Settings, host: str, port: int) -> tuple[Settings, list[str]]:
    """The settings with an issuer, and warnings; settings that only suit a demonstration are refused off loopback.

    Raises:
        ConfigError: names the setting, and what would be right.
    """
    if not settings.issuer:
        if not is_loopback(host):
            raise ConfigError(
                "HUB_ISSUER is not set: off loopback the hub must know its public address, https://…"
            )
        shown = f"[{host}]" if ":" in host else host
        settings = replace(settings, issuer=f"http://{shown}:{port}")
    loopback = is_loopback(host) and is_loopback(urlsplit(settings.issuer).hostname or "")
    risky = _risky(settings)
    if risky and not loopback:
        raise ConfigError(
            f"{risky[0]} suits only a demonstration on loopback; the hub listens on {host} as {settings.issuer}."
        )
    return settings, [f"{setting} suits only this machine itself." for setting in risky]


def check_can_listen(host: str, port: int) -> None:
    """Try the address before anything is built: a server that can't listen is a wrong setting, and says so.

    Raises:
        ConfigError: names the address and what the system says.
    """
    bare = host.strip("[]")
    try:
        socket.create_server((bare, port), family=socket.AF_INET6 if ":" in bare else socket.AF_INET).close()
    except OSError as error:
        raise ConfigError(f"The hub can't listen on {host}:{port}: {error.strerror or error}.") from error


def _risky(settings: Settings) -> list[str]:
    found = []
    if urlsplit(settings.issuer).scheme == "http":
        found.append(f"HUB_ISSUER={settings.issuer} (plain http)")
    if settings.rate_limit == "off":
        found.append("HUB_RATE_LIMIT=off")
    if settings.egress_allow:
        found.append(f"HUB_EGRESS_ALLOW={','.join(settings.egress_allow)}")
    if wide := [proxy for proxy in settings.trusted_proxies if ip_network(proxy).prefixlen == 0]:
        found.append(f"HUB_TRUSTED_PROXIES={wide[0]} (everybody may say who they are)")
    return found
