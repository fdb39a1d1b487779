import pytest

from hub.pages.texts import is_said_by_links

LINKS = [{"url": "https://gesetze.example/14", "title": "§ 14 GewO"}]


@pytest.mark.parametrize(
    ("text", "links", "said"),
    [
        ("- § 14 GewO", LINKS, True),
        ("§ 14 GewO\n", LINKS, True),
        ("- § 14 GewO\n- § 15 GewO", LINKS, False),
        ("Es gilt § 14 GewO.", LINKS, False),
        ("- § 14 GewO", [], False),
        ("", [{"url": "https://gesetze.example/14", "title": None}], False),
    ],
)
def test_a_text_that_only_lists_its_links_is_not_shown_twice(
    text: str, links: list[dict[str, str]], said: bool
) -> None:
    assert is_said_by_links({"text": text, "links": links}) is said
