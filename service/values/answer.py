"""What a question gives back. These values are the JSON of DESIGN: field by field, in order.

Plain dataclasses, so that the command line prints them and HTTP serves them from one definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.document import Grade, TextSource
from index.values.ranking import QueryInterpretation as QueryInterpretation

# The ranking's own values are part of the answer as they are.
from index.values.ranking import Reranked as Reranked
from index.values.ranking import Scores as Scores
from service.values.instruction_like import Flag
from service.values.notebook import answer_html, search_html

Status = Literal["answered", "unsure", "abstained"]
Refusal = Literal["number", "name", "negation", "words"]
Reason = Literal[
    "no_question",
    "no_evidence",
    "low_confidence",
    "premise_not_in_collection",
    "unreadable_pages",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of one page's text in code points, with the page's printed label."""

    page: int
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A hit joined with its chunk and document. `rank` counts from 1.

    `flags` has `instruction_like` for a text that reads like an instruction to a program.
    """

    passage_id: str
    doc_id: str
    title: str
    section: tuple[str, ...]
    spans: tuple[Span, ...]
    text: str
    rank: int
    scores: Scores
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """The words of a quote that answer by themselves: half-open, in code points of the quote."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class RepeatedPassage:
    """Another document that says a quote in the same words, and where."""

    passage_id: str
    doc_id: str
    title: str
    spans: tuple[Span, ...]
    url: str


@dataclass(frozen=True, slots=True)
class CitedQuality:
    """How well a quote's page was read, and from what: see docs/explanation/page-quality.md."""

    grade: Grade
    source: TextSource


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a statement: the document, the place, the verbatim quote and its checksum.

    `quote` equals the page texts at `spans`, joined. `url` is absolute and opens the first page
    with the quote marked. `answer_span` are the words of the quote that answer; null where they
    were not looked for or not found. `repeated_in` are passages of other documents that were found
    and say the same in the same words. `quality` is that of the worst of the quote's pages.
    """

    number: int
    passage_id: str
    doc_id: str
    title: str
    source: str
    collection: str
    metadata: Mapping[str, str]
    section: tuple[str, ...]
    spans: tuple[Span, ...]
    quote: str
    quote_sha256: str
    document_sha256: str
    url: str
    flags: tuple[Flag, ...] = ()
    answer_span: AnswerSpan | None = None
    repeated_in: tuple[RepeatedPassage, ...] = ()
    quality: CitedQuality | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer: a quote with its line breaks made spaces, and its citations.

    `generated`: a generator chose it; it is the whole quote.
    `replaced`: it is a quote that stands in the place of a drafted sentence, which was not proved
    because of a `number`, a `name`, a `negation` or other `words`.
    """

    text: str
    citations: tuple[int, ...]
    generated: bool = False
    replaced: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Shows that an answer is this collection's: docs/how-to/check-answers.md says over what it is.

    `value` is base64url without padding, `key_id` the thumbprint of the public key (RFC 7638).
    """

    algorithm: Literal["Ed25519"]
    key_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What made the answer, so that it can be made again.

    `signature` is null for a search, and where the home has no key and cannot be written.
    `confidence` is the fingerprint of the file that the confidence is from; null without one.
    """

    answer_id: str
    snapshot: str
    embedder: str
    reranker: str | None
    generator: str
    parameters: Mapping[str, object]
    created_at: str
    signature: Signature | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """What became of a generator's draft: how many of its sentences were kept, and how many not.

    `replaced` by the quote that they cite, `dropped` where they cite none or say it again.
    `refusals` counts why sentences were not proved: a `number`, `name` or `negation` that the
    quotes do not have so, or other `words`; and of true ones their `order`. `fallback`: nothing was
    kept, the answer is the quotes; `problem` is what the generator failed with.
    """

    generator: str
    kept: int
    replaced: int
    dropped: int
    citations_removed: int
    refusals: Mapping[str, int]
    fallback: bool
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class ConflictSide:
    """One of the values: as it is said, the date of the document that says it, and the proof."""

    value: str
    date: str | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Conflict:
    """Quotes that give different values of one thing, the newest document first.

    `subject` is the name of the thing, `attribute` the thing counted or listed, or the founding
    verb.
    """

    kind: Literal["count", "date", "list"]
    subject: str
    attribute: str
    sides: tuple[ConflictSide, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Statements with citations, likely ones, or an abstention with its reason.

    `answered`: the statements answer the question. `unsure`: they are the likeliest quotes, and
    `confidence` says how likely. `abstained`: nothing near was found, or the question takes for
    granted what the collection does not say, or the pages could not be read; or nothing was asked
    (`no_question`), and `answer` says what the collection holds.

    `confidence` is the fitted probability that the quotes answer the question, or would have, where
    it abstains; null without the models that it was fitted on, never a raw score. `generation` is
    null without a generator. `conflicts` are where passages that were found say otherwise than a
    quote of the answer. `reranked` is how many candidates were read, of how many; null where none
    were to be. `absent_names` are the names in the question that no passage holds, where they are
    the reason for no answer. `unanswered_parts` are the parts of the question that no quote
    answers.
    """

    question: str
    understood: QueryInterpretation
    status: Status
    reason: Reason | None
    confidence: float | None
    answer: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    receipt: Receipt
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    generation: Generation | None = None
    conflicts: tuple[Conflict, ...] = ()
    reranked: Reranked | None = None
    absent_names: tuple[str, ...] = ()
    unanswered_parts: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        return answer_html(self)


@dataclass(frozen=True, slots=True)
class Search:
    """Passages for a query, with how they came to their places.

    `reranked` as in an Answer.
    """

    query: str
    understood: QueryInterpretation
    passages: tuple[Passage, ...]
    receipt: Receipt
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    reranked: Reranked | None = None

    def _repr_html_(self) -> str:
        return search_html(self)
