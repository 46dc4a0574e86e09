"""The progress of an ingest: sources read, texts embedded, and what was rejected."""

from service.cli.printing import printable
from service.cli.step_bar import StepBar
from service.collection.ingest_report import Progress


class IngestBar(StepBar):
    """Two bars, and a line for each source that is rejected. A context manager."""

    def draw(self, progress: Progress) -> None:
        """Draw one step."""
        if progress.step == "waiting":
            self.say("Another ingest is running in this home; waiting for it.")
            return
        self.show("reading", progress.sources_done, progress.sources_total)
        self.show("embedding", progress.texts_done, progress.texts_total)
        if progress.latest and progress.latest.status == "rejected":
            source = printable(progress.latest.source)
            self.say(f"rejected {source}: {progress.latest.reason}", style="yellow")
