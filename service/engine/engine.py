"""One open collection: its store, its models and the snapshot that answers now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from corpus.closing import Closing
from corpus.errors import InputError, ModelError, NotFoundError, SnapshotError, StoreError
from corpus.stores.sql_store import SqlStore
from index.retrieval.explaining import Explanation
from index.snapshots.manifest import Manifest
from index.snapshots.publishing import current_aliases, current_id
from index.values.ports import Embedder, FloatMatrix
from service.access.opening import open_store
from service.answering.answering import ScoredAnswer
from service.answering.conversation import Turn, spelled_out
from service.answering.generation.generating import generated
from service.answering.generation.opening import open_generator
from service.auditing.recording import recorder_of
from service.citations.receipt_signing import PublicKey, SigningKey
from service.confidence.basis import ConfidenceBasis, basis_of
from service.engine.answerers import Answerers
from service.engine.answering_snapshot import AnsweringSnapshot
from service.finding.finding import FindRequest, find
from service.finding.related_passages import further_passages
from service.observing.observer import Observer, Watch
from service.receipts.replaying import Recipe, Replay, replay
from service.receipts.verifying import Documents, verify
from service.settings.models import Models
from service.settings.settings import Settings
from service.values.answer import Answer, Passage, Search, Statement
from service.values.find import Find
from service.values.request import (
    DEFAULT_REQUEST,
    Request,
    checked_budget,
    checked_max_wrong,
    checked_passages,
    checked_question,
)
from service.values.verification import VerificationReport


class Engine(Closing):
    """Answers questions from a home folder. Safe to call from several threads.

    The engine follows `CURRENT`: a question that comes after a snapshot was published is answered
    from that snapshot, one already under way from the snapshot it began with.
    """

    def __init__(self, settings: Settings, store: SqlStore, models: Models) -> None:
        self._settings = settings
        self._store = store
        self._models = models
        self._answering = AnsweringSnapshot(settings.layout, models.embedder)
        self._answerers = Answerers(settings, store, models, self._answering)
        self._signing_key: SigningKey | None = None
        self._generator = open_generator(settings)
        self.observer: Observer = recorder_of(settings)

    @classmethod
    def open(
        cls, settings: Settings, *, models: Models | None = None, read_only: bool = False
    ) -> Engine:
        """Open the collection; nothing is loaded before it is needed, see `warm`.

        `models` may be open already, and loading. `read_only` works in a home that cannot be
        written, and needs one that is not empty.
        Raises: StoreError, ModelError, SnapshotError.
        """
        if read_only and current_id(settings.layout) is None:
            raise _nothing_ingested(settings)
        store = open_store(settings, read_only=read_only)
        return cls(settings, store, models or Models.open(settings))

    @property
    def settings(self) -> Settings:
        """The settings it was opened with."""
        return self._settings

    @property
    def store(self) -> SqlStore:
        """The system of record."""
        return self._store

    @property
    def snapshot_id(self) -> str | None:
        """The id of the snapshot that answers now; None when nothing was ingested yet."""
        return self._answering.snapshot_id

    @property
    def open_snapshot(self) -> Manifest | None:
        """The manifest of the snapshot that is open; None before the first question."""
        return self._answering.opened

    @property
    def problem(self) -> str | None:
        """Why another snapshot answers than the one that should; None where none does."""
        return self._answering.problem

    @property
    def embedder(self) -> Embedder:
        """The embedder of the collection."""
        return self._models.embedder

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        """Return (n, dimensions) unit vectors. Raises: InputError for a text that is too long."""
        try:
            return self._models.embedder.embed_documents(texts)
        except ModelError as error:
            raise InputError(str(error)) from error

    @property
    def confidence_basis(self) -> ConfidenceBasis | None:
        """Where the confidence of an answer comes from; None without a fitted one."""
        return basis_of(self._models.fitting_confidence, self._settings.max_wrong)

    def warm(self) -> None:
        """Load models and snapshot now, side by side; returns when they are ready.

        Raises: SnapshotError when nothing was ingested yet, ModelError.
        """
        self._models.warm()
        self._answerers.current()
        self._models.ready()

    def check(self, question: str, request: Request = DEFAULT_REQUEST) -> str:
        """Return the question as it will be asked. Raises: QuestionError, InputError."""
        checked_passages(request.passages, most=self._settings.max_passages)
        checked_max_wrong(request.max_wrong)
        checked_budget(request.budget_ms)
        return checked_question(question, max_characters=self._settings.max_question_characters)

    def ask(
        self,
        question: str,
        request: Request = DEFAULT_REQUEST,
        on_passages: Callable[[tuple[Passage, ...]], None] | None = None,
        on_statement: Callable[[Statement], None] | None = None,
    ) -> Answer:
        """Return the answer. Raises: QuestionError, InputError, FilterError, SnapshotError.

        `on_passages` is told the passages as soon as they are found, before their sentences are
        read: the answer may have them in another order. `on_statement` is told the statements that
        a generator drafts, as each is proved.
        """
        return self.consider(question, request, on_passages, on_statement).answer

    def consider(
        self,
        question: str,
        request: Request = DEFAULT_REQUEST,
        on_passages: Callable[[tuple[Passage, ...]], None] | None = None,
        on_statement: Callable[[Statement], None] | None = None,
    ) -> ScoredAnswer:
        """Return the answer with the margin that its confidence is made of. Otherwise as `ask`."""
        watch = Watch()
        asked, request = self.check(question, request), self._budgeted(request)
        try:
            found = self._answerers.at(request).consider(asked, request, on_passages)
        except NotFoundError:  # a document was deleted between ranking and quoting
            found = self._answerers.at(request).consider(asked, request, on_passages)
        answer = found.answer
        if self._generator is not None and request.generate:
            answer = generated(answer, self._generator, on_statement)
        answer = self._signed(answer)
        self.observer.answered(answer, watch.took())
        return replace(found, answer=answer)

    def spelled_out(self, turns: Sequence[Turn]) -> str:
        """Return the last question of a conversation with what it leaves out, from those before."""
        names = current_aliases(self._settings.layout)
        return spelled_out([replace(turn, text=names.as_written(turn.text)) for turn in turns])

    def search(self, query: str, request: Request = DEFAULT_REQUEST) -> Search:
        """Return passages. Raises as `ask`."""
        watch = Watch()
        asked, request = self.check(query, request), self._budgeted(request)
        try:
            found = self._answerers.at(request).search(asked, request)
        except NotFoundError:  # as above
            found = self._answerers.at(request).search(asked, request)
        self.observer.searched(found, watch.took())
        return found

    def _budgeted(self, request: Request) -> Request:
        if request.budget_ms is not None:
            return request
        return replace(request, budget_ms=self._settings.budget_ms)

    def find(self, request: FindRequest, *, related: bool = False) -> Find:
        """Return every mention of the terms; with `related`, also passages that do not name them.

        Raises: QuestionError, InputError, FilterError; SnapshotError with `related`.
        """
        aliases, base_url = current_aliases(self._settings.layout), self._settings.base_url
        try:
            found = find(self._store, request, base_url=base_url, aliases=aliases)
        except NotFoundError:  # as above
            found = find(self._store, request, base_url=base_url, aliases=aliases)
        self.observer.found(request.terms)
        return further_passages(found, request, self._answerers.current()) if related else found

    def explain(
        self, question: str, passage_id: str, request: Request = DEFAULT_REQUEST
    ) -> Explanation:
        """Return why a passage stands where it does for a question, or does not.

        Raises: NotFoundError for a passage that there is not; else as `ask`.
        """
        return self._answerers.at(request).explain(
            self.check(question, request), passage_id, request
        )

    def verify(
        self, answer: Mapping[str, object], seen: Documents | None = None
    ) -> VerificationReport:
        """Check a saved answer's signature, and its citations against the store.

        `seen` is the part of the store that may be looked at. Raises: InputError.
        """
        return verify(answer, seen or self._store, self.public_keys())

    def public_keys(self) -> list[PublicKey]:
        """Return the keys that check what this collection signs; none where it cannot sign."""
        key = self._key()
        return [key.public] if key else []

    def replay(self, answer: Mapping[str, object], recipe: Recipe | None = None) -> Replay:
        """Ask a saved answer's question again, from its snapshot with its settings, and compare.

        `recipe` is the answer's own, where it is not another one: kept to some collections, say.
        Raises: InputError if it is no saved answer; NotFoundError if nothing is left of its
        snapshot, MismatchError if that was made with another embedder, SnapshotError.
        """
        return replay(answer, recipe or Recipe.of(answer), self)

    def ask_again(self, recipe: Recipe) -> Answer:
        """Return the answer to a recipe's question, from its snapshot with its settings."""
        asked = self.check(recipe.question, recipe.request)
        return self._answerers.of_recipe(recipe).answer(asked, recipe.request)

    def left_of(self, recipe: Recipe) -> list[str]:
        """Return what a recipe's snapshot held and the store has no more, a line a document."""
        return self._answerers.left_of(recipe)

    def close(self) -> None:
        """Release the store."""
        self._store.close()

    def _signed(self, answer: Answer) -> Answer:
        """Return the answer signed; as it is in a home that has no key and cannot be written."""
        key = self._key()
        return key.signed(answer) if key else answer

    def _key(self) -> SigningKey | None:
        if self._signing_key is None:
            with suppress(StoreError):
                self._signing_key = SigningKey.open(self._settings.layout.signing_key)
        return self._signing_key


def _nothing_ingested(settings: Settings) -> SnapshotError:
    return SnapshotError(
        f"Nothing is ingested in {settings.home.absolute()} yet. Begin with: citewell ingest PATH; "
        "or name the folder of another collection: --home FOLDER, or CITEWELL_HOME"
    )
