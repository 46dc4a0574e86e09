"""Judged collections on disk, in the layout of BEIR."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.errors import InputError
from corpus.ids import Sha256, sha256_of
from eval.data_sets.json_lines import reading_line
from eval.data_sets.numbered_lines import numbered_lines
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.topics import Query

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"


@dataclass(frozen=True, slots=True)
class BeirDocument:
    """One document to be found: an id, a title (may be empty) and a text."""

    doc_id: str
    title: str
    text: str


@dataclass(frozen=True)
class BeirDataset:
    """A folder with `corpus.jsonl`, `queries.jsonl` and `qrels/{split}.tsv`.

    `queries` are those with a judgement in the split, in the file's order; the corpus is read
    line by line when asked for, so that it need not fit in memory.

    *Source:* Thakur et al. 2021, BEIR: a heterogeneous benchmark for zero-shot evaluation of
    information retrieval models.
    """

    folder: Path
    split: str
    queries: tuple[Query, ...]
    qrels: tuple[Qrel, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name

    @property
    def qrels_path(self) -> Path:
        """The judgements of the split."""
        return _qrels_path(self.folder, self.split)

    @cached_property
    def sha256(self) -> Mapping[str, Sha256]:
        """The checksum of each file that was read, by its path in the folder."""
        paths = [self.folder / CORPUS, self.folder / QUERIES, self.qrels_path]
        return {
            path.relative_to(self.folder).as_posix(): sha256_of(path.read_bytes()) for path in paths
        }

    def documents(self) -> Iterator[BeirDocument]:
        """Yield the corpus in the file's order. Raises: InputError naming the line."""
        seen: dict[str, int] = {}
        for number, record in _records(self.folder / CORPUS):
            where = f"{self.folder / CORPUS}, line {number}"
            doc_id = _text_field(record, "_id", where)
            _refuse_duplicate(doc_id, seen, number, where)
            title = record.get("title") or ""
            if not isinstance(title, str):
                raise InputError(f"{where}: found {title!r} as `title`; expected text.")
            yield BeirDocument(doc_id, title, _text_field(record, "text", where, empty=True))


def read_beir(folder: Path, *, split: str = "test") -> BeirDataset:
    """Return the data set of a folder with the judgements of one split.

    Raises: InputError if a file is missing, if the split does not exist (naming those that do),
    if a line cannot be read, or if a judged query has no text.
    """
    for name in (CORPUS, QUERIES):
        if not (folder / name).is_file():
            raise InputError(
                f"{folder}: found no {name}; expected a BEIR folder with {CORPUS}, {QUERIES} and "
                "qrels/<split>.tsv."
            )
    qrels = tuple(read_qrels(_existing_qrels(folder, split)))
    judged = {qrel.query_id for qrel in qrels}
    queries = tuple(q for q in read_queries(folder / QUERIES) if q.query_id in judged)
    missing = sorted(judged - {query.query_id for query in queries})
    if missing:
        raise InputError(
            f"{folder / QUERIES}: found no text for {len(missing)} judged queries of the split "
            f"{split!r}, among them {missing[0]!r}; expected one line a judged query."
        )
    return BeirDataset(folder, split, queries, qrels)


def read_queries(path: Path) -> Iterator[Query]:
    """Yield the queries of a `queries.jsonl`. Raises: InputError naming the line."""
    seen: dict[str, int] = {}
    for number, record in _records(path):
        where = f"{path}, line {number}"
        query_id = _text_field(record, "_id", where)
        _refuse_duplicate(query_id, seen, number, where)
        yield Query(query_id, _text_field(record, "text", where))


def _qrels_path(folder: Path, split: str) -> Path:
    return folder / "qrels" / f"{split}.tsv"


def _existing_qrels(folder: Path, split: str) -> Path:
    path = _qrels_path(folder, split)
    splits = sorted(file.stem for file in (folder / "qrels").glob("*.tsv"))
    if split not in splits:
        raise InputError(
            f"{folder}: found no split {split!r}; expected one of: "
            f"{', '.join(splits) or '(there is no qrels/*.tsv)'}."
        )
    return path


def _records(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in numbered_lines(path, "a JSON object a line"):
        with reading_line(line, f"{path}, line {number}"):
            found = json.loads(line)
        if not isinstance(found, dict):
            raise InputError(
                f"{path}, line {number}: found a JSON {type(found).__name__}; expected an object."
            )
        yield number, found


def _text_field(record: Mapping[str, object], name: str, where: str, *, empty: bool = False) -> str:
    found = record.get(name)
    if not isinstance(found, str) or not (found.strip() or empty):
        raise InputError(f"{where}: found {found!r} as `{name}`; expected text.")
    return found


def _refuse_duplicate(identifier: str, seen: dict[str, int], number: int, where: str) -> None:
    if identifier in seen:
        raise InputError(
            f"{where}: found the id {identifier!r} again (first on line {seen[identifier]}); "
            "expected every id once."
        )
    seen[identifier] = number
