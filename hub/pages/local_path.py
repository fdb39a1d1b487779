"""Where a login of the hub's own pages leads back to: a place on this host, whatever the address says."""

import re
from urllib.parse import urlsplit

_LONGEST = 2_000
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def local_path(wish: str, otherwise: str) -> str:
    """The path (with query) if it certainly stays on this host, else `otherwise`.

    Browsers read two slashes, or a slash and a backslash, as the beginning of another host's name, and drop tabs and
    line breaks before they look.
    """
    if not wish.startswith("/") or wish.startswith("//") or len(wish) > _LONGEST or _UNSAFE.search(wish):
        return otherwise
    place = urlsplit(wish)
    return otherwise if place.scheme or place.netloc else wish
