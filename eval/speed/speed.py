"""How fast and how small: cold start, ingest, questions under load, memory, index. The main path.

Each time is measured in turn with reference work on the same machine and given as its multiple
too: `…_over_reference` says the same on a machine that is busy.
"""

import json
import statistics
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from corpus.home import Home
from corpus.stores.sql_store import SqlStore
from eval.figures.machine import machine
from eval.speed.speed_load import PERCENTILES, ask_all
from eval.speed.speed_process import citewell, served
from eval.speed.speed_reference import (
    embed_chunks_s,
    embed_questions_ms,
    import_sentence_transformers,
)
from index.snapshots.publishing import current_id
from service.cli.step_bar import OnStep
from service.settings.models import Models
from service.settings.settings import Settings

_REFERENCE_QUESTIONS = 20


@dataclass(frozen=True, slots=True)
class SpeedRequest:
    """What to measure: `questions` are asked in turn, `requests` of them at each concurrency.

    `sources` are ingested afresh, `rounds` times; without any, the settings' home is measured as
    it is and ingest is not. Cold starts are repeated `rounds` times too, after one that warms the
    file cache.
    """

    questions: tuple[str, ...]
    sources: tuple[Path, ...] = ()
    rounds: int = 3
    requests: int = 100
    concurrency: tuple[int, ...] = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Figures by name, the unit at the end of the name; what they were measured on."""

    figures: Mapping[str, float]
    settings: Mapping[str, object]
    data: Mapping[str, object]
    machine: str = field(default_factory=machine)

    def as_json(self) -> dict[str, object]:
        """Return `{"figures", "settings", "data", "machine"}`."""
        return {
            "figures": dict(self.figures),
            "settings": dict(self.settings),
            "data": dict(self.data),
            "machine": self.machine,
        }


def measure_speed(
    request: SpeedRequest, settings: Settings, on_step: OnStep = lambda *_: None
) -> SpeedReport:
    """Return the figures. Processes that it starts are its own and have ended when it returns.

    Raises: CitewellError where one of them fails, StoreError, ModelError.
    """
    with tempfile.TemporaryDirectory(prefix="citewell-speed-") as folder:
        figures: dict[str, float] = {}
        home = settings.home.absolute()
        if request.sources:
            home = Path(folder) / "home-0"
            figures |= measure_ingest(request, settings, Path(folder), on_step)
        figures |= measure_cold(request, home, on_step)
        figures |= measure_serving(request, settings, home, on_step)
        figures |= dict(_sizes(home))
        data = _data(home, request)
    return SpeedReport(figures, _settings(request, settings), data)


def measure_ingest(
    request: SpeedRequest, settings: Settings, folder: Path, on_step: OnStep
) -> dict[str, float]:
    """Return fresh ingests beside embedding alone, and the same again; homes stay in `folder`."""
    words = ["ingest", *(str(source.absolute()) for source in request.sources), "--json"]
    first, again, alone, peaks = [], [], [], []
    pages = chunks = 0
    for number in range(request.rounds):
        home = folder / f"home-{number}"
        ended = citewell(home, *words)
        done = json.loads(ended.out)["documents"]
        pages = sum(each["pages"] or 0 for each in done)
        chunks = sum(each["chunks"] or 0 for each in done)
        first.append(ended.wall_s)
        peaks.append(ended.peak_bytes)
        alone.append(embed_chunks_s(settings, home))
        again.append(citewell(home, *words).wall_s)
        on_step("ingest", number + 1, request.rounds)
    taken = statistics.median(first)
    return {
        "ingest_s": taken,
        "ingest_reference_s": statistics.median(alone),
        "ingest_over_reference": _ratio(first, alone),
        "ingest_pages_per_s": pages / taken,
        "ingest_passages_per_s": chunks / taken,
        "ingest_again_s": statistics.median(again),
        "ingest_peak_bytes": max(peaks),
    }


def measure_cold(request: SpeedRequest, home: Path, on_step: OnStep) -> dict[str, float]:
    """Return a cold question, and the help, beside importing sentence-transformers."""
    asked, imported, cpu, helped = [], [], [], []
    for number in range(request.rounds + 1):
        question = request.questions[number % len(request.questions)]
        ended = citewell(home, "ask", question, "--json")
        shown = citewell(home, "--help")
        reference = import_sentence_transformers(home)
        on_step("cold starts", number, request.rounds)
        if number:
            asked.append(ended.wall_s)
            cpu.append(ended.cpu_s)
            helped.append(shown.cpu_s)
            imported.append(reference.wall_s)
    return {
        "cold_ask_s": statistics.median(asked),
        "cold_ask_cpu_s": statistics.median(cpu),
        "cold_ask_reference_s": statistics.median(imported),
        "cold_ask_over_reference": _ratio(asked, imported),
        "help_cpu_s": statistics.median(helped),
    }


def measure_serving(
    request: SpeedRequest, settings: Settings, home: Path, on_step: OnStep
) -> dict[str, float]:
    """Return questions to a server of the home at each concurrency, beside embedding one."""
    single = settings.model_copy(update={"threads": 1, "reranker": "none"})
    embedder = Models.open(single).embedder
    embedder.embed_queries(["warm"])
    waiting = cycle(request.questions)
    figures: dict[str, float] = {}
    with served(home) as server:
        ask_all(server, list(islice(waiting, 3)), clients=1)  # the first questions warm it
        for number, clients in enumerate(request.concurrency, start=1):
            questions = list(islice(waiting, request.requests))
            before = embed_questions_ms(embedder, questions[:_REFERENCE_QUESTIONS])
            load = ask_all(server, questions, clients=clients)
            after = embed_questions_ms(embedder, questions[:_REFERENCE_QUESTIONS])
            reference = (before + after) / 2
            name = f"ask_{clients}_clients"
            figures |= {f"{name}_p{p}_ms": load.percentile_ms(p) for p in PERCENTILES}
            figures |= {
                f"{name}_reference_ms": reference,
                f"{name}_p50_over_reference": load.percentile_ms(50) / reference,
                f"{name}_questions_per_s": load.questions_a_second,
                f"{name}_failed": load.failed,
            }
            on_step("concurrency", number, len(request.concurrency))
    return figures | {"serving_peak_bytes": server.peak_bytes}


def _sizes(home: Path) -> Iterator[tuple[str, float]]:
    layout = Home(home)
    current = layout.snapshots / (current_id(layout) or "")
    yield "index_bytes", _size(current)
    yield "store_bytes", sum(_size(file) for file in home.glob("store.sqlite*"))
    yield "vector_cache_bytes", sum(_size(file) for file in home.glob(f"{layout.vectors.name}*"))


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _ratio(times: Sequence[float], references: Sequence[float]) -> float:
    """Return the median of each time by the reference that was measured next to it."""
    return statistics.median(a / b for a, b in zip(times, references, strict=True))


def _data(home: Path, request: SpeedRequest) -> dict[str, object]:
    with SqlStore.open(Home(home).store_url, read_only=True) as store:
        documents = store.documents()
        chunks = len(store.current_chunk_ids())
    return {
        "documents": len(documents),
        "pages": sum(document.pages for document in documents),
        "passages": chunks,
        "questions": len(request.questions),
    }


def _settings(request: SpeedRequest, settings: Settings) -> dict[str, object]:
    return {
        "rounds": request.rounds,
        "requests": request.requests,
        "concurrency": list(request.concurrency),
        "embedder": settings.embedder,
        "reranker": settings.reranker,
        "threads": settings.threads,
        "chunk_tokens": settings.chunk_tokens,
    }
