from catalog_sync.catalog.language import DEFAULT, LanguageTag

_LABELS = {
    "1": ("Bund regelt, Bund vollzieht", "Federal rule, executed by the federation"),
    "2": ("Bund regelt, Land vollzieht", "Federal rule, executed by the states"),
    "3": ("Bund regelt, Kommune vollzieht", "Federal rule, executed by the municipalities"),
    "4": ("Land regelt, Land vollzieht", "State rule, executed by the state"),
    "5": ("Land regelt, Kommune vollzieht", "State rule, executed by the municipalities"),
    "6": ("Kommune regelt, Kommune vollzieht", "Municipal rule, executed by the municipality"),
}


def label(root: str, language: LanguageTag | None = DEFAULT) -> str:
    """What a type's code means, of its parts where it has several; the bare type where the list gives no words."""
    english = (language or "").casefold().startswith("en")
    words = [
        _LABELS[part[0]][english] if part[:1] in _LABELS and part[1:] in ("", "a", "b") else f"Typ {part}"
        for part in root.split("/")
    ]
    return (" or " if english else " oder ").join(dict.fromkeys(words))
