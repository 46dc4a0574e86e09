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
    """A retrieved chunk with its document. `rank` counts from 1.

    `flags` contains `instruction_like` if the text reads like an instruction to a program.
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
    """The words of a quote that answer: a half-open range, in code points of the quote."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class RepeatedPassage:
    """Another document with the same words as a quote, and their place."""

    passage_id: str
    doc_id: str
    title: str
    spans: tuple[Span, ...]
    url: str


@dataclass(frozen=True, slots=True)
class CitedQuality:
    """The grade of a quote's page and the origin of its text: docs/explanation/page-quality.md."""

    grade: Grade
    source: TextSource


@dataclass(frozen=True, slots=True)
class Citation:
    """The proof of a statement: the document, the place, the verbatim quote and its checksum.

    `quote` equals the page texts at `spans`, joined. `url` is absolute and opens the first page
    with the quote highlighted. `answer_span` marks the words of the quote that answer; null if
    there are none. `repeated_in` lists retrieved passages of other documents with the same words.
    `quality` is that of the worst of the quote's pages.
    `reference` is a footnote to the page, in the style of the Chicago Manual.
    `language` is that of the quote's first page, or of the document (BCP 47); null if unknown.
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
    reference: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer: a quote with line breaks replaced by spaces, and its citations.

    `generated`: a generator selected it; it is the whole quote.
    `replaced`: the quote replaces a drafted sentence that could not be verified because of a
    `number`, a `name`, a `negation` or other `words`.
    """

    text: str
    citations: tuple[int, ...]
    generated: bool = False
    replaced: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Proves which collection gave an answer: docs/how-to/check-answers.md says what is signed.

    `value` is base64url without padding, `key_id` the thumbprint of the public key (RFC 7638).
    """

    algorithm: Literal["Ed25519"]
    key_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The snapshot, models and parameters of an answer, with which it can be reproduced.

    `signature` is null for a search, and if the home is read-only and has no key. `confidence` is
    the fingerprint of the file of the fitted confidence, or null.
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
    """How many sentences of a generator's draft were kept.

    Others were `replaced` by the quote that they cite, or `dropped` if they cite none or repeat
    one. `refusals` counts why sentences could not be verified: a `number`, `name` or `negation`
    that is not in the quotes, other `words`, or, for true sentences, their `order`. `fallback`:
    nothing was kept, and the answer is the quotes; `problem` is the error of the generator, if any.
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
    """One of the values as written, the date of its document, and the citation."""

    value: str
    date: str | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Conflict:
    """Quotes that give different values for one thing, the newest document first.

    `subject` is the name of the body, `attribute` is what is counted or listed, or the founding
    verb.
    """

    kind: Literal["count", "date", "list"]
    subject: str
    attribute: str
    sides: tuple[ConflictSide, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Statements with citations, or an abstention with its reason.

    `status` is `answered` if the statements answer the question; `unsure` if they are only the
    most likely quotes; `abstained` if nothing near was found, the question has a false premise,
    the pages could not be read, or nothing was asked (`no_question`).

    `confidence` is the fitted probability that the quotes answer the question, or for an abstention
    would have answered it; null with other models than it was fitted on. `generation` is null
    without a generator. `conflicts` are retrieved passages that contradict a quote of the answer.
    `reranked` is how many candidates were read, of how many; null without reranking. `absent_names`
    lists names in the question that no passage contains, if they are the reason for the
    abstention. `unanswered_parts` lists the parts of the question that no quote answers.
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
    """Passages for a query, best first, with the parts of their scores.

    `reranked` is as in an Answer.
    """

    query: str
    understood: QueryInterpretation
    passages: tuple[Passage, ...]
    receipt: Receipt
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    reranked: Reranked | None = None

    def _repr_html_(self) -> str:
        return search_html(self)
