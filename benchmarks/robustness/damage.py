"""Homes and bundles that are damaged: does doctor find what changes an answer or a proof?

    python -m benchmarks.robustness.damage [--homes 200] [--seed 1]

Each home is a copy of one with two documents, in which a file of the store, the vectors or a
snapshot has a bit flipped, a page overwritten, or its end cut off. It is then asked three
questions, and its pages and stored files are compared with the whole home's. Every fifth is a
bundle instead: it must be refused, or give the whole home's answers. Prints a line for each kind
of file; exit 1 if any was missed. The embedder and the reader are those for tests.
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from corpus.errors import CitewellError
from service.access.opening import open_store
from service.collection.bundling import export_bundle
from service.collection.importing import import_bundle
from service.collection.ingest_report import IngestRequest
from service.collection.publishing import publish
from service.engine.engine import Engine
from service.examining.examining import examine
from service.settings.settings import Settings
from tests.ingest.pdf_files import pdf_of
from tests.service.small_collection import settings_of

QUESTIONS = (
    "How many members had the Northern Forum?",
    "When did the Quokka Council begin?",
    "Who hosts the Rabat Process?",
)
PAGE_BYTES = 4096
BUNDLE = "bundle"
_HASHED = 32  # letters in the names of the lexical index


def whole_home(folder: Path) -> Settings:
    """Return a home with two documents, and its bundle beside it."""
    lines = [f"The Northern Forum had {number} members in that year." for number in range(40)]
    (folder / "report.pdf").write_bytes(pdf_of([lines, lines[:7]]))
    (folder / "notes.txt").write_text("The Quokka Council began in 2004.\n" * 300)
    settings = settings_of(folder / "home")
    publish(IngestRequest([str(folder / "report.pdf"), str(folder / "notes.txt")]), settings)
    export_bundle(folder / "bundle.zip", settings)
    return settings


def seen_of(settings: Settings) -> object:
    """Return what answers and proofs a home gives; None where it gives none."""
    try:
        with open_store(settings, read_only=True) as store:
            held = [
                (document.doc_id, store.content(document.doc_id), store.pages(document.doc_id))
                for document in store.documents()
            ]
        with Engine.open(settings) as engine:
            answers = [engine.ask(question) for question in QUESTIONS]
    except CitewellError:
        return None
    proofs = [
        (each.status, [(c.quote, c.document_sha256) for c in each.citations]) for each in answers
    ]
    return [(doc_id, content, sorted(pages.items())) for doc_id, content, pages in held], proofs


def damaged(rng: random.Random, content: bytes) -> bytes:
    """Return content with a bit flipped, a page overwritten, or its end cut off."""
    if not content:
        return b"\0"
    place, kind = rng.randrange(len(content)), rng.choice(("bit", "page", "cut"))
    if kind == "bit":
        return (
            content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]
        )
    if kind == "cut":
        return content[:place]
    start = place - place % PAGE_BYTES
    size = min(PAGE_BYTES, len(content) - start)
    return content[:start] + rng.randbytes(size) + content[start + size :]


def damage_home(
    rng: random.Random, whole: Settings, folder: Path, expected: object
) -> tuple[str, str]:
    """Damage a copy of the home; return which file, and what came of it."""
    shutil.copytree(whole.home, folder / "home")
    settings = settings_of(folder / "home")
    files = sorted(each for each in settings.home.rglob("*") if each.is_file())
    files = [each for each in files if each.suffix not in {".lock", ".pem"}]
    file = rng.choice(files)
    file.write_bytes(damaged(rng, file.read_bytes()))
    name = f"*{file.suffix}" if len(file.stem) == _HASHED else file.name
    try:
        found = any(not each.ok for each in examine(settings))
    except CitewellError:
        found = True
    if found:
        return name, "found"
    return name, "harmless" if seen_of(settings) == expected else "missed"


def damage_bundle(
    rng: random.Random, bundle: Path, folder: Path, expected: object
) -> tuple[str, str]:
    """Damage a copy of the bundle and import it; return what came of it."""
    copy = folder / "bundle.zip"
    copy.write_bytes(damaged(rng, bundle.read_bytes()))
    settings = settings_of(folder / "home")
    try:
        import_bundle(copy, settings)
    except CitewellError:
        return BUNDLE, "found"
    return BUNDLE, "harmless" if seen_of(settings) == expected else "missed"


def study(homes: int, seed: int, folder: Path) -> Counter[tuple[str, str]]:
    """Damage so many homes and bundles; return how often what came of damage to which file."""
    rng, counts = random.Random(seed), Counter[tuple[str, str]]()
    whole = whole_home(folder)
    expected = seen_of(whole)
    for number in range(homes):
        own = folder / str(number)
        own.mkdir()
        if number % 5 == 4:
            counts[damage_bundle(rng, folder / "bundle.zip", own, expected)] += 1
        else:
            counts[damage_home(rng, whole, own, expected)] += 1
        shutil.rmtree(own)
    return counts


def main() -> int:
    """Run the study."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--homes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        counts = study(given.homes, given.seed, Path(name))
    for (file, outcome), count in sorted(counts.items()):
        sys.stdout.write(f"{file:24} {outcome:9} {count}\n")
    return int(any(outcome == "missed" for _, outcome in counts))


if __name__ == "__main__":
    sys.exit(main())
