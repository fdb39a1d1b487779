"""Operations to click in the explorer; tests run them all."""

from dataclasses import dataclass

from hub.pages.language import Language


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
        "Vorschläge beim Tippen",
        "Suggestions while typing",
        """query Vorschlaege($prefix: String!) {
  suggestions(prefix: $prefix, first: 8) { text service { leikaKey title } }
}""",
        '{"prefix": "pers"}',
    ),
    Example(
        "Wie es früher war",
        "As it was",
        """query Frueher($key: LeikaKey!, $area: Ars!, $asOf: DateTime!) {
  service(leikaKey: $key) {
    today: description(area: $area) { title provenance { version changedAt } }
    then: description(area: $area, asOf: $asOf) { title provenance { version changedAt } }
  }
}""",
        '{"key": "99008001012000", "area": "065320023023", "asOf": "2026-01-01T12:00:00+01:00"}',
    ),
    Example(
        "Was hat sich geändert?",
        "What has changed?",
        """query Aenderungen($after: ChangeCursor, $area: Ars) {
  changes(after: $after, area: $area, first: 20) {
    edges { node { action entryId at areas { name level } } }
    pageInfo { endCursor hasNextPage }
  }
}""",
        '{"after": null, "area": "06"}',
    ),
    Example(
        "Was der Katalog zu einem Wort weiß",
        "What the catalogue knows of a word",
        """query Woerter($word: String) {
  thesaurus(word: $word, first: 20) { totalCount edges { node { word relation means origin } } }
}""",
        '{"word": "perso"}',
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
