"""What a sweep runs over: a BEIR folder, judged questions on a collection, a chunking benchmark."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from corpus.document import Page
from corpus.errors import InputError
from corpus.ids import DocId, Fingerprint, fingerprint_of
from corpus.stores.sql_store import SqlStore
from eval.answers.judged_answer import AnswerJudge, JudgedAnswer
from eval.chunking.choosing_chunkers import chunkers_named
from eval.chunking.chunker import Chunker
from eval.chunking.chunking_benchmark import ChunkingBenchmark
from eval.chunking.chunking_evaluation import ChunkingRequest, evaluate_chunking
from eval.data_sets.data_sets import BeirDataset
from eval.data_sets.entering import EnteringSettings
from eval.data_sets.runs import Run
from eval.question_sets.questions import QuestionFile
from eval.retrieval.measures import measure
from eval.retrieval.searched_corpus import searched_corpus
from eval.sweep.sweep import Values
from eval.sweep.sweep_file import Configuration
from eval.sweep.sweep_settings import SweptSettings
from eval.sweep.swept_models import SweptModels
from index.retrieval.retrieving import Retriever
from index.snapshots.publishing import current_id, snapshot_folder
from index.snapshots.snapshot import Snapshot
from service.answering.answering import GENERATOR, Answerer
from service.citations.citing import Citer
from service.cli.step_bar import OnStep
from service.settings.models import Models
from service.values.request import Request

VERSION = 1


@dataclass(frozen=True, slots=True)
class BeirTarget:
    """Retrieval on a BEIR folder, as `eval retrieval` measures it."""

    dataset: BeirDataset
    measures: tuple[str, ...]
    models: SweptModels
    limit: int | None = None

    @property
    def data(self) -> Mapping[str, object]:
        """The data set, its split and checksums."""
        dataset = self.dataset
        return {
            "name": dataset.name,
            "split": dataset.split,
            "limit": self.limit,
            "sha256": dict(dataset.sha256),
        }

    def fingerprint(self, configuration: Configuration) -> Fingerprint:
        """Return it over data, measures, settings and models."""
        swept = configuration.settings
        models = self.models.of(swept)
        return _fingerprint(
            self.data,
            models,
            {
                "measures": self.measures,
                "entering": self._entering(swept, models).fingerprint,
                **_retrieval(swept, "hybrid", rerank=True),
                "snapshot": swept.snapshot.to_json(),
                "depth": swept.number("depth", 100),
            },
        )

    def run(self, configuration: Configuration, on_step: OnStep) -> Values:
        """Return each query's measures."""
        swept = configuration.settings
        mode, rerank = swept.mode or "hybrid", swept.flag("rerank", default=True)
        queries = self.dataset.queries[: self.limit]
        rankings = {}
        with (
            self.models.cached(swept) as models,
            searched_corpus(
                self.dataset,
                self._entering(swept, models),
                models,
                self.models.work,
                on_step,
                retrieval=swept.retrieval,
                snapshot_settings=swept.snapshot,
            ) as corpus,
        ):
            for number, query in enumerate(queries, start=1):
                depth = swept.number("depth", 100)
                rankings[query.query_id] = corpus.documents(
                    query.text, depth=depth, mode=mode, rerank=rerank
                )
                on_step("queries", number, len(queries))
        qrels = [qrel for qrel in self.dataset.qrels if qrel.query_id in rankings]
        return measure(Run(rankings), qrels, self.measures).values

    def _entering(self, swept: SweptSettings, models: Models) -> EnteringSettings:
        cutting = swept.text("cutting", "whole")
        chunking = self.models.chunking(swept, models)
        return EnteringSettings(chunking, "chunked" if cutting == "chunked" else "whole")


@dataclass(frozen=True, slots=True)
class QuestionsTarget:
    """Answers of the configured home's current snapshot, as `eval answers` judges them."""

    file: QuestionFile
    models: SweptModels
    collection: str | None = None
    limit: int | None = None

    @property
    def data(self) -> Mapping[str, object]:
        """The questions and the snapshot that answers."""
        return {
            "name": self.file.name,
            "field": self.file.field,
            "sha256": self.file.sha256,
            "collection": self.collection,
            "limit": self.limit,
            "snapshot": current_id(self.models.settings.layout),
        }

    def fingerprint(self, configuration: Configuration) -> Fingerprint:
        """Return it over questions, snapshot, settings and models."""
        swept = configuration.settings
        answering = {"answering": asdict(swept.answering), "generator": GENERATOR}
        settings = {**_retrieval(swept, "hybrid", rerank=True), **answering}
        return _fingerprint(self.data, self.models.of(swept), settings)

    def run(self, configuration: Configuration, on_step: OnStep) -> Values:
        """Return each question's measures: those on evidence of the answerable ones."""
        swept, settings = configuration.settings, self.models.settings
        filters = (f"collection={self.collection}",) if self.collection else ()
        rerank = swept.flag("rerank", default=True)
        request = Request(filters=filters, mode=swept.mode or "hybrid", rerank=rerank)
        questions = self.file.questions[: self.limit]
        judged: list[JudgedAnswer] = []
        with (
            self.models.cached(swept) as models,
            SqlStore.open(settings.store_url, read_only=True) as store,
        ):
            pages: dict[str, Mapping[int, Page]] = {}

            def pages_of(doc_id: str) -> Mapping[int, Page]:
                if doc_id not in pages:
                    pages[doc_id] = store.pages(DocId(doc_id))
                return pages[doc_id]

            judge, answerer = AnswerJudge(pages_of), self._answerer(swept, models, store)
            for number, question in enumerate(questions, start=1):
                judged.append(judge.judge(question, answerer.answer(question.text, request)))
                on_step("questions", number, len(questions))
        return _answer_values(judged)

    def _answerer(self, swept: SweptSettings, models: Models, store: SqlStore) -> Answerer:
        settings = self.models.settings
        snapshot_id = current_id(settings.layout)
        if snapshot_id is None:
            raise InputError(f"Nothing is ingested in {settings.home}; ingest before a sweep.")
        snapshot = Snapshot.open(
            snapshot_folder(settings.layout, snapshot_id), embedder=models.embedder.fingerprint
        )
        return Answerer(
            Retriever(snapshot, store, models.embedder, models.reranker, swept.retrieval),
            store,
            Citer(store, settings.base_url),
            snapshot_id,
            models.embedder.name,
            models.reranker,
            swept.answering,
            models.fitting_confidence,
        )


@dataclass(frozen=True, slots=True)
class ChunkingTarget:
    """A chunking benchmark, as `eval chunking` measures it; one chunker a configuration."""

    benchmark: ChunkingBenchmark
    models: SweptModels
    limit: int | None = None

    @property
    def data(self) -> Mapping[str, object]:
        """The benchmark's checksums."""
        sha256 = dict(self.benchmark.sha256)
        return {"name": self.benchmark.name, "limit": self.limit, "sha256": sha256}

    def fingerprint(self, configuration: Configuration) -> Fingerprint:
        """Return it over data, chunker, settings and models."""
        swept = configuration.settings
        models = self.models.of(swept)
        (chunker,) = self._chunkers(swept, models)
        return _fingerprint(
            self.data,
            models,
            {
                "chunker": chunker.name,
                "chunking": dict(chunker.settings),
                "request": asdict(self._request(swept)),
            },
        )

    def run(self, configuration: Configuration, on_step: OnStep) -> Values:
        """Return each question's recall, precision, PrecisionΩ and IoU."""
        swept = configuration.settings
        with self.models.cached(swept) as models:
            report = evaluate_chunking(
                self.benchmark,
                self._chunkers(swept, models),
                self._request(swept),
                models,
                self.models.work,
                on_step,
            )
        ids = [question.question_id for question in report.questions]
        values = report.results[0].values
        return {name: dict(zip(ids, each, strict=True)) for name, each in values.items()}

    def _chunkers(self, swept: SweptSettings, models: Models) -> list[Chunker]:
        size = self.models.chunking(swept, models).chunk_tokens
        name = swept.text("chunker", "own")
        return chunkers_named([name], models.embedder.tokenizer, chunk_tokens=size)

    def _request(self, swept: SweptSettings) -> ChunkingRequest:
        return ChunkingRequest(
            top_k=swept.number("top_k", 5),
            mode=swept.mode or "dense",
            rerank=swept.flag("rerank", default=False),
            limit=self.limit,
            retrieval=swept.retrieval,
            snapshot=swept.snapshot,
        )


def _retrieval(swept: SweptSettings, mode: str, *, rerank: bool) -> dict[str, object]:
    return {
        "mode": swept.mode or mode,
        "rerank": swept.flag("rerank", default=rerank),
        "retrieval": asdict(swept.retrieval),
    }


def _fingerprint(
    data: Mapping[str, object], models: Models, settings: Mapping[str, object]
) -> Fingerprint:
    return fingerprint_of(
        {
            "version": VERSION,
            "data": dict(data),
            "embedder": models.embedder.fingerprint,
            "reranker": models.reranker.fingerprint if models.reranker else None,
            "confidence": models.confidence.fingerprint if models.confidence else None,
            "settings": dict(settings),
        }
    )


def _answer_values(judged: list[JudgedAnswer]) -> Values:
    answerable = [each for each in judged if each.question.answerable]
    ids = [each.question.question_id for each in answerable]
    columns = {
        "success@1": [each.success_1 for each in answerable],
        "success@3": [each.success_3 for each in answerable],
        "citation_precision": [each.precision for each in answerable],
        "citation_recall": [each.recall for each in answerable],
    }
    values = {name: dict(zip(ids, column, strict=True)) for name, column in columns.items()}
    values["decided_right"] = {
        each.question.question_id: float(each.abstained != each.question.answerable)
        for each in judged
    }
    return {name: each for name, each in values.items() if each}
