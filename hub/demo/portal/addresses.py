"""Which addresses of the portal another page may send a browser to."""

import re
from urllib.parse import urlencode, urlsplit

LEIKA_KEY = re.compile(r"99\d{12}")
ARS = re.compile(r"(\d{2}|\d{3}|\d{5}|\d{9}|\d{12})", re.ASCII)


def local(address: str | None) -> str:
    """The address if it is a path of this portal, else the front page, so that no redirect leads out."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.isprintable() or "\\" in address:
        return "/"
    return address


def service_page(key: str, area: str) -> str:
    """The path of a service's page in a place."""
    return f"/leistung/{key}?{urlencode({'ort': area})}"
