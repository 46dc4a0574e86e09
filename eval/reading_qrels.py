"""Judgements and queries from TREC files: qrels and topics."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InputError
from corpus.ids import Sha256, sha256_of
from eval.data_sets import CORPUS, QUERIES, BeirDataset, Qrel, Query


@dataclass(frozen=True, slots=True)
class JudgedQueries:
    """What runs are measured against.

    `texts` are the queries by id, empty where no file gave them. `files` are what the judgements
    came from: `qrels`, and `corpus` and `queries` where they are known.
    """

    qrels: tuple[Qrel, ...]
    texts: Mapping[str, str]
    files: Mapping[str, Path]

    def sha256(self) -> dict[str, Sha256]:
        """Return the checksum of each file. Raises: InputError."""
        return {name: sha256_of(_bytes(path, name)) for name, path in self.files.items()}


def judged_of_beir(dataset: BeirDataset) -> JudgedQueries:
    """Return the judgements of a BEIR folder's split."""
    return JudgedQueries(
        qrels=dataset.qrels,
        texts={query.query_id: query.text for query in dataset.queries},
        files={
            "corpus": dataset.folder / CORPUS,
            "queries": dataset.folder / QUERIES,
            "qrels": dataset.qrels_path,
        },
    )


def judged_of_trec(
    qrels: Path, topics: Path | None = None, corpus: Path | None = None
) -> JudgedQueries:
    """Return the judgements of a TREC qrels file, with the topics' texts.

    `corpus` is never read: only its checksum counts.

    Raises: InputError if a line cannot be read, or if there is no judgement.
    """
    found = tuple(read_trec_qrels(qrels))
    if not found:
        raise InputError(f"{qrels}: found no judgement; expected query_id 0 doc_id relevance.")
    texts = {} if topics is None else {each.query_id: each.text for each in read_topics(topics)}
    files = {"corpus": corpus, "queries": topics, "qrels": qrels}
    return JudgedQueries(
        found, texts, {name: path for name, path in files.items() if path is not None}
    )


def read_trec_qrels(path: Path) -> Iterator[Qrel]:
    """Yield the judgements of a file of `query_id 0 doc_id relevance`, parted by white space.

    The second column, the iteration, is not used. Relevance may be negative (TREC marks junk so).

    Raises: InputError naming the line that cannot be read or judges a pair again.
    """
    judged: dict[tuple[str, str], int] = {}
    for number, line in _lines(path, "TREC qrels"):
        where = f"{path}, line {number}"
        qrel = _qrel(line.split(), where)
        pair = (qrel.query_id, qrel.doc_id)
        if pair in judged:
            raise InputError(
                f"{where}: found a second judgement of query {pair[0]!r} and document {pair[1]!r} "
                f"(first on line {judged[pair]}); expected one a pair."
            )
        judged[pair] = number
        yield qrel


def read_topics(path: Path) -> Iterator[Query]:
    """Yield the queries of a file of `query_id text`, parted by a tab or by spaces.

    An id holds no white space, as in runs and qrels. Example: `q1<TAB>who may join?`.

    Raises: InputError naming the line that cannot be read or repeats an id.
    """
    seen: dict[str, int] = {}
    for number, line in _lines(path, "topics"):
        where = f"{path}, line {number}"
        parts = line.split(maxsplit=1)
        if len(parts) != 2 or line[0].isspace():
            raise InputError(f"{where}: found {line[:60]!r}; expected a query id and its text.")
        query_id, text = parts[0], parts[1].strip()
        if query_id in seen:
            raise InputError(
                f"{where}: found the query {query_id!r} again (first on line {seen[query_id]}); "
                "expected every id once."
            )
        seen[query_id] = number
        yield Query(query_id, text)


def _qrel(columns: list[str], where: str) -> Qrel:
    if len(columns) != 4:
        raise InputError(
            f"{where}: found {len(columns)} columns; expected 4: query_id 0 doc_id relevance "
            "(a BEIR folder with its tab-separated judgements is read by --beir)."
        )
    query_id, _, doc_id, relevance = columns
    try:
        return Qrel(query_id, doc_id, int(relevance))
    except ValueError as error:
        raise InputError(
            f"{where}: found {relevance!r} as relevance; expected a whole number."
        ) from error


def _lines(path: Path, what: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1."""
    for number, raw in enumerate(_bytes(path, what).split(b"\n"), start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{path}, line {number}: found bytes that are not UTF-8 ({error.reason} at byte "
                f"{error.start}); expected UTF-8 text."
            ) from error
        if line.strip():
            yield number, line.rstrip("\r")


def _bytes(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: expected a file of {what}; {error.strerror}.") from error
