"""WebVTT subtitles to one page of text."""

from ingest.readers.document.reader import Reading
from ingest.readers.text.decoding import decode
from ingest.readers.text.text import pages_of


class VttReader:
    """Reads subtitles; the times are left out."""

    media_type = "text/vtt"
    version = "1"

    def read(self, content: bytes, *, password: str | None = None) -> Reading:
        """Return the spoken lines as one page. Raises: ReadError."""
        text, doubt = decode(content)
        spoken = [line for line in text.splitlines()[1:] if line and "-->" not in line]
        return Reading(pages=pages_of("\n".join(spoken) + "\n", doubt))
