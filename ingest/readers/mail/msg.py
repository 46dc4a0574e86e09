"""Outlook messages, by python-oxmsg."""

import io

from corpus.errors import ReadError
from ingest.readers.document.formats import MSG
from ingest.readers.document.reader import Reading
from ingest.readers.document.versions import VERSIONS
from ingest.readers.mail.mail import Mail, reading_of_mail


class MsgReader:
    """Reads a message. Its attachments are documents of their own (see
    `ingest.sources.unpacking`)."""

    media_type = MSG
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the message's head and text as pages. Raises: ReadError."""
        from oxmsg import Message

        try:
            message = Message.load(io.BytesIO(content))
            heads = {name.lower(): value for name, value in message.message_headers.items()}
            sent = message.sent_date
            recipients = [f"{r.name} <{r.email_address}>" for r in message.recipients]
            mail = Mail(
                subject=message.subject or "",
                sender=message.sender or "",
                recipients=heads.get("to") or ", ".join(recipients),
                date=heads.get("date")
                or (sent.strftime("%a, %d %b %Y %H:%M:%S %z") if sent else ""),
                text=message.body or "",
                html=message.html_body or "",
            )
            return reading_of_mail(mail)
        except Exception as error:
            raise ReadError(
                f"An Outlook message that is damaged ({type(error).__name__}: {error}). "
                "Expected a file that Outlook opens; save it again."
            ) from error
