"""Stores in files, and processes that write them."""

import subprocess
import sys
from pathlib import Path

from corpus.ids import DocId
from corpus.stores.sql_store import SqlStore
from tests.contract.store_examples import a_document, chunks_of, pages_of

ROOT = Path(__file__).parents[2]

# Adds the same document again and again, each time with another word; says each when it is kept.
REWRITER = """
import sys
from dataclasses import replace
from corpus.stores.sql_store import SqlStore
from tests.contract.store_examples import a_document, chunks_of, pages_of
with SqlStore.open(sys.argv[1]) as store:
    for version in range(1000):
        document = replace(a_document(), title=str(version))
        words = [f"{version} of page {page}" for page in range(400)]
        chunks = chunks_of(document, words)
        store.add(document, str(version).encode(), pages_of(words), chunks)
        print(version, flush=True)
"""


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.sqlite'}"


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def add(store: SqlStore, name: str, words: list[str]) -> DocId:
    document = a_document(name)
    store.add(document, name.encode(), pages_of(words), chunks_of(document, words))
    return document.doc_id
