"""The explorer at /graphql: Altair, served from here, with operations to click."""

from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse

from hub.pages import language, security
from hub.pages.language import Language
from hub.pages.rendering import Pages

_MAIN = "altair/main.js"
_UI_LANGUAGES = {"de": "de-DE", "en": "en-US"}


@dataclass(frozen=True, slots=True)
class Example:
    """An operation to click. `variables` is JSON text."""

    german: str
    english: str
    query: str
    variables: str

    def title(self, wanted: Language) -> str:
        """What it asks, in the reader's language."""
        return self.english if wanted == "en" else self.german


# The last one is what the explorer opens with.
EXAMPLES = (
    Example(
        "Wer ist zuständig, und warum?",
        "Who is in charge, and why?",
        """query Zustaendig($key: LeikaKey!, $area: Ars!) {
  service(leikaKey: $key) {
    title
    responsibilities(area: $area) {
      role matchedLevel explanation
      authority { name addresses { street houseNumber postcode city } contacts { channelCode value } }
    }
    onlineServices(area: $area) { startUrl explanation onlineService { name requiredAssurance } }
  }
}""",
        '{"key": "99008001012000", "area": "065320023023"}',
    ),
    Example(
        "Was eine Person an diesem Ort lesen soll",
        "What a person in this place should read",
        """query Beschreibung($key: LeikaKey!, $area: Ars!, $language: Language) {
  service(leikaKey: $key) {
    description(area: $area, language: $language) {
      title language
      modules { kind text language provenance { level inherited changedAt source { name } } }
      fees { kind amount minimum maximum currency }
    }
  }
}""",
        '{"key": "99008001012000", "area": "065320023023", "language": "de"}',
    ),
    Example(
        "Orte einer Postleitzahl",
        "Places of a postcode",
        """query Orte($postcode: Postcode!) {
  areas(postcode: $postcode, first: 20) {
    totalCount edges { node { ars name level ancestors { name level } } }
  }
}""",
        '{"postcode": "35578"}',
    ),
    Example(
        "Quellen und Umfang des Katalogs",
        "Sources and the catalogue's size",
        """query Katalog {
  catalogue { counts { kind live } dataVersion }
  sources { key name agencies areas { name } freshness }
}""",
        "{}",
    ),
    Example(
        "Wer fragt?",
        "Who is asking?",
        """query WerBinIch {
  viewer { subject { name kind } assurance actingFor { name } }
}""",
        "{}",
    ),
    Example(
        "Leistungen suchen",
        "Find services",
        """query Suche($words: String!) {
  services(query: $words, first: 10) {
    totalCount
    edges { node { leikaKey title description { title modules(kinds: [SHORT_TEXT]) { text } } } }
  }
}""",
        '{"words": "Personalausweis"}',
    ),
)


def page(pages: Pages, request: Request) -> HTMLResponse:
    """What a browser gets at /graphql. Without the explorer's files: the examples to copy."""
    if _MAIN not in pages.built:
        return pages.render(request, "explorer_plain.html", examples=EXAMPLES)
    return pages.render(
        request,
        "explorer.html",
        policy=security.content_security_policy(connect=True, inline_styles=True),
        base=pages.built.address("altair/"),
        options=_options(language.chosen(request)),
    )


def _options(wanted: Language) -> str:
    """Altair's configuration (AltairConfigOptions) as JSON text."""
    return orjson.dumps(
        {
            "disableAccount": True,
            "preserveState": False,
            "persistedSettings": {"banners.disable": True, "language": _UI_LANGUAGES[wanted]},
            "initialWindows": [
                {"initialName": e.title(wanted), "initialQuery": e.query, "initialVariables": e.variables}
                for e in EXAMPLES
            ],
        }
    ).decode()
