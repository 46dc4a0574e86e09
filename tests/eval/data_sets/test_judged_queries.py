from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.ids import sha256_of
from eval.data_sets.data_sets import read_beir
from eval.data_sets.judged_queries import judged_of_beir, judged_of_trec
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.topics import Query, read_topics
from tests.eval.beir_folder import write_beir


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_judgements_are_read_with_any_white_space_and_negative_relevance(tmp_path: Path) -> None:
    path = write(tmp_path / "qrels", "\ufeffq1 0 d1 2\r\n\nq1\tQ0\td2\t-1\nq2   0  d1 0\n")
    assert list(read_qrels(path)) == [
        Qrel("q1", "d1", 2),
        Qrel("q1", "d2", -1),
        Qrel("q2", "d1", 0),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 d2 1", "line 2: found 3 columns; expected 4: query_id 0 doc_id relevance"),
        ("q1 0 d2 1 x", "line 2: found 5 columns; expected 4"),
        ("q1 0 d2 high", "line 2: found 'high' as relevance; expected a whole number"),
        ("q1 0 d2 1.0", "line 2: found '1.0' as relevance; expected a whole number"),
        ("q1 1 d1 0", r"line 2: found a second judgement .*'q1'.*'d1' \(first on line 1\)"),
        (b"q1 0 d\xff 1", "line 2: found bytes that are not UTF-8"),
    ],
)
def test_a_judgement_that_cannot_be_read_is_named(
    tmp_path: Path, line: str | bytes, message: str
) -> None:
    raw = line.encode() if isinstance(line, str) else line
    path = write(tmp_path / "my.qrels", b"q1 0 d1 1\n" + raw + b"\n")
    with pytest.raises(InputError, match=f"my.qrels, {message}"):
        list(read_qrels(path))


def test_topics_are_parted_by_a_tab_or_by_spaces(tmp_path: Path) -> None:
    path = write(tmp_path / "topics", "q1\twho may join?\nq2 what  is\tit \n\n")
    assert list(read_topics(path)) == [Query("q1", "who may join?"), Query("q2", "what  is\tit")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q2", "line 2: found 'q2'; expected a query id and its text"),
        ("\tno id here", "line 2: found .*; expected a query id"),
        ("q1 again", r"line 2: found the query 'q1' again \(first on line 1\)"),
    ],
)
def test_a_topic_that_cannot_be_read_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = write(tmp_path / "topics", f"q1 who?\n{line}\n")
    with pytest.raises(InputError, match=message):
        list(read_topics(path))


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file of judgements; No such file"):
        judged_of_trec(tmp_path / "none")


def test_a_file_without_a_judgement_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no judgement"):
        judged_of_trec(write(tmp_path / "qrels", "\n\n"))


def test_the_files_of_trec_are_named_with_their_checksums(tmp_path: Path) -> None:
    qrels = write(tmp_path / "qrels", "q1 0 d1 1\n")
    corpus = write(tmp_path / "corpus", b"\x00\xff")
    judged = judged_of_trec(qrels, write(tmp_path / "topics", "q1 who?\n"), corpus)
    assert judged.texts == {"q1": "who?"}
    assert judged.sha256() == {
        "corpus": sha256_of(b"\x00\xff"),
        "queries": sha256_of("q1 who?\n"),
        "qrels": sha256_of("q1 0 d1 1\n"),
    }


def test_a_beir_folder_brings_judgements_texts_and_checksums(tmp_path: Path) -> None:
    dataset = read_beir(write_beir(tmp_path / "set"))
    judged = judged_of_beir(dataset)
    assert judged.qrels == dataset.qrels
    assert judged.texts["q1"] == "almaty refugee protection"
    assert set(judged.sha256().values()) == set(dataset.sha256.values())
