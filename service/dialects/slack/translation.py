"""The core answer as Slack's blocks: each quote, and a link to its page."""

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

# Slack refuses a section of more than 3,000 characters and a message of more than 50 blocks.
_LONGEST = 2800
_MOST_QUOTES = 10
_MOST_CONFLICTS = 5


def message(answer: Answer, base_url: str, *, in_channel: bool) -> Json:
    """Return the answer as a message."""
    blocks = [_section(f"*{escaped(answer.question)}*")]
    if moment := as_of_note(answer):
        blocks.append(_context(escaped(moment)))
    if answer.status == "abstained":
        blocks += _abstention(answer, base_url)
    blocks += [_section(escaped(before))] if (before := preface(answer)) else []
    for citation in answer.citations[:_MOST_QUOTES]:
        blocks += [_section(_quoted(citation)), _context(_where(citation))]
    blocks += [_section(escaped(unanswered))] if (unanswered := unanswered_note(answer)) else []
    blocks += _conflicts(answer)
    blocks += [_context(sure)] if (sure := confidence_line(answer)) else []
    return {
        "response_type": "in_channel" if in_channel else "ephemeral",
        "text": plain(answer),
        "blocks": blocks,
        "unfurl_links": False,
    }


def plain(answer: Answer) -> str:
    """Return what a notification shows."""
    before = preface(answer)
    said = answer.answer or abstention_reason(answer)
    return escaped(f"{before} {said}" if before else said)[:_LONGEST]


def note(text: str) -> Json:
    """Return a short message that only the asker sees."""
    return {"response_type": "ephemeral", "text": escaped(text)}


def question_in(text: str) -> str:
    """Return what is asked in a mention, without the name of the bot.

    >>> question_in("<@U012AB3CD> Who chairs the Bali Process &amp; others?")
    'Who chairs the Bali Process & others?'
    """
    bare = re.sub(r"<@[A-Z0-9]+(?:\|[^>]*)?>", " ", text)
    bare = re.sub(r"<(?:https?|mailto):[^|>]*\|([^>]*)>", r"\1", bare)
    for escape, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        bare = bare.replace(escape, character)
    return " ".join(bare.split())


def escaped(text: str) -> str:
    """Return text in which Slack finds no mention, link or channel call."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(citation: Citation) -> str:
    before, words, after = map(_unformatted, quote_parts(citation))
    bold = f"*{words}*" if words.strip() else words
    if len(before) + len(bold) + len(after) > _LONGEST:
        return f">“{(before + words + after)[:_LONGEST]}”"
    return f">“{before}{bold}{after}”"


def _unformatted(text: str) -> str:
    # A zero-width space keeps asterisks and the like of a document from being read as format.
    return re.sub(r"([*_~`])", "\u200b\\1", escaped(text))


def _where(citation: Citation) -> str:
    title = escaped(f"{citation.title}, {where(citation)}")
    return f"[{citation.number}] <{citation.url}|{title.replace('|', '¦')[:300]}>"


def _abstention(answer: Answer, base_url: str) -> list[Json]:
    said = abstention_reason(answer)
    links = [
        f"• <{passage_url(base_url, p)}|{escaped(p.title).replace('|', '¦')}, {place(p.spans)}>"
        for p in answer.passages[:3]
    ]
    return [_section(said)] + ([_context("\n".join(links))] if links else [])


def _conflicts(answer: Answer) -> list[Json]:
    """Return what sources give differently, and the quotes that say otherwise."""
    blocks = [
        _section(f"*{disagreement()}.* {escaped(conflict_sides(each))}"[:_LONGEST])
        for each in answer.conflicts[:_MOST_CONFLICTS]
    ]
    for who, citation in other_sides(answer)[:_MOST_CONFLICTS]:
        blocks += [_section(f"{who}:\n{_quoted(citation)}"), _context(_where(citation))]
    return blocks


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}
