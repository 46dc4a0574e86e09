"""Opening traces, which need an extra; with the reason where it is not installed."""

from typing import TYPE_CHECKING

from corpus.errors import SettingsError

if TYPE_CHECKING:
    from service.observing.traces import Traces


def open_traces(*, texts: bool) -> "Traces":
    """Return the observer that sends spans. Raises: SettingsError without OpenTelemetry."""
    try:
        from service.observing.traces import Traces
    except ImportError as error:
        raise SettingsError(
            f"CITEWELL_TRACES needs OpenTelemetry, and {error.name} is not installed: "
            "pip install 'citewell[traces]'"
        ) from error
    return Traces(texts=texts)
