"""RFC 9309, rule by rule; each with a line that allows and one that does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.links.robots import EVERYTHING, decode, encode, parse


def allows(text: str, path: str) -> bool:
    return parse(text.encode()).allows(path)


def test_without_a_group_everything_is_allowed() -> None:
    assert allows("", "/a")
    assert allows("Sitemap: https://a.example/map\nDisallow: /a", "/a"), (
        "a rule without a name belongs to no group"
    )
    assert EVERYTHING.allows("/a")


@pytest.mark.parametrize("name", ["Verbundhub", "verbundhub", "VERBUNDHUB/1.0", "Verbundhub *"])
def test_the_group_that_names_us_goes_before_the_one_for_everybody(name: str) -> None:
    text = f"User-agent: *\nDisallow: /\n\nUser-agent: {name}\nDisallow: /a"
    assert allows(text, "/b")
    assert not allows(text, "/a")


def test_another_name_is_not_ours() -> None:
    for name in ("Verbund", "Verbundhub-other", "Googlebot"):
        assert allows(f"User-agent: {name}\nDisallow: /", "/a")
    assert not allows("User-agent: Googlebot\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a")


def test_an_own_group_without_rules_allows_everything() -> None:
    assert allows("User-agent: *\nDisallow: /\nUser-agent: Verbundhub\nDisallow:", "/a")


def test_groups_for_one_name_are_one() -> None:
    text = "User-agent: Verbundhub\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: verbundhub\nDisallow: /b"
    assert [allows(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_names_in_a_row_begin_one_group_whatever_stands_between() -> None:
    text = (
        "User-agent: other\n\n# a word\nSitemap: https://a.example/map\nUser-agent: Verbundhub\nDisallow: /a"
    )
    assert not allows(text, "/a")
    assert allows(
        "User-agent: other\nAllow: /x\nUser-agent: Verbundhub\nAllow: /y\nUser-agent: x\nDisallow: /", "/a"
    )


def test_the_longest_rule_wins_and_allow_among_equal_ones() -> None:
    text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /d\nDisallow: /d"
    told = {path: allows(text, path) for path in ("/a", "/a/b", "/a/b/c", "/a/bc", "/d", "/e")}
    assert told == {"/a": False, "/a/b": True, "/a/b/c": False, "/a/bc": True, "/d": True, "/e": True}


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish/", "/fish", False),
        ("/fish*", "/fish/salmon", True),
        ("/*.php", "/folder/any.php.file.html", True),
        ("/*.php", "/php", False),
        ("/*.php$", "/a.php", True),
        ("/*.php$", "/a.php?b", False),
        ("/*.php$", "/a.php5", False),
        ("/fish*.php", "/fishheads/catfish.php?parameters", True),
        ("/fish*.php", "/Fish.PHP", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("*/b", "/a/b", True),
        ("/a*a$", "/a", False),
        ("/a*a$", "/aa", True),
        ("/**a", "/bca", True),
        ("/a?b=*&c", "/a?b=1&c=2", True),
        ("/a$b", "/a$b", True),
        ("/a%24", "/a$", True),
        ("/a%2Ab", "/a*b", True),
        ("/a%2Ab", "/acb", False),
        ("/ü", "/%C3%BC", True),
        ("/%c3%bc", "/%C3%BC", True),
        ("/%61", "/a", True),
        ("/a", "/%61", True),
        ("/a%2Fb", "/a/b", False),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert allows(f"User-agent: *\nDisallow: {pattern}", path) is not matches


def test_robots_txt_itself_is_always_allowed() -> None:
    assert allows("User-agent: *\nDisallow: /", "/robots.txt")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_comments_case_spaces_and_a_byte_order_mark(end: str) -> None:
    text = end.join(
        ["\ufeffUSER-AGENT : * # all", "  disallow:/a # this", "nonsense", "Disallow /b", ": x", ""]
    )
    assert not allows(text, "/a")
    assert allows(text, "/b")


def test_a_rule_that_is_no_path_is_passed_over() -> None:
    assert allows("User-agent: *\nDisallow: a\nDisallow: http://x.example/a", "/a")


def test_crawl_delay_is_the_longest_that_our_group_names() -> None:
    assert parse(b"User-agent: *\nCrawl-delay: 2.5\nCrawl-delay: x\nCrawl-delay: 1").delay == 2.5
    assert parse(b"User-agent: Verbundhub\nDisallow:\nUser-agent: *\nCrawl-delay: 2").delay is None


def test_octets_that_are_no_text_do_no_harm() -> None:
    assert not parse(b"\xff\xfe\x00User-agent: x\nUser-agent: *\nDisallow: /a\n\xff").allows("/a")


@given(st.text(max_size=300), st.text(alphabet="/*$ab%2A?", max_size=20))
def test_any_text_is_read_and_kept(text: str, path: str) -> None:
    found = parse(f"User-agent: *\nDisallow: {path}\n{text}".encode())
    assert decode(encode(found)) == found
    assert found.allows("/robots.txt")
    found.allows(f"/{path}")


def test_a_hostile_pattern_costs_a_walk_only() -> None:
    assert allows("User-agent: *\nDisallow: /" + "*a" * 5000 + "*b", "/" + "a" * 1900)
