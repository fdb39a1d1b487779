"""Files of trusted documents, as the tools of portals write them."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.documents.book import hash_of
from hub.documents.files import BadDocuments, check_documents, read_documents

TEXT = "query Page { sources { key } }"


def written(folder: Path, content: object, name: str = "documents.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


def test_a_map_of_ids_and_texts_is_read(tmp_path: Path) -> None:
    documents = {"page": TEXT, hash_of(TEXT): TEXT}
    assert read_documents(written(tmp_path, documents)) == documents


def test_apollo_s_manifest_is_read(tmp_path: Path) -> None:
    one = {"id": hash_of(TEXT), "name": "Page", "type": "query", "body": TEXT}
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [one]}
    assert read_documents(written(tmp_path, manifest)) == {hash_of(TEXT): TEXT}


def test_a_document_by_itself_is_known_by_its_hash(tmp_path: Path) -> None:
    assert read_documents(written(tmp_path, TEXT.encode(), "page.graphql")) == {hash_of(TEXT): TEXT}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "no JSON"),
        (b"\xff", "UTF-8"),
        ([], "no list of documents"),
        ({}, "no list of documents"),
        ({"format": "apollo-persisted-query-manifest"}, "no list of documents"),
        ({"format": "apollo-persisted-query-manifest", "operations": [1]}, "no list of documents"),
        ({"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}, "an id and a text"),
        ({"a": 1}, "an id and a text"),
        ({"a b": TEXT}, "is no id"),
        ({"a" * 129: TEXT}, "is no id"),
        ({"0" * 64: TEXT}, "is not that of its text"),
    ],
)
def test_what_is_no_list_of_documents_is_told(tmp_path: Path, content: object, sentence: str) -> None:
    with pytest.raises(BadDocuments, match=sentence):
        read_documents(written(tmp_path, content))


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    path = written(tmp_path_factory.getbasetemp(), content)
    try:
        found = read_documents(path)
    except BadDocuments:
        return
    assert found == content


def test_every_text_is_judged_before_any_is_taken() -> None:
    def errors_of(text: str) -> list[str]:
        return [] if text == "good" else [f"{text} does not fit"]

    check_documents({"a": "good"}, errors_of)
    with pytest.raises(BadDocuments, match=r"^Nothing was imported\.\nb: bad does not fit$"):
        check_documents({"a": "good", "b": "bad"}, errors_of)
    with pytest.raises(BadDocuments, match="and 5 more"):
        check_documents({f"b{number}": "bad" for number in range(25)}, errors_of)
