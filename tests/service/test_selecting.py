"""Which sentences are chosen, with scores given by hand."""

from collections.abc import Sequence
from dataclasses import replace

from corpus.chunk import Chunk
from corpus.document import PageSpan
from corpus.ids import ChunkId, DocId, Fingerprint
from index.ports import FloatVector, FoundSpan
from index.ranking import Hit, Scores
from index.rerankers.fake import OverlapReranker
from service.selecting import select
from service.selection import Selection, SelectionSettings
from service.sentence_scores import by_reranker, by_words, readable
from service.several import as_asked

SENTENCES = (
    "The Forum has worked since 2008 in many countries.",
    "It plans to cooperate with the Northern Process soon.",
    "Furthermore, the Southern Dialogue is of interest too.",
    "The secretariat is paid by external donors every year.",
)


def hit(sentences: Sequence[str] = SENTENCES, score: float = 1.0, rank: int = 1) -> Hit:
    text, ranges = "", []
    for sentence in sentences:
        start = len(text)
        text += sentence + "\n"
        ranges.append((start, start + len(sentence)))
    chunk = Chunk(
        chunk_id=ChunkId(f"c{rank}"),
        doc_id=DocId("d1"),
        ordinal=rank,
        spans=(PageSpan(1, 0, len(text)),),
        text=text,
        sentences=tuple(ranges),
        search_text=text,
        context="",
    )
    return Hit(chunk.chunk_id, score, rank, Scores(), chunk)


def chosen(scores: dict[str, float], *hits: Hit, **settings: float) -> list[str]:
    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [scores.get(sentence, -10.0) for sentence in sentences]

    found = select("Which?", hits, scorer, SelectionSettings(**settings))  # type: ignore[arg-type]
    return [s.chunk.text[s.start : s.end] for s in found.sentences]


def test_the_best_sentence_answers_alone_when_the_others_are_far_behind() -> None:
    assert chosen({SENTENCES[0]: 5.0}, hit()) == [SENTENCES[0]]


def test_a_sentence_that_says_it_continues_follows_the_chosen_one() -> None:
    assert chosen({SENTENCES[1]: 8.0}, hit()) == list(SENTENCES[1:3])


def test_a_continuation_of_a_sentence_that_is_not_chosen_stays_out() -> None:
    assert SENTENCES[2] not in chosen({SENTENCES[3]: 8.0}, hit())


def test_a_sentence_nearly_as_good_joins() -> None:
    assert chosen({SENTENCES[0]: 5.0, SENTENCES[3]: 4.5}, hit()) == [SENTENCES[0], SENTENCES[3]]


def test_a_title_answers_alone_or_not_at_all() -> None:
    title = "Yearbook of the Forum on many countries"
    with_title = hit((SENTENCES[0], title))
    assert chosen({SENTENCES[0]: 5.0, title: 4.9}, with_title) == [SENTENCES[0]]
    assert chosen({title: 5.0}, with_title) == [title]


def test_equal_words_in_two_passages_are_quoted_once() -> None:
    scores = {SENTENCES[0]: 5.0}
    assert chosen(scores, hit(), hit(rank=2)) == [SENTENCES[0]]


def test_the_better_passage_wins_between_equal_sentences_of_other_words() -> None:
    other = "The Panel has worked since 2009 in many countries."
    scores = {SENTENCES[0]: 5.0, other: 5.0}
    second = hit((other,), score=0.2, rank=2)
    assert chosen(scores, hit(), second)[0] == SENTENCES[0]


def test_passages_beyond_those_read_are_not_quoted() -> None:
    other = "The Panel has worked since 2009 in many countries."
    assert chosen({other: 9.0}, hit(), hit((other,), rank=2), passages=1) != [other]


def test_passages_come_in_the_order_of_their_best_sentences() -> None:
    other = "The Panel has worked since 2009 in many countries."
    unread = hit(("The Board has worked since 2010 in many countries.",), rank=3)

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [5.0 if sentence == other else 0.0 for sentence in sentences]

    hits = (hit(), hit((other,), rank=2), unread)
    found = select("Which?", hits, scorer, SelectionSettings(passages=2))
    assert [(h.chunk_id, h.rank) for h in found.hits] == [("c2", 1), ("c1", 2), ("c3", 3)]


def test_nothing_is_chosen_from_nothing() -> None:
    assert chosen({}) == []


def test_words_score_by_their_share_of_the_question() -> None:
    scores = by_words("Who pays the secretariat?", SENTENCES)
    assert max(range(4), key=scores.__getitem__) == 3


def test_no_sentence_is_read_twice_beside_a_question() -> None:
    read: list[tuple[str, str]] = []

    class Reranker(OverlapReranker):
        def score(self, query: str, texts: Sequence[str]) -> FloatVector:
            read.extend((query, text) for text in texts)
            return super().score(query, texts)

    scorer = by_reranker(Reranker())
    first = scorer("Which forum?", SENTENCES[:2])
    assert scorer("Which forum?", [*SENTENCES[1:3], SENTENCES[1]])[::2] == [first[1]] * 2
    assert scorer("Which forum?", []) == []
    assert read == [("Which forum?", each) for each in SENTENCES[:3]]
    scorer("Who pays?", SENTENCES[:1])
    assert read[3:] == [("Who pays?", SENTENCES[0])]


def test_readable_text_is_one_line_and_keeps_a_hyphen_at_a_line_end() -> None:
    assert readable("cross-\nborder  move\n\nments") == "cross-border move ments"


class Finder:
    """Finds the words that it was told, in the passages that hold them."""

    name, fingerprint = "told", Fingerprint("told")

    def __init__(self, words: str) -> None:
        self._words = words

    def warm(self) -> None:
        """Nothing to load."""

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        found = ((text.find(self._words), text) for text in passages)
        return [
            FoundSpan(at, at + len(self._words), 8.0, 2.0, relevance=0.0)
            if at >= 0
            else FoundSpan(0, 0, 0.0, 6.0, relevance=0.0)
            for at, _ in found
        ]


def read(words: str, *hits: Hit, **settings: float) -> Selection:
    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [0.0] * len(sentences)

    chosen = SelectionSettings(margin=0.1, **settings)  # type: ignore[arg-type]
    return select("Which?", hits, scorer, chosen, Finder(words))


def test_the_sentence_that_the_span_begins_in_is_chosen() -> None:
    found = read("external donors", hit())
    assert [each.quote for each in found.sentences] == [SENTENCES[3]]


def test_the_passage_with_the_wider_margin_comes_first() -> None:
    other = "The Panel has worked since 2009 in many countries."
    found = read("Panel", hit(score=1.2), hit((other,), score=1.0, rank=2))
    assert [each.chunk_id for each in found.hits] == ["c2", "c1"]
    assert found.spans[ChunkId("c2")].margin == 6.0
    unread = read("Panel", hit(score=1.2), hit((other,), score=1.0, rank=2), span_weight=0.0,
                  span_bonus=0.0)  # fmt: skip
    assert [each.chunk_id for each in unread.hits] == ["c1", "c2"]


def test_a_chosen_sentence_has_the_span_within_itself() -> None:
    (sentence,) = read("external donors", hit()).sentences
    assert sentence.span is not None
    assert sentence.quote[sentence.span.start : sentence.span.end] == "external donors"


def test_beside_the_best_sentence_of_a_passage_only_those_stay_that_answer() -> None:
    together = read("many countries", hit(), span_bonus=0.0)
    assert len(together.sentences) == 3
    alone = read("many countries", hit(), span_bonus=0.0, joining_margin=-5.0)
    assert [each.quote for each in alone.sentences] == [SENTENCES[0]]


def test_a_comparison_quotes_both_sides() -> None:
    sides = (
        "Exports of Peru were 40 per cent textiles in 2000.",
        "They had come down to 12 per cent by 2014.",
        "The ports were built anew in the same years.",
    )
    scores = {sides[0]: 5.0, sides[1]: 3.0, sides[2]: 4.0}

    def quoted(question: str, **settings: float) -> list[str]:
        def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
            return [scores[sentence] for sentence in sentences]

        chosen = SelectionSettings(**settings)  # type: ignore[arg-type]
        return [s.quote for s in select(question, [hit(sides)], scorer, chosen).sentences]

    assert quoted("How much was textiles in 2000 and in 2014?") == list(sides[:2])
    assert quoted("How much was textiles in 2000?") == [sides[0]]
    assert quoted("How much in 2000 and in 2014?", side_margin=1.5) == [sides[0]]
    assert quoted("How much in 1990 and in 1995?") == [sides[0]]


class FinderByQuestion(Finder):
    """Finds for each question the words that it was told for it, and nothing for another."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__("")
        self._by_question = words

    def find(self, question: str, passages: Sequence[str]) -> list[FoundSpan]:
        return Finder(self._by_question.get(question, "\0")).find(question, passages)


def test_each_part_of_a_question_has_its_sentence_where_one_answers_it() -> None:
    whole, parts = "How many work, and who pays?", ("How many work?", "who pays?")
    words = {whole: "many countries", parts[0]: "many countries", parts[1]: "external donors"}

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [0.0] * len(sentences)

    def asked_for(words: dict[str, str]) -> Selection:
        settings = SelectionSettings(margin=0.1, part_quote_margin=-5.0)
        return select(whole, [hit()], scorer, settings, FinderByQuestion(words), parts)

    found = asked_for(words)
    assert [each.quote for each in found.sentences] == [SENTENCES[0], SENTENCES[3]]
    assert found.untold == ()
    # A part that nothing answers adds nothing, and is told.
    unanswered = asked_for({**words, parts[1]: "nowhere"})
    assert [each.quote for each in unanswered.sentences] == [SENTENCES[0]]
    assert unanswered.untold == (1,)
    assert asked_for({**words, parts[1]: "many countries"}).untold == ()


def test_what_is_quoted_stands_in_the_order_that_is_asked() -> None:
    whole, parts = "Who pays, and how many work?", ("Who pays?", "how many work?", "where?")
    words = {whole: "many countries", parts[0]: "external donors", parts[1]: "many countries"}
    others = ("Its seat is by the lake in the north.", "It has never been so far.")

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [2.0 * (each == others[0]) if asked == parts[2] else 0.0 for each in sentences]

    settings = SelectionSettings(margin=0.1, part_quote_margin=-5.0)
    hits = [hit(), hit(others, rank=2)]
    found = select(whole, hits, scorer, settings, FinderByQuestion(words), parts)
    assert [each.quote for each in found.sentences] == [SENTENCES[0], SENTENCES[3], others[0]]
    asked = as_asked(found, settings)
    assert [each.quote for each in asked] == [SENTENCES[3], SENTENCES[0], others[0]]
    unparted = replace(found, parts=())
    assert as_asked(unparted, settings) == found.sentences


def test_a_part_that_the_first_sentence_answers_has_one_of_another_passage_beside_it() -> None:
    whole, parts = "How many work, and how many rest?", ("How many work?", "how many rest?")
    other = "The Panel of nine has rested since 2009 in two countries."
    words = {whole: "many countries", parts[0]: "many countries", parts[1]: "two countries"}
    hits = [hit(), hit((other,), rank=2)]

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [5.0 - 4.0 * (each == other) for each in sentences]

    settings = SelectionSettings(margin=0.1)
    found = select(whole, hits, scorer, settings, FinderByQuestion(words), parts)
    assert [each.quote for each in found.sentences] == [SENTENCES[0], other]


def test_an_untold_part_has_the_nearest_sentence_of_another_passage() -> None:
    whole, parts = "How many work, and who pays?", ("How many work?", "who pays?")
    others = ("Costs of the Panel are borne by several members.", "Its seat is in the north.")
    words = {whole: "many countries", parts[0]: "many countries"}

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [5.0 * (each == others[0]) if asked == parts[1] else 0.0 for each in sentences]

    def asked_for(*hits: Hit, statements: int = 3) -> Selection:
        chosen = SelectionSettings(margin=0.1, part_quote_margin=-5.0, statements=statements)
        return select(whole, hits, scorer, chosen, FinderByQuestion(words), parts)

    found = asked_for(hit(), hit(others, rank=2))
    assert [each.quote for each in found.sentences] == [SENTENCES[0], others[0]]
    assert found.untold == (1,)
    full = asked_for(hit(), hit(others, rank=2), statements=1)
    assert [each.quote for each in full.sentences] == [SENTENCES[0]]


def test_where_several_things_are_asked_each_passage_that_answers_has_its_sentence() -> None:
    other = "The Panel of nine has worked since 2009 in many countries."
    elsewhere = "The Board has rested for a year by the sea."
    hits = [hit(), hit((other,), rank=2), hit((elsewhere,), rank=3)]

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        return [5.0 * (each == SENTENCES[0]) for each in sentences]

    def asked_for(question: str, other_margin: float = -5.0) -> list[str]:
        settings = SelectionSettings(other_margin=other_margin, equal_margin=7.0)
        found = select(question, hits, scorer, settings, Finder("many countries"))
        return [each.quote for each in found.sentences]

    assert asked_for("Did the Forum or the Panel begin first?") == [SENTENCES[0], other]
    assert asked_for("What numbers of Forums and Panels are there?") == [SENTENCES[0], other]
    assert asked_for("When did the Forum begin?") == [SENTENCES[0]]
    assert asked_for("Did the Forum or the Panel begin first?", other_margin=7.0) == [SENTENCES[0]]


def test_two_passages_that_answer_about_equally_well_are_both_quoted() -> None:
    others = [f"The Panel of group {n} has worked in many countries." for n in (2, 3, 4)]

    def asked_for(*scores: float, words: str = "many countries", **settings: float) -> list[str]:
        hits = [hit((text,), score, rank=n) for n, (text, score) in
                enumerate(zip((SENTENCES[0], *others), scores, strict=False), start=1)]  # fmt: skip
        return [each.quote for each in read(words, *hits, **settings).sentences]

    assert asked_for(3.0, 2.0) == [SENTENCES[0], others[0]]
    assert asked_for(3.0, 2.0, 2.0) == [SENTENCES[0], others[0]]
    assert asked_for(3.0, 0.5) == [SENTENCES[0]]  # 2.5 times 1.7 behind: too far
    assert asked_for(3.0, 2.0, equal_reach=1.0) == [SENTENCES[0]]
    assert asked_for(3.0, 2.0, equal_margin=7.0) == [SENTENCES[0]]  # the margin is 6
    assert asked_for(3.0, 2.0, words="Forum") == [SENTENCES[0]]  # the other does not answer


def test_only_sentences_of_the_most_promising_passages_are_scored() -> None:
    asked_of: list[str] = []

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        asked_of.extend(sentences)
        return [0.0] * len(sentences)

    others = [f"The Panel of group {n} has worked in many countries." for n in (2, 3)]
    hits = [hit(), *(hit((text,), rank=n) for n, text in enumerate(others, start=2))]
    settings = SelectionSettings(sentence_passages=1)
    found = select("Which?", hits, scorer, settings, Finder("group 3"))
    assert asked_of == [others[1]]
    assert [each.chunk_id for each in found.hits] == ["c3", "c1", "c2"]
    asked_of.clear()
    select("Which?", hits, scorer, settings)
    assert len(asked_of) == 6


def _ranked(*logits: float) -> list[Hit]:
    """Passages of one sentence each, in this order, with these logits of the cross-encoder."""
    return [
        replace(hit((f"The Panel of group {n} has worked in many countries.",), rank=n),
                scores=Scores(rerank=logit))
        for n, logit in enumerate(logits, start=1)
    ]  # fmt: skip


def test_a_passage_that_cannot_come_near_the_best_is_not_read() -> None:
    # The first two are always read. A margin of 7 would bring 4.0 near the best, and -8.0 not.
    hits = _ranked(8.0, 5.0, 4.0, -8.0, 7.0)
    found = read("group 1", *hits)
    assert set(found.spans) == {ChunkId(f"c{n}") for n in (1, 5, 2, 3)}
    assert [each.chunk_id for each in found.hits] == ["c1", "c5", "c2", "c3", "c4"]
    wider = read("group 1", *hits, reach=100.0)
    assert set(wider.spans) == {each.chunk_id for each in hits}


def test_sentences_of_a_passage_far_behind_are_not_scored() -> None:
    scored: list[str] = []

    def scorer(asked: str, sentences: Sequence[str]) -> list[float]:
        scored.extend(sentences)
        return [0.0] * len(sentences)

    for behind, of in ((1.0, 2), (6.0, 1)):
        scored.clear()
        hits = _ranked(8.0, 8.0 - behind)
        select("Which?", hits, scorer, SelectionSettings(equal_margin=7.0), Finder("The Panel"))
        assert len(scored) == of
