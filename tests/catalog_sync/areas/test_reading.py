import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_sync.areas.listed import AreaList
from catalog_sync.areas.recognition import read_sources
from catalog_sync.catalog.keys import AreaLevel
from catalog_sync.official_files import FileRefused
from tests.catalog_sync.areas.makers import (
    HESSEN_NEW,
    PART,
    TODAY,
    csv_list,
    genericode,
    gv100ad,
    gzipped,
    hessen_directory,
    record,
)


def read(path: Path, as_of: str | None = None) -> AreaList:
    return read_sources([path], as_of=as_of, today=TODAY).lists[0]


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert path.name in caught.value.sentence
    return caught.value.sentence


def test_genericode_gives_keys_names_parts_and_the_version_as_date(tmp_path: Path) -> None:
    path = genericode(tmp_path, "list.xml", [*HESSEN_NEW, ("110010001001", "Mitte", PART)])
    found = read(path)
    assert (found.as_of, found.dated, len(found.rows)) == ("2026-04-30", True, 5)
    assert [row.name for row in found.rows if row.part] == ["Mitte"]
    assert {row.level for row in found.rows} == {AreaLevel.MUNICIPALITY}


def test_genericode_without_a_date_as_version_takes_valid_from(tmp_path: Path) -> None:
    assert read(genericode(tmp_path, "list.xml", HESSEN_NEW, version="7")).as_of == "2026-04-01"


def test_genericode_with_a_document_type_is_refused_before_its_entities_count(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert "DOCTYPE" in refusal(genericode(tmp_path, "list.xml", HESSEN_NEW, doctype=doctype))


def test_other_xml_broken_xml_and_other_code_lists_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text("<transfer/>")
    assert "its root is transfer" in refusal(other)
    broken = tmp_path / "broken.xml"
    broken.write_text(genericode(tmp_path, "x.xml", HESSEN_NEW).read_text()[:-60])
    assert "no well-formed XML" in refusal(broken)
    foreign = tmp_path / "foreign.xml"
    foreign.write_text(
        genericode(tmp_path, "y.xml", HESSEN_NEW).read_text().replace('Id="Bezeichnung"', 'Id="Kanal"')
    )
    assert "its columns are SCHLUESSEL, Kanal, Hinweis" in refusal(foreign)


def test_the_directory_gives_all_levels_population_and_seat(tmp_path: Path) -> None:
    found = read(hessen_directory(tmp_path))
    assert found.as_of == "2023-11-30"
    levels = [row.level for row in found.rows]
    assert [levels.count(level) for level in AreaLevel] == [0, 1, 2, 3, 4, 4]
    hanau = next(row for row in found.rows if row.digits == "064350014014")
    assert (hanau.name, hanau.population, hanau.seat_postcode) == (
        "Hanau, Brüder-Grimm-Stadt",
        101364,
        "63450",
    )


def test_the_directory_is_read_in_the_older_encoding_too(tmp_path: Path) -> None:
    assert read(hessen_directory(tmp_path, encoding="cp1252")).rows == read(hessen_directory(tmp_path)).rows


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (record("70", "06", "Hessen"), "line 2: “70” is no kind of record"),
        (record("40", "06x32", "Lahn-Dill-Kreis"), "line 2: “06x32” is no key"),
        (record("40", "96532", "Lahn-Dill-Kreis"), "the states are 01 to 16"),
        (record("40", "06532", ""), "line 2: the area 06532 has no name"),
        (record("40", "06532", "Kreis", day="20240101"), "line 2: the date of this record is 20240101"),
    ],
)
def test_a_wrong_record_is_named_by_its_line(tmp_path: Path, wrong: str, sentence: str) -> None:
    assert sentence in refusal(gv100ad(tmp_path, "gv.txt", [record("10", "06", "Hessen"), wrong]))


def test_a_table_is_read_with_any_columns_beside_and_any_usual_delimiter(tmp_path: Path) -> None:
    rows = [("065320023023", "Wetzlar,  Stadt ", "x", "54187", "35578")]
    path = csv_list(tmp_path, "2026-04-30.csv", rows, "ars,name,type,population,seat_postcode")
    row = read(path).rows[0]
    assert (row.name, row.population, row.seat_postcode) == ("Wetzlar, Stadt", 54187, "35578")
    semicolons = tmp_path / "a_2026-04-30.csv"
    semicolons.write_bytes(b"\xef\xbb\xbfARS;Name\r\n065320023023;Wetzlar, Stadt\r\n")
    assert read(semicolons).rows[0].name == "Wetzlar, Stadt"


@pytest.mark.parametrize(
    ("header", "digits", "level"),
    [
        ("key2", "06", 2),
        ("key3", "065", 3),
        ("key5", "06532", 5),
        ("key9", "065320023", 9),
        ("ars", "06532", 5),
    ],
)
def test_a_table_of_one_level_says_which(tmp_path: Path, header: str, digits: str, level: int) -> None:
    row = read(csv_list(tmp_path, "a.csv", [(digits, "Name")], f"{header},name")).rows[0]
    assert (row.digits, row.level) == (digits, level)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,name\n1,x\n", "it is no list of areas: its first line is “id, name”; expected is ars,name"),
        ("ars,name\n065320023023\n", "line 2: the row has 1 cells, the header has 2"),
        ("ars,name\n065320023023,Wetzlar\n65320023023,Wetzlar\n", "line 3: “65320023023” is no key"),
        ("ars,name\n65320023023,Wetzlar\n", "Was a leading zero lost?"),
        ("ars,name\n06532002302X,Wetzlar\n", "line 2: “06532002302X” is no key"),
        ("ars,name\n995320023023,Wetzlar\n", "the states are 01 to 16"),
        ("ars,name\n065320023023,\n", "line 2: the area 065320023023 has no name"),
        ("ars,name\n065320023023,A\n065320023023,B\n", "line 3: 065320023023 is “B” here and “A” above"),
        ("ars,name\n", "it has no row of areas"),
        ('ars,name\n"065320023023,Wetzlar\n', "the row cannot be read"),
        ("ars,name\n0653\0,Wetzlar\n", "line 2: it has a zero byte"),
        (" \n\n", "it is empty"),
        ("ars,name\n" + "x" * 70_000, "line 2: the line is longer"),
    ],
)
def test_a_wrong_table_is_refused_with_line_and_remedy(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    assert sentence in refusal(path)


def test_an_equal_row_twice_is_no_contradiction(tmp_path: Path) -> None:
    assert len(read(csv_list(tmp_path, "a.csv", [HESSEN_NEW[0], HESSEN_NEW[0]])).rows) == 1


def test_each_format_is_read_gzipped_whatever_its_name(tmp_path: Path) -> None:
    for path in (
        genericode(tmp_path, "a.xml", HESSEN_NEW),
        hessen_directory(tmp_path),
        csv_list(tmp_path, "b_2026-04-30.csv", HESSEN_NEW),
    ):
        plain = read(path).rows
        assert read(gzipped(path)).rows == plain
        path.write_bytes(gzip.compress(path.read_bytes()))
        assert read(path).rows == plain


def test_broken_and_endless_archives_are_refused(tmp_path: Path) -> None:
    path = csv_list(tmp_path, "a.csv", HESSEN_NEW)
    packed = gzip.compress(path.read_bytes())
    path.write_bytes(packed[:-12])
    assert "cannot be unpacked" in refusal(path)
    path.write_bytes(b"PK\x03\x04" + packed)
    assert "ZIP archive" in refusal(path)
    path.write_bytes(gzip.compress(b"ars,name\n" + b"\n" * (40 * 1024 * 1024), 9))
    assert "more than 400000 lines" in refusal(path)
    path.write_bytes(gzip.compress(b"ars,name\n" + (b"x" * 60_000 + b",y\n") * 700, 9))
    assert "no key of an area" in refusal(path)
    path.write_bytes(gzip.compress(b"<CodeList>" + (b"<a>" + b" " * 60_000 + b"</a>") * 700, 9))
    assert "larger than 32 MiB" in refusal(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(tmp_path / "none.csv")


def test_the_date_is_in_the_content_else_in_the_name_else_given(tmp_path: Path) -> None:
    inside = genericode(tmp_path, "x_2020-01-01.xml", HESSEN_NEW)
    assert read(inside, as_of="2019-01-01").as_of == "2026-04-30"
    named = csv_list(tmp_path, "x_2020-01-01.csv", HESSEN_NEW)
    assert read(named, as_of="2019-01-01").as_of == "2020-01-01"
    plain = csv_list(tmp_path, "x.csv", HESSEN_NEW)
    assert (read(plain, as_of="2019-01-01").as_of, read(plain, as_of="2019-01-01").dated) == (
        "2019-01-01",
        True,
    )
    assert (read(plain).as_of, read(plain).dated) == (TODAY, False)
    no_day = csv_list(tmp_path, "x_2020-13-41.csv", HESSEN_NEW)
    assert read(no_day).dated is False


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ars,old_name\n", "column change of change,ars,old_name,new_name is missing"),
        ("change,ars,old_name,new_name\nmoved,065320023023,a,b\n", "line 2: “moved” is no change"),
        ("change,ars,old_name,new_name\nadded,06532,a,b\n", "line 2: “06532” is no key"),
        ("change,ars,old_name,new_name\n", "it has no row of changes"),
    ],
)
def test_a_wrong_list_of_changes_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "changes.csv"
    path.write_text(text)
    with pytest.raises(FileRefused, match=r"changes\.csv") as caught:
        read_sources([], changes=[path], today=TODAY)
    assert sentence in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("plz,ort\n35578,Wetzlar\n", "its header has to name plz and ags (or ars)"),
        ("plz,ags\n3557,06532023\n", "line 2: “3557” is no postcode"),
        ("plz,ags\n35578,6532023\n", "line 2: “6532023” is no key"),
        ("plz,ags\n", "it has no row of postcodes"),
    ],
)
def test_a_wrong_list_of_postcodes_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "plz.csv"
    path.write_text(text)
    with pytest.raises(FileRefused, match=r"plz\.csv") as caught:
        read_sources([], postcodes=[path], today=TODAY)
    assert sentence in caught.value.sentence


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [b"", b"ars,name\n", b"<gc:CodeList>", b"102023113006          Hessen", b"\x1f\x8b\x08", b"plz,ags\n"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + rest)
    try:
        found = read(path)
    except FileRefused:
        return
    assert found.rows
