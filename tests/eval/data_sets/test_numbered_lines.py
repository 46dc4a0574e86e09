import gzip
from pathlib import Path

import pytest

from corpus.errors import InputError
from eval.data_sets.numbered_lines import numbered_lines
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.runs import Run, ScoredDocument, read_trec_run, write_trec_run


def test_lines_keep_their_numbers_where_blank_ones_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xef\xbb\xbfone\r\n\n  \ntwo\x85three\n")
    with pytest.raises(InputError, match=r"file, line 4: .* not UTF-8"):
        list(numbered_lines(path, "text"))
    path.write_text("\ufeffone\r\n\n  \ntwo\u0085three", encoding="utf-8")
    assert list(numbered_lines(path, "text")) == [(1, "one"), (4, "two\u0085three")]


def test_packed_files_are_read_whatever_their_names(tmp_path: Path) -> None:
    run = Run({"q1": (ScoredDocument("a", 2.0), ScoredDocument("b", 1.0))}, "t")
    write_trec_run(run, tmp_path / "run")
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress((tmp_path / "run").read_bytes()))
    assert read_trec_run(packed) == run
    packed.write_bytes(gzip.compress(b"q1 0 a 1\n"))
    assert list(read_qrels(packed)) == [Qrel("q1", "a", 1)]


def test_a_line_of_a_packed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.gz"
    path.write_bytes(gzip.compress(b"q1 Q0 a 1 0.5 t\nq1 Q0 b 2 high t\n"))
    with pytest.raises(InputError, match=r"run\.gz, line 2: found 'high' as score"):
        read_trec_run(path)


def test_a_damaged_packed_file_is_named_with_the_last_line_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "run.gz"
    path.write_bytes(gzip.compress(b"q1 Q0 a 1 0.5 t\n" * 1000)[:-12])
    with pytest.raises(InputError, match=r"run\.gz, (after line \d+: found damaged gzip|line 2)"):
        read_trec_run(path)
    path.write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(InputError, match=r"run\.gz, after line 0: found damaged gzip"):
        read_trec_run(path)
