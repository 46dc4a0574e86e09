"""The versions of the readers, known without importing them; a change makes documents outdated."""

from ingest.readers.document.formats import FORMATS

VERSIONS = {each.media_type: each.version for each in FORMATS}
