"""The versions of the readers, known without importing them; a change makes documents outdated."""

VERSIONS = {
    "application/pdf": "1",
    "text/plain": "1",
    "text/markdown": "1",
    "text/html": "1",
}
