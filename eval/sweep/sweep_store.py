"""Finished configurations on disk, one JSON file each."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from corpus.errors import StoreError
from corpus.ids import Fingerprint
from eval.sweep.sweep_file import Configuration


class _Finished(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    settings: Mapping[str, JsonValue]
    data: Mapping[str, JsonValue]
    values: Mapping[str, Mapping[str, float]]


class SweepStore:
    """Values by fingerprint, in the folder `sweeps`; a file is whole or not there."""

    def __init__(self, work: Path) -> None:
        self._folder = work / "sweeps"

    def get(self, fingerprint: Fingerprint) -> Mapping[str, Mapping[str, float]] | None:
        """Return the values of a finished configuration; None for one that is not, or damaged."""
        try:
            content = self._file(fingerprint).read_bytes()
            return _Finished.model_validate_json(content).values
        except (FileNotFoundError, ValidationError):
            return None
        except OSError as error:
            raise StoreError(f"cannot read {self._folder}: {error.strerror}") from error

    def put(
        self,
        fingerprint: Fingerprint,
        configuration: Configuration,
        values: Mapping[str, Mapping[str, float]],
        data: Mapping[str, object],
    ) -> None:
        """Keep the values. Raises: StoreError."""
        content = {
            "name": configuration.name,
            "settings": dict(configuration.settings.values),
            "data": dict(data),
            "values": {name: dict(each) for name, each in values.items()},
        }
        file = self._file(fingerprint)
        whole = file.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            whole.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            whole.replace(file)
        except OSError as error:
            raise StoreError(f"cannot write in {self._folder}: {error.strerror}") from error

    def _file(self, fingerprint: Fingerprint) -> Path:
        return self._folder / f"{fingerprint}.json"
