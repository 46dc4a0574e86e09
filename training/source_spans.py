"""Questions with the words that name their source, to fit the source tagger on and to judge it by.

`source_spans.jsonl` holds questions of the development reports and of `dev`, marked by hand, and
made ones on no report of ours. The bare wordings of our own questions are those that name nothing.
"""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from corpus.store import Store
from index.documents.document_names import DocumentNames
from index.query.source_tagger import WEIGHTS, SourceTagger
from index.values.ports import RowMask
from training.tagging_sources import TaggedQuestion, as_json, fit_tagger

SPANS = Path(__file__).with_name("source_spans.jsonl")
_BARE_PER_DOCUMENT = 24
_COPIES = 2
_COPIES_OF_MADE = 3
# How many documents there are beside the one that is named, and how often that one is not there.
_COLLECTIONS = (1, 4, 12, 40, None)
_MISSING = 0.15


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A question, the words of it that name a source ("" for none), and the document it is on."""

    question: str
    names: str
    document: str | None
    split: str

    @property
    def publisher(self) -> str:
        """Whose report the question is on, told by the file's name."""
        if self.document is None:
            return "made"
        return self.document.partition("_")[0] if "_" in self.document else "briefs"


@dataclass(frozen=True, slots=True)
class Judged:
    """How many of the questions are split as by hand, and the words of the spans that agree."""

    questions: int
    exact: float
    precision: float
    recall: float

    def __str__(self) -> str:
        return (
            f"{self.questions} questions, exact {self.exact:.3f}, "
            f"words: precision {self.precision:.3f}, recall {self.recall:.3f}"
        )


def read_spans(path: Path = SPANS) -> list[SourceSpan]:
    """Return the marked questions of a file."""
    return [SourceSpan(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def bare_questions(path: Path, *, per_document: int, seed: int) -> list[SourceSpan]:
    """Return so many bare questions of each report, those alone that have another wording."""
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    random.Random(seed).shuffle(rows)
    taken: Counter[str] = Counter()
    found = []
    for row in rows:
        document = row["document"]
        if row["question"] != row["scoped_question"] and taken[document] < per_document:
            taken[document] += 1
            found.append(SourceSpan(row["question"], "", document, path.stem))
    return found


class TaggedCollection:
    """The documents of a store, against which the words of questions are weighed."""

    def __init__(self, store: Store, tagger: SourceTagger) -> None:
        documents = list(store.documents())
        self.tagger = tagger
        self._names = DocumentNames.of(documents)
        self._rows = {PurePath(each.source).name: at for at, each in enumerate(documents)}

    def training_questions(self, spans: Iterable[SourceSpan], seed: int) -> list[TaggedQuestion]:
        """Return the questions, each among the documents of several collections."""
        rng = random.Random(seed)
        return [
            self._tagged(each, self._some_documents(each, rng))
            for each in spans
            for _ in range(_copies(each))
        ]

    def judge(self, tagger: SourceTagger, spans: Sequence[SourceSpan]) -> Judged:
        """Return how well a tagger splits questions, among all documents."""
        exact = right = found = marked = 0
        for each in spans:
            words = tagger.words(each.question)
            weights = self._names.word_weights([word.text for word in words])
            said, truth = tagger.span(words, weights), self._span(each)
            one, two = _range(said), _range(truth)
            exact += one == two
            right += len(one & two)
            found += len(one)
            marked += len(two)
        n = len(spans)
        return Judged(n, exact / n, right / max(found, 1), right / max(marked, 1))

    def _tagged(self, each: SourceSpan, permitted: RowMask | None) -> TaggedQuestion:
        words = self.tagger.words(each.question)
        weights = self._names.word_weights([word.text for word in words], permitted)
        return TaggedQuestion(self.tagger.features(words, weights), self._span(each))

    def _span(self, each: SourceSpan) -> tuple[int, int] | None:
        if not each.names:
            return None
        start = each.question.index(each.names)
        end = start + len(each.names)
        words = enumerate(self.tagger.words(each.question))
        within = [at for at, word in words if word.start < end and word.end > start]
        return within[0], within[-1]

    def _some_documents(self, each: SourceSpan, rng: random.Random) -> RowMask | None:
        size = rng.choice(_COLLECTIONS)
        if size is None:
            return None
        found = np.zeros(len(self._names), dtype=np.bool_)
        found[rng.sample(range(len(found)), min(size, len(found)))] = True
        if each.document is not None:
            found[self._rows[each.document]] = not each.names or rng.random() >= _MISSING
        return found


def fit_on(
    spans: Sequence[SourceSpan],
    collection: TaggedCollection,
    classes: Mapping[str, Sequence[str]],
    seed: int,
) -> SourceTagger:
    """Return the tagger that fits the spans best."""
    weights, _ = fit_tagger(collection.training_questions(spans, seed))
    return SourceTagger(classes, weights)


def left_out(
    spans: Sequence[SourceSpan],
    collection: TaggedCollection,
    classes: Mapping[str, Sequence[str]],
    seed: int,
) -> Iterator[tuple[str, str, Judged]]:
    """Yield each publisher, what was asked and how a tagger does that saw none of its reports."""
    for publisher in sorted({each.publisher for each in spans} - {"made"}):
        others = [each for each in spans if each.publisher != publisher]
        tagger = fit_on(others, collection, classes, seed)
        own = [each for each in spans if each.publisher == publisher and each.split != "made"]
        for kind, some in (
            ("naming", [each for each in own if each.names]),
            ("bare", [each for each in own if not each.names]),
        ):
            yield publisher, kind, collection.judge(tagger, some)


def _copies(each: SourceSpan) -> int:
    if each.document is None:
        return _COPIES_OF_MADE
    return _COPIES if each.names else 1


def _range(span: tuple[int, int] | None) -> set[int]:
    return set() if span is None else set(range(span[0], span[1] + 1))


def training_spans(own: Path, seed: int) -> list[SourceSpan]:
    """Return what the tagger is fitted on: marked and made questions, and bare ones."""
    marked = [each for each in read_spans() if each.split != "dev"]
    return [*marked, *bare_questions(own, per_document=_BARE_PER_DOCUMENT, seed=seed)]


def refit(store: Store, *, own: Path, dev: Path, seed: int, judge: bool) -> Iterator[str]:
    """Yield lines on how the tagger does; without `judge`, fit it and write its weights first."""
    stored = json.loads(WEIGHTS.read_text("utf-8"))
    classes: Mapping[str, Sequence[str]] = stored["classes"]
    collection = TaggedCollection(store, SourceTagger.untrained(classes))
    spans = training_spans(own, seed)
    if judge:
        for publisher, kind, judged in left_out(spans, collection, classes, seed):
            yield f"left out: {publisher}, {kind}: {judged}"
    else:
        weights, _ = fit_tagger(collection.training_questions(spans, seed))
        WEIGHTS.write_text(as_json(classes, weights), "utf-8")
        SourceTagger.shipped.cache_clear()
    tagger = SourceTagger.from_json(WEIGHTS.read_text("utf-8"))
    marked = [each for each in read_spans() if each.split == "dev"]
    yield f"dev, naming: {collection.judge(tagger, marked)}"
    bare = bare_questions(dev, per_document=10**6, seed=seed)
    yield f"dev, bare: {collection.judge(tagger, bare)}"
