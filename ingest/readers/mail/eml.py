"""E-mail as it was sent (RFC 5322), by the standard library."""

import email
import email.policy
from email.message import EmailMessage

from corpus.errors import ReadError
from ingest.readers.document.formats import EML
from ingest.readers.document.reader import Reading
from ingest.readers.document.versions import VERSIONS
from ingest.readers.guards.nesting import MESSAGE_TOO_DEEP
from ingest.readers.mail.mail import Mail, reading_of_mail

_HEADS = ("from", "to", "subject", "date", "message-id", "received", "return-path")


class EmlReader:
    """Reads a message. Its attachments are documents of their own (see
    `ingest.sources.unpacking`)."""

    media_type = EML
    version = VERSIONS[media_type]

    def read(self, content: bytes, *, password: str | None = None) -> Reading:  # noqa: ARG002
        """Return the message's head and text as pages. Raises: ReadError if it has neither."""
        message = open_message(content)
        try:
            return reading_of_mail(
                Mail(
                    subject=str(message["subject"] or ""),
                    sender=str(message["from"] or ""),
                    recipients=str(message["to"] or ""),
                    date=str(message["date"] or ""),
                    text=_body(message, "plain"),
                    html=_body(message, "html"),
                )
            )
        except Exception as error:
            raise ReadError(
                f"A message that is damaged ({type(error).__name__}: {error}). "
                "Expected one that a mail program opens; save it again."
            ) from error


def open_message(content: bytes) -> EmailMessage:
    """Return the parsed message. Raises: ReadError if it has no head of a message."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        named = [name for name in _HEADS if message[name] is not None]
    except RecursionError as error:
        raise ReadError(MESSAGE_TOO_DEEP) from error
    except Exception as error:
        raise ReadError(
            f"A message that cannot be read ({type(error).__name__}: {error}). Save it again."
        ) from error
    if not isinstance(message, EmailMessage) or not named:
        raise ReadError(
            "A file that is no message: it has none of From, To, Subject and Date. "
            "Expected a message saved from a mail program."
        )
    return message


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("latin-1")
