"""The core answer as Anthropic's messages: `search_result` blocks, and texts with citations.

*Source:* https://docs.claude.com/en/docs/build-with-claude/search-results for both shapes.
"""

from collections.abc import Sequence
from dataclasses import asdict

from service.citations.quote_text import as_one_line
from service.rendering.answer_text import abstention_text, passage_url, place
from service.rendering.explanations import (
    as_of_note,
    conflict_sides,
    disagreement,
    other_sides,
    preface,
    unanswered_note,
)
from service.values.answer import Answer, Citation, Search

Json = dict[str, object]


def search_results(found: Search | Answer, base_url: str) -> list[Json]:
    """Return a block a passage, for the content of a `tool_result` or of a user's message.

    A sentence cannot be cited smaller than its block, so each passage is one block of text: the
    model cites the passage, whose `source` opens the page with it marked.
    """
    return [
        {
            "type": "search_result",
            "source": passage_url(base_url, passage),
            "title": f"{passage.title}, {place(passage.spans)}",
            "content": [{"type": "text", "text": passage.text}],
            "citations": {"enabled": True},
        }
        for passage in found.passages
    ]


def cited_texts(answer: Answer, base_url: str) -> list[Json]:
    """Return a text block a statement, each with the citation of its passage.

    Blocks without a citation say as of when the answer is, and what sources give differently; the
    other sides' quotes follow. `search_result_index` counts the answer's passages, as
    `search_results` gives them.
    """
    moment = as_of_note(answer)
    begun = [_said(f"{moment}: ")] if moment else []
    if answer.status == "abstained":
        return [*begun, _said(abstention_text(answer, base_url))]
    begun += [_said(f"{said} ")] if (said := preface(answer)) else []
    index = {passage.passage_id: at for at, passage in enumerate(answer.passages)}
    cited = {citation.number: citation for citation in answer.citations}

    def quoted(text: str, proofs: Sequence[Citation]) -> Json:
        places = [search_result_location(c, index.get(c.passage_id, 0)) for c in proofs]
        return {"type": "text", "text": text, "citations": places}

    statements = [
        quoted(f"“{statement.text}” ", [cited[number] for number in statement.citations])
        for statement in answer.statements
    ]
    unanswered = [_said(f"{said} ")] if (said := unanswered_note(answer)) else []
    differing = [_said(f"{disagreement()}. {conflict_sides(each)}. ") for each in answer.conflicts]
    others = [
        quoted(f"{who}: “{as_one_line(citation.quote)}” [{citation.number}] ", [citation])
        for who, citation in other_sides(answer)
    ]
    return [*begun, *statements, *unanswered, *differing, *others]


def _said(text: str) -> Json:
    return {"type": "text", "text": text, "citations": None}


def search_result_location(citation: Citation, index: int) -> Json:
    """Return the citation of a statement whose passage is the `index`-th search result."""
    return {
        "type": "search_result_location",
        "cited_text": citation.quote,
        "source": citation.url,
        "title": citation.title,
        "search_result_index": index,
        "start_block_index": 0,
        "end_block_index": 1,
    }


def message(answer: Answer, base_url: str, *, model: str) -> Json:
    """Return the answer as a message of an assistant."""
    return {
        "id": f"msg_{answer.receipt.answer_id}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": cited_texts(answer, base_url),
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 0, "output_tokens": 0},
        "citewell": {"answer": asdict(answer)},
    }
