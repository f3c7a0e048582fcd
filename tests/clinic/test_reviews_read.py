"""Reading reviews: every encoding, delimiter and order of columns, and rows that cannot be used, with their lines."""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.clinic.reviews import parse_reviews, read_reviews
from anagen.clinic.reviews.dates import Dates
from anagen.clinic.reviews.read import COLUMNS, stars_of
from anagen.ground.errors import BadFile

SPANISH = "estrellas;reseña;fecha;sitio\n5;Muy bien, ñandú y café;13/02/2024;mapa\n1;Me dolió;01/02/2024;mapa\n"
JAPANESE = "評価,口コミ\n5,とても良かったです。またお願いします\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"])
def test_every_encoding_gives_the_same_rows(encoding: str) -> None:
    found = parse_reviews(SPANISH.encode(encoding), "r.csv")
    assert [(one.stars, one.text, one.source) for one in found.rows] == [(5, "Muy bien, ñandú y café", "mapa"), (1, "Me dolió", "mapa")]
    assert [str(one.date) for one in found.rows] == ["2024-02-13", "2024-02-01"]
    assert found.delimiter == "semicolon"
    guess = any("was read as" in note for note in found.said)
    assert guess == (encoding in ("utf-16-le", "utf-16-be", "cp1252", "latin-1")), "a guess is said, and nothing else is"


def test_japanese_is_told_from_western_letters() -> None:
    for encoding, name in (("utf-8", "utf-8"), ("cp932", "shift-jis"), ("utf-16", "utf-16")):
        found = parse_reviews(JAPANESE.encode(encoding), "r.csv")
        assert (found.rows[0].text, found.encoding) == ("とても良かったです。またお願いします", name)
    assert parse_reviews("stars,text\n5,Ärzte für größere Höhen\n".encode("cp1252"), "r.csv").rows[0].text == "Ärzte für größere Höhen"


def test_a_broken_place_in_utf_8_is_said_and_costs_no_more_than_that() -> None:
    found = parse_reviews("stars,text\n5,señor, ñ\n".replace(", ñ", " ñáé").encode() + b"4,caf\xff\n", "r.csv")
    assert [one.text for one in found.rows] == ["señor ñáé", "caf"]
    assert "not UTF-8" in found.said[0]


@given(st.permutations(["stars", "text", "date", "source", "other"]), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60, deadline=None)
def test_columns_in_any_order_case_and_delimiter(order: list[str], delimiter: str, end: str) -> None:
    values = {"stars": "4", "text": f'a{delimiter} "b"\nc', "date": "2024-05-06", "source": "x", "other": "?"}
    file = io.StringIO()
    out = csv.writer(file, delimiter=delimiter, lineterminator=end)
    out.writerow([name.upper() + " " for name in order])
    out.writerow([values[name] for name in order])
    found = parse_reviews(file.getvalue().encode(), "r.csv")
    assert [(one.stars, one.source, str(one.date), one.line) for one in found.rows] == [(4, "x", "2024-05-06", 2)]
    assert found.rows[0].text.split() == f'a{delimiter} "b" c'.split()


def test_rows_that_cannot_be_used_are_counted_with_their_lines() -> None:
    text = 'sep=,\n\nstars,text\n5,fine\n9,no such\n\n"two\nlines",x\n4,"a\nb"\n3,a,b,c\n,empty\n2,"never ends\n'
    found = parse_reviews(text.encode(), "r.csv")
    assert [(one.line, one.stars) for one in found.rows] == [(4, 5), (9, 4), (13, 2)]
    assert [one.line for one in found.bad] == [5, 7, 11, 12]
    assert "4 cells where the first line has 2" in found.bad[2].why
    assert found.n_bad == 4


def test_a_cell_without_end_is_said_and_what_follows_is_read() -> None:
    text = 'stars,text\n5,ok\n4,"' + "x\n" * 90_000 + '3,"good"\n'
    found = parse_reviews(text.encode(), "r.csv")
    assert found.rows[0].stars == 5
    assert found.bad[0].line == 3
    assert "never ends" in found.bad[0].why


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n\n", "the file is empty"),
        (b"name,words\na,b\n", "names no column of stars"),
        (b"stars\nmany\nfew\n", "no row can be used (line 2: the stars are not"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "names no column of stars"),
        (b"<html><body onload=alert(1)>\x1b[2J", "names no column of stars"),
    ],
)
def test_a_file_of_no_use_is_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=r"^r\.csv: ") as error:
        parse_reviews(data, "r.csv")
    assert says in str(error.value)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
    assert "<body" not in str(error.value)


def test_a_folder_a_lack_and_a_giant_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadFile, match="there is no such file"):
        read_reviews(tmp_path / "none.csv")
    with pytest.raises(BadFile, match="cannot be read"):
        read_reviews(tmp_path)
    (tmp_path / "big.csv").write_text("stars\n5\n5\n")
    monkeypatch.setattr("anagen.clinic.reviews.read.MOST_BYTES", 5)
    with pytest.raises(BadFile, match="too large"):
        read_reviews(tmp_path / "big.csv")


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused_in_one_sentence(data: bytes) -> None:
    try:
        parse_reviews(data, "r.csv")
    except BadFile as error:
        said = str(error)
    else:
        said = ""
    assert "\n" not in said


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=120),
    st.sampled_from(["", "<b onx='", "&lt;script&gt;", "\x1b[31m", "&#27;[2J", "‮"]),
)
@settings(max_examples=200, deadline=None)
def test_no_markup_and_no_control_sign_is_left_in_a_text(text: str, hostile: str) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([["stars", "text", "source"], ["5", hostile + text, text[:50] + hostile]])
    for said in ((one := parse_reviews(file.getvalue().encode(), "r.csv").rows[0]).text, one.source):
        assert not set("<>") & set(said)
        assert not any(unicodedata.category(sign)[0] == "C" for sign in said.replace("\n", ""))


def test_stars_as_sites_write_them() -> None:
    assert [stars_of(cell) for cell in ("1", " 5 ", "3.00", "4,0", "2/5", "5 out of 5", "4 von 5",
                                          "3 stars", "5 Sterne", "★★", "⭐⭐⭐⭐⭐", "THREE", "５")] == [
        *(1, 5, 3, 4, 2, 5, 4, 3, 5, 2, 5, 3, 5)
    ]  # fmt: skip
    assert [stars_of(cell) for cell in ("0", "6", "4.5", "-3", "5/10", "10/10", "", "five stars!", "☆☆☆☆☆", "1e0", "5" * 500)] == [
        None
    ] * 11


def test_dates_as_people_write_them() -> None:
    dates = Dates()
    for cell, day in {
        "2024-02-03": (3, 2), "2024/2/3 10:00": (3, 2), "2024-02-03T10:00:00Z": (3, 2), "3.2.2024": (3, 2), "2024年2月3日": (3, 2),
        "13/02/2024": (13, 2), "02/13/2024": (13, 2), "February 3, 2024": (3, 2), "3 de febrero de 2024": (3, 2), "3. März 2024": (3, 3),
    }.items():  # fmt: skip
        assert dates.read(cell) == datetime.date(2024, day[1], day[0]), cell
    for cell in ("", "last week", "2024-13-01", "01/02/2024", "30/02/2024", "0001-01-01", "20240203", "9" * 50):
        assert dates.read(cell) is None, cell


def test_which_of_day_and_month_comes_first_is_read_off_the_file_or_said_to_be_unknown() -> None:
    def days(*cells: str) -> tuple[list[str], str]:
        found = parse_reviews(("stars,date\n" + "".join(f"5,{cell}\n" for cell in cells)).encode(), "r.csv")
        return [str(one.date) for one in found.rows], " ".join(found.said)

    assert days("01/02/2024", "13/02/2024")[0] == ["2024-02-01", "2024-02-13"]
    assert days("01/02/2024", "02/13/2024")[0] == ["2024-01-02", "2024-02-13"]
    unknown, said = days("01/02/2024", "03/04/2024")
    assert unknown == ["None", "None"]
    assert "could not be read: 2. Of these, the file does not show which is the day and which the month: 2." in said
    assert days("01/02/2024", "13/02/2024", "02/13/2024")[0] == ["None", "2024-02-13", "2024-02-13"], "a file that mixes both"


def test_no_name_of_a_column_stands_for_two() -> None:
    names = [name for aliases in COLUMNS.values() for name in aliases.split()]
    assert len(names) == len(set(names))
