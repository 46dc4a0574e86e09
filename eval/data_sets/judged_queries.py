"""What runs are measured against: judgements, the queries' texts, and the files of both."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import InputError
from corpus.ids import Sha256, sha256_of
from eval.data_sets.data_sets import CORPUS, QUERIES, BeirDataset, read_beir
from eval.data_sets.qrels import Qrel, read_qrels
from eval.data_sets.topics import TopicField, read_topics


@dataclass(frozen=True, slots=True)
class JudgedQueries:
    """What runs are measured against.

    `texts` are the queries by id, empty where no file gave them. `files` are what the judgements
    came from: `qrels`, and `corpus` and `queries` where they are known.
    """

    qrels: tuple[Qrel, ...]
    texts: Mapping[str, str]
    files: Mapping[str, Path]

    def only(self, query_ids: Collection[str]) -> "JudgedQueries":
        """Return what concerns these queries alone."""
        return replace(self, qrels=tuple(q for q in self.qrels if q.query_id in query_ids))

    def sha256(self) -> dict[str, Sha256]:
        """Return the checksum of each file. Raises: InputError."""
        return {name: sha256_of(_bytes(path, name)) for name, path in self.files.items()}


def judged_by(
    *,
    beir: Path | None,
    split: str,
    qrels: Path | None,
    topics: Path | None = None,
    corpus: Path | None = None,
    field: TopicField = "title",
) -> JudgedQueries:
    """Return what a BEIR folder brings, or what TREC files hold, whichever is given.

    Raises: InputError for both, for neither, or for a line that cannot be read.
    """
    if beir is not None and qrels is None and topics is None and corpus is None:
        return judged_of_beir(read_beir(beir, split=split))
    if beir is None and qrels is not None:
        return judged_of_trec(qrels, topics, corpus, field=field)
    raise InputError(
        "Found no judgements or two kinds. Expected either --beir DIR, which brings all files, or "
        "--qrels FILE with the others."
    )


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
    qrels: Path,
    topics: Path | None = None,
    corpus: Path | None = None,
    *,
    field: TopicField = "title",
) -> JudgedQueries:
    """Return the judgements of a qrels file, with the topics' texts.

    `field` is the part of TREC topics that is the text. `corpus` is never read: only its checksum
    counts.

    Raises: InputError if a line cannot be read, or if there is no judgement.
    """
    found = tuple(read_qrels(qrels))
    if not found:
        raise InputError(f"{qrels}: found no judgement; expected query_id 0 doc_id relevance.")
    texts = (
        {}
        if topics is None
        else {each.query_id: each.text for each in read_topics(topics, field=field)}
    )
    files = {"corpus": corpus, "queries": topics, "qrels": qrels}
    return JudgedQueries(
        found, texts, {name: path for name, path in files.items() if path is not None}
    )


def _bytes(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: expected a file of {what}; {error.strerror}.") from error
