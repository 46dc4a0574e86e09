"""How far one upload is, as a share and in words."""

from service.collection.ingest_report import Progress


def share_done(progress: Progress) -> float:
    """Return how much of one upload is done, 0..1: a tenth reading, then embedding, building."""
    match progress.step:
        case "waiting" | "reading":
            return 0.1 * progress.sources_done / max(progress.sources_total, 1)
        case "embedding":
            return 0.1 + 0.8 * progress.texts_done / max(progress.texts_total, 1)
        case "building":
            return 0.9
        case "done":
            return 1.0


def message_of(progress: Progress) -> str:
    """Return what is going on, in a few words."""
    if progress.step == "embedding":
        return f"embedding: {progress.texts_done:,} of {progress.texts_total:,} texts"
    return progress.step
