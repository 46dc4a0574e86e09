"""The progress of an ingest, drawn on stderr while it runs."""

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import (
    Progress as RichProgress,
)
from rich.progress import Task as RichTask
from rich.text import Text

from service.ingest_report import Progress
from service.printing import printable


class _Rate(ProgressColumn):
    """Units a second."""

    def render(self, task: RichTask) -> Text:
        """Return the speed, blank while unknown."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


class IngestBar:
    """Two bars: sources read, texts embedded; with rate and time left. A context manager."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True)
        self._bar = RichProgress(
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet,
        )
        self._reading = self._bar.add_task("reading", total=None)
        self._embedding = self._bar.add_task("embedding", total=None)

    def __enter__(self) -> "IngestBar":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Draw one step."""
        if progress.step == "waiting":
            self._console.print("Another ingest is running in this home; waiting for it.")
            return
        self._bar.update(
            self._reading, completed=progress.sources_done, total=progress.sources_total
        )
        self._bar.update(self._embedding, completed=progress.texts_done, total=progress.texts_total)
        if progress.latest and progress.latest.status == "rejected":
            latest = progress.latest
            self._console.print(
                f"rejected {printable(latest.source)}: {latest.reason}",
                style="yellow",
                markup=False,
            )
