import gzip
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.data_sets.topics import Query, read_topics

CLASSIC = """\
<top>
<num> Number: 301
<title> International Organized Crime

<desc> Description:
Identify organizations that participate in
international criminal activity.

<narr> Narrative:
A relevant document must name the organization.
</top>

<top>
<num>302</num>
<title>Poliomyelitis</title>
<desc>Is it under control?</desc>
</top>
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_classic_topics_are_read_with_labels_left_out_and_tags_left_open(tmp_path: Path) -> None:
    path = write(tmp_path / "topics", CLASSIC)
    assert list(read_topics(path)) == [
        Query("301", "International Organized Crime"),
        Query("302", "Poliomyelitis"),
    ]


def test_another_field_may_be_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "topics", CLASSIC)
    first, second = read_topics(path, field="desc")
    assert (
        first.text == "Identify organizations that participate in international criminal activity."
    )
    assert second.text == "Is it under control?"


def test_topics_may_be_packed(tmp_path: Path) -> None:
    path = tmp_path / "topics.gz"
    path.write_bytes(gzip.compress(CLASSIC.encode()))
    assert [each.query_id for each in read_topics(path)] == ["301", "302"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<top>\n<num> 1\n<title> a\n<top>\n", "line 4: found <top> in the block .* on line 1"),
        ("<top>\n<num> 1\n<title> a\n", "line 1: found <top> without </top>"),
        ("<top>\n<title> a\n</top>\n", "line 1: found '' as <num>"),
        ("<top>\n<num> 1\n</top>\n", "line 1: topic '1': found no text as <title>"),
        ("<top>\n<num> 1\n<title> a\n</top>\nwords\n", "line 5: found 'words'; expected <top>"),
        ("<top>\n<num> 1\n<title> a\n</top>\n</top>\n", "line 5: found </top> without <top>"),
        (
            "<top>\n<num> 1\n<title> a\n</top>\n<top>\n<num> 1\n<title> b\n</top>\n",
            r"line 5: found the query '1' again \(first on line 1\)",
        ),
    ],
)
def test_classic_topics_that_cannot_be_read_are_named(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=f"topics, {message}"):
        list(read_topics(write(tmp_path / "topics", text)))
