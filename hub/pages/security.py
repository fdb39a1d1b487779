"""What every page tells the browser to refuse: foreign scripts, frames, referrers, devices."""

from collections.abc import Iterable

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
    )
)


def content_security_policy(
    *,
    form_action: Iterable[str] = (),
    suggesting: bool = False,
    connect: bool = False,
    inline_styles: bool = False,
) -> str:
    """A page's Content-Security-Policy (CSP Level 3).

    Args:
        form_action: origins beside our own to which a form of this page may lead, redirects included
            (a consent given leads to the portal).
        suggesting: whether the page's script may ask this server for suggestions.
        connect: whether it may also start workers, and the page has a base address of its own (the explorer).
        inline_styles: whether styles may stand in the page (the explorer's editor sets its own).

    Images may be ``data:``, since the design system draws its icons so.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'" if inline_styles else "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "form-action": " ".join(["'self'", *form_action]),
        "frame-ancestors": "'none'",
        "base-uri": "'self'" if connect else "'none'",
    }
    if connect or suggesting:
        rules |= {"connect-src": "'self'"}
    if connect:
        rules |= {"worker-src": "'self'"}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def headers(policy: str, *, secure: bool) -> dict[str, str]:
    """All security headers of a page.

    Args:
        policy: its Content-Security-Policy.
        secure: whether it came over https, which the browser shall then insist on for a year (RFC 6797).
    """
    found = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return found | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
