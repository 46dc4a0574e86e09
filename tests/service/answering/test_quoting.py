"""Which sentences are quoted, with spans given by hand."""

from collections.abc import Sequence

from index.values.ranking import Hit
from service.answering.quoting import by_shared_words, quotes_for, quotes_of
from service.citations.quote import Quotation, Quote, QuotingSettings, without_repetitions
from service.citations.quote_text import as_one_line, as_statement
from tests.service.made_rankings import passage, ranking, read, unread

FORUM = (
    "The Forum has worked since 2008 in many countries.",
    "It plans to cooperate with the Northern Process soon.",
    "Furthermore, the Southern Dialogue is of interest too.",
    "The secretariat is paid by external donors every year.",
)
PANEL = ("The Panel of nine has worked since 2009.", "It rests by the sea in the summer.")
BOARD = ("The Board has met in four countries.", "Its chair is elected by all members.")
LIST = (
    "The report was written in 2019 by the secretariat.",
    "The Forum asks its members to:",
    "(a) count the people who move;",
    "(b) name a person for questions;",
    "(c) send both to the secretariat.",
    "All of them agreed to do so in the same year.",
)
SETTINGS = QuotingSettings(statements=3, margin=-2.0, reach=4.0)


def quoted(hit: Hit) -> list[str]:
    return [quote.text for quote in quotes_of(hit)]


NINE = read(*PANEL, words="nine", margin=2.0, number=2)
FAR = read(*BOARD, words="four", margin=-4.0, number=3)


def said(found: Quotation) -> list[str]:
    return [quote.text for quote in found.quotes]


def test_the_sentence_that_holds_the_span_is_quoted() -> None:
    assert quoted(read(*FORUM, words="external donors")) == [FORUM[3]]


def test_a_span_over_two_sentences_is_quoted_with_both() -> None:
    hit = read(*PANEL, words="since 2009.\nIt rests")
    assert quoted(hit) == ["\n".join(PANEL)]


def test_a_span_in_a_heading_is_quoted_as_the_sentence_below_it() -> None:
    hit = read("#Partnerships in 2019", *FORUM, words="Partnerships")
    assert quoted(hit) == [FORUM[0]]


def test_a_span_after_the_last_sentence_is_quoted_as_that_one() -> None:
    hit = read(*PANEL, "#Table 3", words="Table 3")
    assert quoted(hit) == [PANEL[1]]


def test_an_item_of_a_list_is_quoted_with_all_others_and_what_leads_to_them() -> None:
    for words in ("count the people", "name a person", "send both"):
        assert quoted(read(*LIST, words=words)) == ["\n".join(LIST[1:5])]


def test_what_leads_to_a_list_is_quoted_with_it() -> None:
    assert quoted(read(*LIST, words="its members to")) == ["\n".join(LIST[1:5])]


def test_a_list_that_begins_a_passage_is_quoted_from_its_first_item() -> None:
    assert quoted(read(*LIST[2:], words="name a person")) == ["\n".join(LIST[2:5])]


def test_bullets_and_numbers_begin_items_too() -> None:
    for first, second in (("•", "•"), ("–", "–"), ("1.", "2."), ("2)", "3)"), ("(i)", "(ii)")):
        items = (f"{first} count the people who move", f"{second} name a person for questions")
        hit = read(LIST[0], "The Forum asks its members to:", *items, words="name a person")
        assert quoted(hit) == ["\n".join(("The Forum asks its members to:", *items))]


def test_one_numbered_sentence_is_no_list() -> None:
    numbered = "4. The secretariat is paid by external donors every year."
    assert quoted(read(FORUM[0], numbered, PANEL[0], words="external")) == [numbered]


def test_a_colon_that_leads_to_no_list_widens_nothing() -> None:
    leading = "The Forum decided on one thing only:"
    assert quoted(read(leading, PANEL[0], words="one thing")) == [leading]


def test_a_question_is_never_quoted() -> None:
    for end in ("?", "?”", "? ", "？", "؟"):
        asked = f"Who pays for the secretariat{end}"
        assert quoted(read(asked, FORUM[3], words="Who pays")) == [FORUM[3]]
        assert quoted(read(asked, words="Who pays")) == []


def test_a_sentence_of_few_words_takes_the_one_before_it() -> None:
    short = "It is nine."
    assert quoted(read(FORUM[0], PANEL[0], short, words="nine.")) == [f"{PANEL[0]}\n{short}"]
    assert quoted(read(short, PANEL[0], words="nine.")) == [short]


def test_a_sentence_that_says_it_continues_follows_by_itself() -> None:
    assert quoted(read(*FORUM, words="Northern Process")) == [FORUM[1], FORUM[2]]


def test_all_continuations_in_a_row_follow() -> None:
    more = ("In addition, it met in Rome.", "Moreover, it has a chair.")
    assert quoted(read(*FORUM[1:3], *more, FORUM[3], words="Northern")) == [*FORUM[1:3], *more]


def test_a_continuation_of_a_sentence_that_is_not_quoted_stays_out() -> None:
    assert quoted(read(*FORUM, words="since 2008")) == [FORUM[0]]


def test_a_passage_that_was_not_read_or_has_no_sentence_gives_no_quote() -> None:
    assert quoted(unread(*FORUM)) == []
    assert quoted(read("#Partnerships", words="Partnerships")) == []


def test_each_quote_knows_the_span_that_it_is_quoted_for() -> None:
    hit = read(*FORUM, words="Northern Process", margin=3.5)
    assert [quote.span for quote in quotes_of(hit)] == [hit.span, hit.span]


def test_the_best_passage_is_quoted_however_low_its_margin() -> None:
    found = ranking([read(*FORUM, words="donors", margin=-9.0)])
    assert said(quotes_for(found, SETTINGS)) == [FORUM[3]]


def second(margin: float, *, best: float = 5.0) -> list[str]:
    hits = [
        read(*FORUM, words="donors", margin=best),
        read(*PANEL, words="nine", margin=margin, number=2),
    ]
    return said(quotes_for(ranking(hits), SETTINGS))


def test_a_second_passage_that_is_within_reach_is_quoted_too() -> None:
    assert second(1.0) == [FORUM[3], PANEL[0]]


def test_a_second_passage_beyond_reach_is_not_quoted() -> None:
    assert second(0.9) == [FORUM[3]]


def test_a_second_passage_that_does_not_answer_is_not_quoted_within_reach() -> None:
    assert second(-2.1, best=-1.0) == [FORUM[3]]
    assert second(-2.0, best=-1.0) == [FORUM[3], PANEL[0]]


def test_a_second_passage_that_was_not_read_is_not_quoted() -> None:
    hits = [read(*FORUM, words="donors"), unread(*PANEL, number=2)]
    assert said(quotes_for(ranking(hits), SETTINGS)) == [FORUM[3]]


def test_the_likely_quotes_are_those_of_the_first_passages_whatever_their_margins() -> None:
    hits = [read(*FORUM, words="donors", margin=-5.0), NINE, FAR]
    found = quotes_for(ranking(hits), SETTINGS)
    assert said(found) == [FORUM[3], PANEL[0]]
    assert [quote.text for quote in found.likely] == [FORUM[3], PANEL[0], BOARD[0]]


def test_no_more_statements_are_quoted_than_the_settings_say() -> None:
    hits = [
        read(*FORUM, words="Northern"),
        read(*PANEL, words="nine", number=2),
        read(*BOARD, words="four", number=3),
    ]
    for most in (1, 2, 3):
        found = quotes_for(ranking(hits), QuotingSettings(statements=most))
        assert said(found) == [FORUM[1], FORUM[2], PANEL[0]][:most]


def test_nothing_is_quoted_where_nothing_was_found() -> None:
    assert quotes_for(ranking([]), SETTINGS) == Quotation(())


DONORS = read(*FORUM, words="donors", margin=5.0)


def test_each_part_has_its_quote_in_the_order_in_which_parts_are_asked() -> None:
    found = quotes_for(ranking([DONORS, NINE], [NINE, DONORS], [DONORS, NINE]), SETTINGS)
    assert said(found) == [PANEL[0], FORUM[3]]
    assert found.unanswered == ()


def test_a_part_that_no_passage_answers_is_unanswered_and_its_nearest_passage_quoted() -> None:
    found = quotes_for(ranking([DONORS], [DONORS], [FAR]), SETTINGS)
    assert said(found)[0] == FORUM[3]
    assert len(said(found)) == 2
    assert found.unanswered == (1,)


def test_a_part_for_which_nothing_was_found_or_read_is_unanswered() -> None:
    found = quotes_for(ranking([DONORS], [], [unread(*PANEL, number=2)]), SETTINGS)
    assert found.unanswered == (0, 1)


def test_a_part_whose_passage_holds_only_questions_is_unanswered() -> None:
    asked = read("Who pays for the secretariat?", words="Who pays", number=4)
    found = quotes_for(ranking([DONORS], [DONORS], [asked]), SETTINGS)
    assert found.unanswered == (1,)


def test_two_parts_that_one_sentence_answers_have_one_quote() -> None:
    found = quotes_for(ranking([DONORS], [DONORS], [DONORS]), SETTINGS)
    assert said(found) == [FORUM[3]]
    assert found.unanswered == ()


def test_a_part_whose_quote_has_no_room_is_unanswered() -> None:
    four = [read(*BOARD, words="four", number=3), read(*FORUM, words="since 2008", number=4)]
    found = quotes_for(ranking([DONORS], [DONORS], [NINE], *([each] for each in four)), SETTINGS)
    assert len(found.quotes) == SETTINGS.statements
    assert found.unanswered == (3,)


def test_sentences_that_overlap_are_quoted_once() -> None:
    whole = read(*PANEL, words="since 2009.\nIt rests")
    part = read(*PANEL, words="by the sea")
    found = quotes_for(ranking([whole], [whole], [part]), SETTINGS)
    assert said(found) == ["\n".join(PANEL)]
    assert found.unanswered == ()


def quotes(*texts: str, number: int = 1) -> Sequence[Quote]:
    chunk = passage(*texts, number=number)
    return [Quote(chunk, *place) for place in chunk.sentences]


def test_equal_words_of_two_passages_are_quoted_once_whatever_their_breaks_and_capitals() -> None:
    once = "The Forum meets each year in Rome."
    again = "THE FORUM meets\neach year in Rome."
    assert without_repetitions([*quotes(once), *quotes(again, number=2)]) == [*quotes(once)]


def test_quotes_of_other_passages_at_the_same_place_are_no_repetitions() -> None:
    both = [*quotes(PANEL[0]), *quotes(BOARD[0], number=2)]
    assert without_repetitions(both) == both


def test_the_margin_is_that_of_the_best_quote() -> None:
    first = read(*FORUM, words="many countries", margin=4.0)
    second = read(*PANEL, words="nine", margin=6.0, number=2)
    assert quotes_for(ranking([first, second]), SETTINGS).margin == 6.0


def test_the_margin_of_a_question_in_parts_is_half_that_of_the_part_answered_worst() -> None:
    best = read(*PANEL, words="nine", margin=6.0)
    worst = read(*BOARD, words="Board", margin=-4.0, number=2)
    assert quotes_for(ranking([best], [best], [worst]), SETTINGS).margin == 1.0


def test_without_a_model_there_is_no_margin() -> None:
    assert by_shared_words("Who pays?", [unread(*FORUM)]).margin is None
    assert Quotation(()).margin is None


def test_without_a_model_the_sentence_of_the_best_passage_with_most_shared_words_is_quoted() -> (
    None
):
    hits = [unread(*FORUM), unread("Who pays the secretariat?", number=2)]
    found = by_shared_words("Who pays the secretariat?", hits)
    assert said(found) == [FORUM[3]]
    assert found.quotes[0].span is None


def test_without_a_model_no_question_is_quoted_and_nothing_from_nothing() -> None:
    assert by_shared_words("Who pays?", [unread("Who pays?")]) == Quotation(())
    assert by_shared_words("Who pays?", []) == Quotation(())


def test_two_quotes_overlap_only_within_one_passage() -> None:
    chunk, other = passage(*PANEL), passage(*PANEL, number=2)
    assert Quote(chunk, 0, 10).overlaps(Quote(chunk, 9, 20))
    assert not Quote(chunk, 0, 10).overlaps(Quote(chunk, 10, 20))
    assert not Quote(chunk, 0, 10).overlaps(Quote(other, 0, 10))


def test_readable_text_is_one_line_and_keeps_a_hyphen_at_a_line_end() -> None:
    assert as_one_line("cross-\nborder  move\n\nments") == "cross-border move ments"


def test_a_statement_has_no_mark_of_the_list_that_it_stood_in() -> None:
    for mark in ("• ", "– ", "4. ", "(a) ", "b) ", "(iv) ", "112. "):
        assert as_statement(f"{mark}The committee\nmet twice.") == "The committee met twice."


def test_a_statement_keeps_what_only_looks_like_a_mark() -> None:
    for text in ("2019 was a good year.", "4.5 million moved.", "I agree.", "(a)", "–"):
        assert as_statement(text) == text


def test_a_list_keeps_the_marks_of_all_items_but_one_that_begins_it() -> None:
    assert as_statement("1. count\n2. name") == "count 2. name"
