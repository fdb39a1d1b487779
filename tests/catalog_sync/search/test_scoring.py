"""Scores over catalogues that are drawn: looking only where it can matter gives what looking everywhere gives."""

from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from catalog_sync.search.asking import Alternative, Concept, How, tokens_of
from catalog_sync.search.fields import PART, Field
from catalog_sync.search.memory import SearchIndex
from catalog_sync.search.postings import Postings, packed, patched, posting_of, unpacked
from catalog_sync.search.scoring import own_scores

STEMS = ("hund", "steu", "ausweis", "pass", "kind", "geld", "anmeld", "bau")
Words = Sequence[tuple[str, int]]


class DrawnSnapshot:
    """The rows of an index that is made of drawn services: of each its words with their fields."""

    def __init__(self, services: Sequence[Words]) -> None:
        lists: dict[str, dict[int, int]] = defaultdict(dict)
        self.services = []
        for number, words in enumerate(services):
            key = 99_001_001_000_000 + number * 1_000
            title = [word for word, mask in words if mask & Field.TITLE and not word.startswith(PART)]
            self.services.append(
                (str(key), f"[{','.join(chr(34) + one + chr(34) for one in title)}]", "[]", None)
            )
            for word, mask in words:
                lists[word][key] = lists[word].get(key, 0) | mask
        self.lists = {
            word: packed(patched(b"", [posting_of(*one) for one in found.items()]))
            for word, found in lists.items()
        }

    def index(self) -> SearchIndex:
        """The index in memory."""
        index = SearchIndex()
        index._take_tokens((one, len(found) // 8, True, one) for one, found in self.lists.items())  # noqa: SLF001
        rows = ((key, f"[{title}]", marks, None, "[]", "[]") for key, title, marks, _ in self.services)
        index._take_services(rows)  # noqa: SLF001
        return index

    def postings(self) -> Postings:
        """All lists."""
        return {word: unpacked(found) for word, found in self.lists.items()}


words = st.tuples(
    st.sampled_from([*STEMS, *(PART + stem for stem in STEMS)]),
    st.sampled_from(
        [Field.TITLE, Field.KEYWORD, Field.BUNDLE, Field.SUMMARY, Field.TEXT, Field.TITLE | Field.TEXT]
    ),
)
services = st.lists(st.lists(words, min_size=1, max_size=5), min_size=1, max_size=40)
alternatives = st.builds(
    Alternative,
    st.lists(st.sampled_from([*STEMS, "unknown"]), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from([1.0, 0.9, 0.5, 0.3]),
    st.sampled_from(list(How)),
    st.just("shown"),
)
questions = st.lists(
    st.builds(
        Concept,
        st.sampled_from(["hund", "unbekannt", "machen", "graben"]),
        st.lists(alternatives, max_size=4).map(tuple),
        st.integers(1, 3),
    ),
    max_size=5,
)


@given(services, questions)
def test_looking_only_where_it_can_matter_changes_no_score(
    drawn: Sequence[Words], asked: Sequence[Concept]
) -> None:
    snapshot = DrawnSnapshot(drawn)
    index, postings = snapshot.index(), snapshot.postings()
    everywhere = own_scores(asked, postings, index, prune=False)
    assert own_scores(asked, postings, index) == everywhere
    assert all(0 < points < 2 for points in everywhere.values())
    assert everywhere.keys() <= index.services.keys()
    assert not everywhere or tokens_of(asked) & postings.keys()
