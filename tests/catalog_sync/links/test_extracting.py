from catalog_sync.catalog.model import (
    Authority,
    Contact,
    Fee,
    Link,
    LocalText,
    OnlineService,
    ServiceEntry,
    TextModule,
)
from catalog_sync.catalog.particulars import Document
from catalog_sync.links.addresses import address_of, joined
from catalog_sync.links.extracting import MAX_LINKS, Named, links_of

A, B, C, D, E = (f"https://{name}.example/" for name in "abcde")


def text(html: str) -> tuple[LocalText, ...]:
    return (LocalText("de", html),)


def test_all_places_of_a_description() -> None:
    entry = ServiceEntry(
        "L1",
        "1",
        modules=(
            TextModule("06", text(f'<p>Siehe <a href="{A}?x=1&amp;y=2">hier</a></p>')),
            TextModule("07", links=(Link(B, title="Gesetz"),)),
            TextModule("", text(f'<a href="{C}#teil">C</a>')),
        ),
        fees=(Fee("FREE", link=D, descriptions=text(f'<a href="{A}">A</a>')),),
        origin_links=(Link(E),),
        documents=(Document("OUT", url=f"{E}form.pdf"),),
    )
    assert links_of(entry) == (
        Named(f"{A}?x=1&y=2", "06"),
        Named(B, "07"),
        Named(C, "modules"),
        Named(A, "fees"),
        Named(D, "fees"),
        Named(E, "origin_links"),
        Named(f"{E}form.pdf", "documents"),
    )


def test_an_online_service_and_an_authority() -> None:
    assert links_of(OnlineService("L1", "1", links=(Link(A),))) == (Named(A, "links"),)
    contacts = [
        Contact("09", "www.wetzlar.de"),
        Contact("09", f" {A} "),
        Contact("01", "a@b.de"),
        Contact("02", "0644"),
    ]
    unit = Authority(
        "L1", "1", text("Amt"), contacts=tuple(contacts), opening_hours=text(f'<a href="{B}">B</a>')
    )
    assert links_of(unit) == (
        Named("https://www.wetzlar.de", "contacts"),
        Named(A, "contacts"),
        Named(B, "opening_hours"),
    )


def test_what_leads_to_no_page_is_left_out() -> None:
    urls = ("mailto:a@b.de", "tel:0644199", "https://a.example/{ars}/x", "https://a.example/" + "x" * 2000)
    assert links_of(OnlineService("L1", "1", links=tuple(map(Link, urls)))) == ()


def test_words_that_look_like_markup_are_no_link() -> None:
    assert (
        links_of(ServiceEntry("L1", "1", modules=(TextModule("06", text('href="https://a.example/"')),)))
        == ()
    )


def test_one_object_names_so_many_at_most() -> None:
    links = tuple(Link(f"{A}{number}") for number in range(MAX_LINKS + 5))
    assert len(links_of(OnlineService("L1", "1", links=links))) == MAX_LINKS


def test_addresses_have_one_spelling() -> None:
    one = address_of("HTTPS://A.Example:443/b?c#d")
    assert one is not None
    assert (one.url, one.host, one.origin, one.path) == (
        "https://a.example/b?c",
        "a.example",
        "https://a.example:443",
        "/b?c",
    )
    assert address_of("https://a.example/b?c") == one
    umlaut = address_of("https://köln.example/straße")
    assert umlaut is not None
    assert (umlaut.host, umlaut.path) == ("xn--kln-sna.example", "/stra%C3%9Fe")


def test_what_can_not_be_asked_is_no_address() -> None:
    wrong = (
        "ftp://a.example/",
        "https://",
        "https://u:p@a.example/",
        "https://[::1/",
        "/a",
        "https://a.example:99999/",
    )
    assert [address_of(text) for text in wrong] == [None] * len(wrong)


def test_where_a_redirect_leads() -> None:
    base = address_of("https://a.example/b/c")
    assert base is not None
    assert joined(base, "../d") == "https://a.example/d"
    assert joined(base, "//e.example") == "https://e.example"
    assert joined(base, "https://[::1/") is None
