"""A message's own text: who wrote what to whom, as one document."""

import email.utils
from dataclasses import dataclass

from ingest.readers.document.draft import Draft
from ingest.readers.document.reader import Reading
from ingest.readers.html.html import pieces_of_html


@dataclass(frozen=True, slots=True)
class Mail:
    """A message without its attachments."""

    subject: str
    sender: str
    recipients: str
    date: str
    text: str = ""
    html: str = ""


def reading_of_mail(mail: Mail) -> Reading:
    """Return the message as pages: its head, then its text, else its HTML as text."""
    draft = Draft(by_section=True)
    draft.heading(1, mail.subject or "Message without a subject")
    head = {"From": mail.sender, "To": mail.recipients, "Date": mail.date}
    draft.paragraph("\n".join(f"{name}: {value}" for name, value in head.items() if value))
    if mail.text.strip():
        for paragraph in mail.text.replace("\r\n", "\n").split("\n\n"):
            draft.paragraph(paragraph)
    else:
        for piece in pieces_of_html(mail.html.encode("utf-8", "replace")):
            draft.paragraph(piece.text)
    said = {"from": mail.sender, "to": mail.recipients}
    return Reading(
        pages=draft.pages(),
        headings=draft.headings,
        title=" ".join(mail.subject.split()) or None,
        publisher=" ".join(mail.sender.split()) or None,
        date=_iso(mail.date),
        metadata={name: " ".join(value.split()) for name, value in said.items() if value},
    )


def _iso(date: str) -> str | None:
    """Return an ISO date of a mail's `Date:` line, in the zone of its writer."""
    try:
        return email.utils.parsedate_to_datetime(date).date().isoformat()
    except (TypeError, ValueError, OverflowError):
        return None
