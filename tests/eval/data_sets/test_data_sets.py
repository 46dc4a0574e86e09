from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.data_sets.data_sets import BeirDocument, read_beir
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.topics import Query
from tests.eval.beir_folder import write_beir


def test_a_folder_is_read_with_the_queries_of_its_split(tmp_path: Path) -> None:
    folder = write_beir(
        tmp_path,
        documents=[("1", "Almaty", "A process."), ("2", "", "Another.")],
        queries=[("q1", "which process?"), ("q2", "not judged here")],
        qrels=[("q1", "1", 2)],
    )
    dataset = read_beir(folder, split="test")
    assert dataset.queries == (Query("q1", "which process?"),)
    assert dataset.qrels == (Qrel("q1", "1", 2),)
    assert list(dataset.documents()) == [
        BeirDocument("1", "Almaty", "A process."),
        BeirDocument("2", "", "Another."),
    ]
    assert set(dataset.sha256) == {"corpus.jsonl", "queries.jsonl", "qrels/test.tsv"}
    assert dataset.name == tmp_path.name


def test_a_missing_split_names_those_that_exist(tmp_path: Path) -> None:
    folder = write_beir(tmp_path, split="train")
    with pytest.raises(InputError, match=r"found no split 'dev'; expected one of: train\."):
        read_beir(folder, split="dev")


def test_a_split_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "set")
    (tmp_path / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\n")
    with pytest.raises(InputError, match="found no split"):
        read_beir(folder, split="../../test")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_beir(tmp_path)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"found no {name}"):
        read_beir(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"_id": "2"', r"line 2: found '\{\"_id\": \"2\"'; expected a JSON object"),
        ('["2"]', "line 2: found a JSON list; expected an object"),
        ('{"_id": 2, "text": "b"}', "line 2: found 2 as `_id`; expected text"),
        ('{"_id": "2", "title": "b"}', "line 2: found None as `text`; expected text"),
        ('{"_id": "2", "title": 3, "text": "b"}', "line 2: found 3 as `title`"),
        ('{"_id": "1", "text": "b"}', r"line 2: found the id '1' again \(first on line 1\)"),
    ],
)
def test_a_document_that_cannot_be_read_is_named_by_its_line(
    tmp_path: Path, line: str, message: str
) -> None:
    folder = write_beir(tmp_path)
    (folder / "corpus.jsonl").write_text('{"_id": "1", "text": "a"}\n' + line + "\n")
    with pytest.raises(InputError, match=message):
        list(read_beir(folder).documents())


def test_bytes_that_are_not_utf8_are_named_by_their_line(tmp_path: Path) -> None:
    folder = write_beir(tmp_path)
    (folder / "queries.jsonl").write_bytes(b'{"_id": "q1", "text": "a"}\n\n{"\xff": 1}\n')
    with pytest.raises(InputError, match="line 3: found bytes that are not UTF-8"):
        read_beir(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("q1 1 1", "line 2: found 1 tab-separated columns; expected 3"),
        ("q1\t1\tyes", "line 2: found 'yes' as score; expected a whole number"),
    ],
)
def test_a_judgement_that_cannot_be_read_is_named_by_its_line(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "test.tsv"
    path.write_text(f"query-id\tcorpus-id\tscore\n{line}\n")
    with pytest.raises(InputError, match=message):
        list(read_qrels(path))


def test_a_second_judgement_of_a_pair_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.tsv"
    path.write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\nq1\t1\t0\n")
    with pytest.raises(InputError, match=r"line 3: .* second judgement .* \(first on line 2\)"):
        list(read_qrels(path))


def test_judgements_are_read_without_a_header_and_with_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "test.tsv"
    path.write_bytes(b"q1\t1\t1\r\nq1\t2\t-1\r\n")
    assert list(read_qrels(path)) == [Qrel("q1", "1", 1), Qrel("q1", "2", -1)]


def test_a_judged_query_without_a_text_is_refused(tmp_path: Path) -> None:
    folder = write_beir(tmp_path, queries=[("q1", "a?")], qrels=[("q1", "1", 1), ("q9", "1", 1)])
    with pytest.raises(InputError, match=r"no text for 1 judged queries .* 'q9'"):
        read_beir(folder)


@pytest.mark.data
def test_the_judged_collections_beside_the_checkout_are_read(shared_data: Path) -> None:
    dataset = read_beir(shared_data / "beir" / "scifact", split="test")
    assert (len(dataset.queries), len(dataset.qrels)) == (300, 339)
    assert sum(1 for _ in dataset.documents()) == 5183
