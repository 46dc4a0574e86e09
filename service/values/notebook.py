"""How an answer and passages look in a notebook: HTML, all of it escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.values.answer import Answer, Citation, Search, Span


def answer_html(answer: Answer) -> str:
    """Return an answer: its status and confidence, its statements, and where each one stands."""
    sure = "" if answer.confidence is None else f", {answer.confidence:.0%} likely"
    reason = f": {escape(answer.reason.replace('_', ' '))}" if answer.reason else ""
    urls = {citation.number: citation.url for citation in answer.citations}
    said = " ".join(
        escape(statement.text)
        + "".join(f" {_link(urls.get(n, ''), f'[{n}]')}" for n in statement.citations)
        for statement in answer.statements
    )
    return (
        f"<p><b>{escape(answer.question)}</b><br><small>{answer.status}{reason}{sure}</small></p>"
        f"<p>{said or escape(answer.answer)}</p>"
        f"<ol>{''.join(_citation_item(citation) for citation in answer.citations)}</ol>"
    )


def search_html(search: Search) -> str:
    """Return passages, best first, each with where it stands."""
    items = "".join(
        f"<li>{escape(passage.title)}, {_pages(passage.spans)}"
        f"<blockquote>{escape(' '.join(passage.text.split()))}</blockquote></li>"
        for passage in search.passages
    )
    return f"<p><b>{escape(search.query)}</b></p><ol>{items}</ol>"


def _citation_item(citation: Citation) -> str:
    where = _link(citation.url, f"{citation.title}, {_pages(citation.spans)}")
    quote = escape(" ".join(citation.quote.split()))
    return f'<li value="{citation.number}">{where}<blockquote>“{quote}”</blockquote></li>'


def _pages(spans: Sequence[Span]) -> str:
    return "page " + " and ".join(dict.fromkeys(str(span.page) for span in spans))


def _link(url: str, text: str) -> str:
    """Return a link that a click follows; the text alone for what is no web address."""
    if not url.startswith(("http://", "https://")):
        return escape(text)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener">{escape(text)}</a>'
