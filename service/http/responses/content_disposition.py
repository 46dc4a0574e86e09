"""The name under which a browser saves a file."""

import mimetypes
import re
from urllib.parse import quote, unquote, urlsplit

from corpus.document import Document


def content_disposition(file_name: str, *, inline: bool) -> str:
    """Return the header's value: an ASCII name for all, the real one where it differs.

    >>> content_disposition("Procès d'Almaty.pdf", inline=True)
    'inline; filename="Proc_s d_Almaty.pdf"; filename*=UTF-8\\'\\'Proc%C3%A8s%20d%27Almaty.pdf'

    *Source:* RFC 6266, section 4 and appendix D; RFC 5987 for the encoding.
    """
    kind = "inline" if inline else "attachment"
    plain = re.sub(r"[^ A-Za-z0-9._()\-]", "_", file_name)
    if plain == file_name:
        return f'{kind}; filename="{plain}"'
    encoded = quote(file_name.encode("utf-8", "replace"), safe="")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def file_name(document: Document) -> str:
    """Return the last part of the document's source, or its id, with a suffix that fits."""
    source = document.source
    path = urlsplit(source).path if "://" in source else source.removeprefix("upload:")
    name = re.split(r"[\\/]", unquote(path) if "://" in source else path)[-1]
    name = "".join(c for c in name if c.isprintable()).strip(" .") or document.doc_id
    suffix = mimetypes.guess_extension(document.media_type) or ""
    return name if "." in name else name + suffix
