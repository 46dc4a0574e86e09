"""How well are scans read, and does the ledger's grade tell the good ones from the bad?

Pages of known words are printed, scanned by a scanner that spoils the image, and read.

    python -m benchmarks.fidelity.scans words --scans 20 --seed 1
    python -m benchmarks.fidelity.scans grades --scans 60 --seed 1000
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import PageQuality
from ingest.pipeline.page_quality import with_ledger
from ingest.readers.document.formats import PDF
from ingest.readers.document.reader import OcrMode, Reading
from ingest.readers.pdf.pdf import PdfReader
from ingest.text.languages import with_languages
from tests.ingest.scan_files import GOOD, Scanner, layered, prose, scan_of, word_error_rate

BAD = 0.10
"""A page with more wrong words than this is a bad one."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan: how it was made, the share of its words that were read wrongly, its quality."""

    kind: str
    error: float
    quality: PageQuality


def main() -> int:
    """Run a study and print what was found; exit 1 where a bound is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fidelity.scans", description=__doc__
    )
    parser.add_argument("study", choices=("words", "grades"))
    parser.add_argument("--scans", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    seeds = range(options.seed, options.seed + options.scans)
    if options.study == "words":
        errors = [read_scan(seed, GOOD).error for seed in seeds]
        found: dict[str, object] = {
            "scans": len(errors),
            "word_error_rate": round(sum(errors) / len(errors), 4),
            "worst": round(max(errors), 4),
        }
        missed = sum(errors) / len(errors) > 0.05
    else:
        scans = planted(seeds)
        found, missed = graded(scans), auroc(scans) < 0.9
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return int(missed)


def read_scan(seed: int, scanner: Scanner) -> Scan:
    """Return a scan that was read from its image."""
    lines = prose(seed)
    return _scan("image", scan_of(lines, seed, scanner), lines, "auto")


def read_layer(seed: int, wrong: float) -> Scan:
    """Return a scan of which a scanner's text was read, a share of its letters wrong."""
    lines = prose(seed)
    return _scan("layer", layered(lines, seed, wrong), lines, "off")


def planted(seeds: Sequence[int]) -> list[Scan]:
    """Return scans from clean to hopeless: half of them read from the image, half from a layer."""
    found: list[Scan] = []
    for seed in seeds:
        chance = random.Random(seed)
        if seed % 2:
            found.append(read_layer(seed, chance.choice((0.0, 0.002, 0.01, 0.03, 0.06, 0.12))))
            continue
        scanner = Scanner(
            dpi=chance.choice((120, 150, 200)),
            skew_degrees=chance.uniform(0, 3),
            noise=chance.uniform(5, 50),
            blur=chance.uniform(0.3, 1.3),
            specks=chance.choice((0.0, 0.0005, 0.002)),
            ink=chance.uniform(0.5, 1.0),
        )
        found.append(read_scan(seed, scanner))
    return found


def graded(scans: Sequence[Scan]) -> dict[str, object]:
    """Return how the grades stand to the shares of wrong words."""
    by_grade = {
        grade: [scan.error for scan in scans if scan.quality.grade == grade] for grade in "ABCD"
    }
    return {
        "scans": len(scans),
        "bad": sum(scan.error > BAD for scan in scans),
        "auroc": round(auroc(scans), 4),
        "auroc_of_those_with_text": round(
            auroc([scan for scan in scans if scan.quality.source != "none"]), 4
        ),
        "auroc_by_kind": {
            kind: round(auroc([scan for scan in scans if scan.kind == kind]), 4)
            for kind in sorted({scan.kind for scan in scans})
        },
        "mean_word_error_rate_by_grade": {
            grade: [len(errors), round(sum(errors) / len(errors), 4) if errors else None]
            for grade, errors in by_grade.items()
        },
        "each": [
            [
                scan.kind,
                round(scan.error, 3),
                scan.quality.grade,
                scan.quality.ocr_confidence,
                scan.quality.dictionary_share,
                scan.quality.garbled_share,
            ]
            for scan in sorted(scans, key=lambda scan: scan.error)
        ],
    }


def auroc(scans: Sequence[Scan]) -> float:
    """Return how often a bad page has a worse grade than a good one; an equal one counts half."""
    good = Counter(scan.quality.grade for scan in scans if scan.error <= BAD)
    bad = Counter(scan.quality.grade for scan in scans if scan.error > BAD)
    pairs = good.total() * bad.total()
    won = sum(
        times * others * (1.0 if worse > better else 0.5 if worse == better else 0.0)
        for worse, times in bad.items()
        for better, others in good.items()
    )
    return won / pairs if pairs else 1.0


def _scan(kind: str, content: bytes, lines: Sequence[str], ocr: OcrMode) -> Scan:
    reading = _read(content, ocr)
    page = reading.pages[0]
    return Scan(kind, word_error_rate(page.text, " ".join(lines)), page.quality)


def _read(content: bytes, ocr: OcrMode) -> Reading:
    found = PdfReader(ocr).read(content)
    named = Reading(pages=with_languages(found.pages), blocks=found.blocks, headings=found.headings)
    return with_ledger(named, content, media_type=PDF)


if __name__ == "__main__":
    sys.exit(main())
