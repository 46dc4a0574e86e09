"""The core answer as an adaptive card in a message of Microsoft Teams."""

import html
import re

from service.rendering.answer_text import confidence_line, passage_url, place, quote_parts, where
from service.rendering.explanations import (
    abstention_reason,
    as_of_note,
    conflict_sides,
    disagreement,
    other_sides,
    preface,
    unanswered_note,
)
from service.values.answer import Answer, Citation

Json = dict[str, object]


def message(answer: Answer, base_url: str) -> Json:
    """Return the answer as a message with one card."""
    body = [_text(answer.question, weight="Bolder")]
    if moment := as_of_note(answer):
        body.append(_text(moment))
    if answer.status == "abstained":
        said = abstention_reason(answer)
        body.append(_text(said))
        body += [
            _link(f"{p.title}, {place(p.spans)}", passage_url(base_url, p))
            for p in answer.passages[:3]
        ]
    body += [_text(before)] if (before := preface(answer)) else []
    for citation in answer.citations:
        body += [_quoted(citation), _where(citation)]
    body += [_text(unanswered)] if (unanswered := unanswered_note(answer)) else []
    body += [_text(f"{disagreement()}. {conflict_sides(each)}") for each in answer.conflicts]
    for who, citation in other_sides(answer):
        body += [_text(f"{who}:"), _quoted(citation), _where(citation)]
    body += [_text(sure)] if (sure := confidence_line(answer)) else []
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


def note(text: str) -> Json:
    """Return a message of plain text."""
    return {"type": "message", "text": text}


def question_in(text: str) -> str:
    """Return what is asked in an activity's text, without the mention of the webhook.

    >>> question_in("<at>citewell</at>&nbsp;Who chairs it &amp; when?\\n")
    'Who chairs it & when?'
    """
    bare = re.sub(r"<at[^>]*>.*?</at>", " ", text, flags=re.DOTALL)
    bare = html.unescape(re.sub(r"<[^>]+>", " ", bare))
    return " ".join(bare.split())


def _text(text: str, **style: str) -> Json:
    # A TextRun shows its text as it is: no Markdown of a document is read in it.
    run = {"type": "TextRun", "text": text, **style}
    return {"type": "RichTextBlock", "inlines": [run]}


def _quoted(citation: Citation) -> Json:
    before, words, after = quote_parts(citation)
    if not words:
        return _text(f"“{after}”")
    runs: list[Json] = [
        {"type": "TextRun", "text": f"“{before}"},
        {"type": "TextRun", "text": words, "weight": "Bolder"},
        {"type": "TextRun", "text": f"{after}”"},
    ]
    return {"type": "RichTextBlock", "inlines": runs}


def _where(citation: Citation) -> Json:
    title = f"[{citation.number}] {citation.title}, {where(citation)}"
    return _link(title, citation.url)


def _link(text: str, url: str) -> Json:
    run = {"type": "TextRun", "text": text, "selectAction": {"type": "Action.OpenUrl", "url": url}}
    return {"type": "RichTextBlock", "inlines": [run]}
