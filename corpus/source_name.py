"""The name of a source without the folders of the machine that it was ingested on."""

import re
from urllib.parse import urlsplit, urlunsplit

_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|file:")
# Folders in a message, up to the last one; a colon or a letter before them is an address's.
_FOLDERS = re.compile(r"""(?<![\w.:/])/(?:[^/\s'"“”,;:]+/)+(?=[^/\s])""")


def source_name(source: str) -> str:
    """Return what may be shown to everyone who may read the document.

    Of a path that is its last part; an address loses name and password; what a sender named stays.

    >>> source_name("/srv/reports/2019/annual.pdf")
    'annual.pdf'
    >>> source_name("/srv/reports.zip!/2019/annual.pdf")
    'reports.zip!/2019/annual.pdf'
    >>> source_name("https://example.org/a/annual.pdf"), source_name("upload:iscm/annual.pdf")
    ('https://example.org/a/annual.pdf', 'upload:iscm/annual.pdf')
    """
    if source.lower().startswith(("http://", "https://")):
        return _without_password(source)
    if not _ABSOLUTE.match(source):
        return source
    container, member, inner = source.partition("!/")
    return (re.split(r"[/\\]", container.rstrip("/\\"))[-1] or "document") + member + inner


def without_folders(message: str) -> str:
    """Return a message in which absolute paths are named by their last part.

    >>> without_folders("/srv/home/store.sqlite: disk image is malformed (https://a.org/b/c)")
    'store.sqlite: disk image is malformed (https://a.org/b/c)'
    """
    return _FOLDERS.sub("", message)


def _without_password(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
