"""citewell: answers from a collection of reports, each sentence a verbatim quote.

The front door: the `citewell` command, and the public names, each loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.errors import (
        AccessError,
        BusyError,
        CitewellError,
        DamagedSnapshotError,
        FilterError,
        ForbiddenError,
        HostError,
        InputError,
        MismatchError,
        ModelError,
        NotFoundError,
        PasswordError,
        QuestionError,
        RateError,
        ReadError,
        SettingsError,
        SnapshotError,
        StoreError,
        UnsupportedError,
    )
    from eval.answers.answers import AnswersReport, AnswersRequest
    from eval.comparison.baseline import Baseline
    from eval.comparison.comparing import Comparison
    from eval.comparison.gating import Verdict
    from eval.data_sets.data_sets import BeirDataset
    from eval.data_sets.qrels import Qrel
    from eval.data_sets.runs import Run, ScoredDocument
    from eval.notebook import (
        baseline,
        compare,
        evaluate_answers,
        evaluate_retrieval,
        gate,
        measure,
        read_baseline,
        read_beir,
        read_qrels,
        read_run,
        read_topics,
        write_baseline,
        write_run,
    )
    from eval.retrieval.measures import Measured
    from eval.retrieval.retrieval_report import RetrievalReport, RetrievalRequest
    from eval.statistics.estimates import Resampling
    from eval.statistics.significance import SignificanceSettings
    from service.client.async_client import AsyncClient
    from service.client.client import Client
    from service.engine.engine import Engine
    from service.frameworks.haystack import HaystackRetriever as HaystackRetriever
    from service.frameworks.langchain import LangChainRetriever as LangChainRetriever
    from service.frameworks.llama_index import LlamaIndexRetriever as LlamaIndexRetriever
    from service.settings.environment import read_settings
    from service.settings.settings import Settings
    from service.values.answer import Answer, Citation, Passage, Search, Statement
    from service.values.request import Request

__all__ = [
    "AccessError",
    "Answer",
    "AnswersReport",
    "AnswersRequest",
    "AsyncClient",
    "Baseline",
    "BeirDataset",
    "BusyError",
    "Citation",
    "CitewellError",
    "Client",
    "Comparison",
    "DamagedSnapshotError",
    "Engine",
    "FilterError",
    "ForbiddenError",
    "HostError",
    "InputError",
    "Measured",
    "MismatchError",
    "ModelError",
    "NotFoundError",
    "Passage",
    "PasswordError",
    "Qrel",
    "QuestionError",
    "RateError",
    "ReadError",
    "Request",
    "Resampling",
    "RetrievalReport",
    "RetrievalRequest",
    "Run",
    "ScoredDocument",
    "Search",
    "Settings",
    "SettingsError",
    "SignificanceSettings",
    "SnapshotError",
    "Statement",
    "StoreError",
    "UnsupportedError",
    "Verdict",
    "baseline",
    "compare",
    "evaluate_answers",
    "evaluate_retrieval",
    "gate",
    "main",
    "measure",
    "read_baseline",
    "read_beir",
    "read_qrels",
    "read_run",
    "read_settings",
    "read_topics",
    "write_baseline",
    "write_run",
]

_HOMES = {
    "AccessError": "corpus.errors",
    "Answer": "service.values.answer",
    "AnswersReport": "eval.answers.answers",
    "AnswersRequest": "eval.answers.answers",
    "AsyncClient": "service.client.async_client",
    "Baseline": "eval.comparison.baseline",
    "BeirDataset": "eval.data_sets.data_sets",
    "BusyError": "corpus.errors",
    "Citation": "service.values.answer",
    "CitewellError": "corpus.errors",
    "Client": "service.client.client",
    "Comparison": "eval.comparison.comparing",
    "DamagedSnapshotError": "corpus.errors",
    "Engine": "service.engine.engine",
    "FilterError": "corpus.errors",
    "ForbiddenError": "corpus.errors",
    "HostError": "corpus.errors",
    "InputError": "corpus.errors",
    "Measured": "eval.retrieval.measures",
    "MismatchError": "corpus.errors",
    "ModelError": "corpus.errors",
    "NotFoundError": "corpus.errors",
    "Passage": "service.values.answer",
    "PasswordError": "corpus.errors",
    "Qrel": "eval.data_sets.qrels",
    "QuestionError": "corpus.errors",
    "RateError": "corpus.errors",
    "ReadError": "corpus.errors",
    "Request": "service.values.request",
    "Resampling": "eval.statistics.estimates",
    "RetrievalReport": "eval.retrieval.retrieval_report",
    "RetrievalRequest": "eval.retrieval.retrieval_report",
    "Run": "eval.data_sets.runs",
    "ScoredDocument": "eval.data_sets.runs",
    "Search": "service.values.answer",
    "Settings": "service.settings.settings",
    "SettingsError": "corpus.errors",
    "SignificanceSettings": "eval.statistics.significance",
    "SnapshotError": "corpus.errors",
    "Statement": "service.values.answer",
    "StoreError": "corpus.errors",
    "UnsupportedError": "corpus.errors",
    "Verdict": "eval.comparison.gating",
    "baseline": "eval.notebook",
    "compare": "eval.notebook",
    "evaluate_answers": "eval.notebook",
    "evaluate_retrieval": "eval.notebook",
    "gate": "eval.notebook",
    "measure": "eval.notebook",
    "read_baseline": "eval.notebook",
    "read_beir": "eval.notebook",
    "read_qrels": "eval.notebook",
    "read_run": "eval.notebook",
    "read_settings": "service.settings.environment",
    "read_topics": "eval.notebook",
    "write_baseline": "eval.notebook",
    "write_run": "eval.notebook",
}


# Each needs a framework that is an extra, so `from citewell import *` leaves them out.
_EXTRAS = {
    "HaystackRetriever": "service.frameworks.haystack",
    "LangChainRetriever": "service.frameworks.langchain",
    "LlamaIndexRetriever": "service.frameworks.llama_index",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name) or _EXTRAS.get(name)
    if home is None:
        raise AttributeError(f"module 'citewell' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_EXTRAS})


def main() -> None:
    """Run the `citewell` command."""
    from eval.cli.application import build_eval_app
    from service.cli.commands import build_app

    app = build_app()
    app.add_typer(build_eval_app(), name="eval")
    app()


if __name__ == "__main__":
    main()
