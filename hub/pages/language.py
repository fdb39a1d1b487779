"""German or English: by choice, remembered, else as the browser prefers."""

from collections.abc import Callable
from typing import Literal, get_args

from starlette.requests import Request

Language = Literal["de", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
COOKIE = "hub_language"
_OWN_NAMES = {
    "ar": "العربية",
    "da": "Dansk",
    "de": "Deutsch",
    "de-simple": "Leichte Sprache",
    "de-x-simple-language": "Leichte Sprache",
    "dsb": "Dolnoserbšćina",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "frr": "Frasch",
    "hsb": "Hornjoserbšćina",
    "it": "Italiano",
    "nds": "Plattdüütsch",
    "nl": "Nederlands",
    "pl": "Polski",
    "ro": "Română",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
}


def chosen(request: Request) -> Language:
    """The language to answer in: ``?lang=``, the portal's ``ui_locales``, the cookie, Accept-Language, else German.

    ``ui_locales`` is the wish that a portal passes on (OpenID Connect Core, section 3.1.2.1).
    """
    query = request.query_params
    wishes = [query.get("lang", ""), *query.get("ui_locales", "").split(), request.cookies.get(COOKIE, "")]
    wishes += _accepted(request.headers.get("accept-language", ""))
    return next((known for wish in wishes if (known := _known(wish))), "de")


def _known(wish: str) -> Language | None:
    primary = wish.strip().lower().split("-")[0]
    return next((language for language in LANGUAGES if language == primary), None)


def _accepted(header: str) -> list[str]:
    """The header's languages, most wanted first (RFC 9110, section 12.5.4); what cannot be read is left out."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        name, _, weight = part.partition(";")
        try:
            weighted.append((float(weight.strip().removeprefix("q=") or 1), name))
        except ValueError:
            continue
    return [name for weight, name in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def texts(language: Language) -> Callable[[str, str], str]:
    """What templates call ``t``: of a text in German and in English, the one to show."""
    return lambda german, english: english if language == "en" else german


def own_name(tag: str) -> str:
    """What a language is called by those who speak it; a tag (BCP 47) that we have no name for stays as it is."""
    return _OWN_NAMES.get(tag.lower(), tag)
