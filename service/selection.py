"""The sentences that answer, the passages they were chosen from, and the settings of the choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus.chunk import Chunk
from corpus.ids import ChunkId
from index.ports import FoundSpan
from index.ranking import Hit


@dataclass(frozen=True, slots=True)
class SelectionSettings:
    """How sentences are chosen; scores are cross-encoder logits.

    The first `passages` passages are read; a passage's own score counts `passage_weight` times, the
    margin of the span found in it `span_weight` times, its cross-encoder's logit `rerank_weight`
    times. One that would be more than `reach` behind the best, were its margin `good_margin`, is
    not read. Sentences of the best `sentence_passages` of them are scored, if not more than `reach`
    behind the best; of all without a span finder. A sentence's logit and what its passage has
    count, and the sentence that the span begins in has `span_bonus` more. Without a span finder a
    passage's score counts `unread_weight` times beside a sentence's logit. Weights and bonus were
    chosen on the dev split of our questions (docs/answers.md). A sentence within
    `margin` of the best one joins the answer, up to `statements` in all, if it ends as a sentence
    does: a title or a table cell answers alone or not at all; one within `side_margin` if it holds
    a side of a comparison that the answer lacks. Of the passage of the best one no other stays that
    has a margin below `joining_margin` by itself.

    For a part of the question the first `passages_of_a_part` are read; margin and logit count once
    each, and one that would be more than `reach` behind is left. Sentences of the best
    `part_passages` are scored, by their own logits, `part_weight` times the margin of the passage
    for the part, and the bonus. The best joins where the span begins in it with a margin of
    `part_margin`, or has one of `part_quote_margin` in it by itself; where it is there already, the
    best one of another passage not more than `part_reach` behind. For a part that none of them says
    the best of a passage that is not cited yet joins all the same. Where a question asks for
    several things that are not told apart, the best sentence of each other passage joins that was
    read with a margin of `other_margin`, not more than `other_reach` behind; where it asks for one
    thing, that of one passage of `equal_margin`, not more than `equal_reach` behind. One under
    `words` words says too little.
    """

    passages: int = 6
    good_margin: float = 7.0
    reach: float = 8.0
    sentence_passages: int = 2
    statements: int = 3
    margin: float = 0.5
    side_margin: float = 3.0
    joining_margin: float = -6.7
    other_margin: float = -4.7
    other_reach: float = 12.0
    equal_margin: float = 0.0
    equal_reach: float = 4.0
    part_margin: float = -2.7
    part_quote_margin: float = -4.7
    passages_of_a_part: int = 8
    part_passages: int = 2
    part_weight: float = 0.4
    part_reach: float = 8.0
    passage_weight: float = 1.7
    span_weight: float = 0.8
    span_bonus: float = 1.5
    rerank_weight: float = 2.1
    unread_weight: float = 3.0
    words: int = 4


@dataclass(frozen=True, slots=True)
class Selected:
    """One sentence that answers: its chunk, its range in the chunk's text, its scores.

    `score` orders sentences; `logit` is that of the sentence by itself. `span` is what a span
    finder found in the sentence by itself, in code points of the sentence.
    """

    chunk: Chunk
    sentence: int
    start: int
    end: int
    score: float
    logit: float = 0.0
    span: FoundSpan | None = None

    @property
    def key(self) -> tuple[ChunkId, int]:
        """The passage and the number of the sentence in it."""
        return self.chunk.chunk_id, self.sentence

    @property
    def quote(self) -> str:
        """The sentence as it stands in the passage."""
        return self.chunk.text[self.start : self.end]


def passages_of(sentences: Iterable[Selected]) -> frozenset[ChunkId]:
    """Return the passages that the sentences stand in."""
    return frozenset(each.chunk.chunk_id for each in sentences)


@dataclass(frozen=True, slots=True)
class Selection:
    """What was read: the answering sentences, and the passages in the order they answer in.

    `spans` is what a span finder found in each passage that was read; empty without one. `parts`
    are the same for each part of the question, `untold` the numbers, from 0, of those that no
    sentence answers.
    """

    sentences: tuple[Selected, ...]
    hits: tuple[Hit, ...]
    spans: Mapping[ChunkId, FoundSpan] = field(default_factory=dict)
    parts: "tuple[Selection, ...]" = ()
    untold: tuple[int, ...] = ()
