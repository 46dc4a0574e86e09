"""The log: lines for people, or one JSON object a line, each with the request that it is about."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Literal

from service.observing.request_context import current_request
from service.settings.settings import Settings

LogFormat = Literal["text", "json"]

# What every record has; all else was given as `extra`, and is part of the line.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: time, level, logger, message, request_id, its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= _request_fields() | _fields(record)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = "".join(traceback.format_exception(*record.exc_info)).rstrip()
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """Writes a record for people: the message, then its fields as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = " ".join(
            f"{name}={value}" for name, value in (_request_fields() | _fields(record)).items()
        )
        line = f"{record.levelname.lower()}: {record.getMessage()}{' ' if told else ''}{told}"
        if record.exc_info and record.exc_info[0] is not None:
            line += "\n" + "".join(traceback.format_exception(*record.exc_info)).rstrip()
        return line


def use_logs(settings: Settings) -> None:
    """Write the log of this process to stderr as the settings say. For entry points only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=level_of(settings), handlers=[handler], force=True)
    # What a client library says of each request that it sends would drown the rest.
    for chatty in ("httpx", "httpcore", "urllib3", "multipart", "sse_starlette"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def level_of(settings: Settings) -> int:
    """Return the least level that is logged: by default `info` as JSON, `warning` as text."""
    chosen = settings.log_level or ("info" if settings.log_format == "json" else "warning")
    return logging.getLevelNamesMapping()[chosen.upper()]


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def _request_fields() -> dict[str, object]:
    context = current_request()
    if context is None:
        return {}
    fields: dict[str, object] = {"request_id": context.request_id}
    return fields | {"key_id": context.key_id} if context.key_id else fields
