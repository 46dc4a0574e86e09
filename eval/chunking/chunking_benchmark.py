"""A chunking benchmark: texts, and questions with the exact ranges that answer them."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from corpus.errors import InputError
from corpus.ids import Sha256, sha256_of

QUESTIONS = "questions_df.csv"
CORPORA = "corpora"

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChunkingQuestion:
    """A question, the text that it is about, and the half-open ranges there that answer it."""

    question_id: str
    text: str
    corpus_id: str
    references: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class ChunkingBenchmark:
    """Questions on a few texts; `sha256` holds each file's checksum by name."""

    name: str
    texts: Mapping[str, str]
    questions: tuple[ChunkingQuestion, ...]
    sha256: Mapping[str, Sha256]


class _Reference(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    content: str
    start_index: int
    end_index: int


_REFERENCES = TypeAdapter(list[_Reference])


def read_chunking_benchmark(folder: Path, *, only: str | None = None) -> ChunkingBenchmark:
    """Return the benchmark in a folder: `questions_df.csv` and `corpora/NAME.md`.

    The columns are question, references and corpus_id; references is a JSON list of content,
    start_index and end_index in code points. `only` takes one text and the questions on it.

    Raises: InputError naming file and line, also where a reference's content is not the text at
    its range.
    """
    file = folder / QUESTIONS
    raw = _read(file)
    texts: dict[str, str] = {}
    checksums = {QUESTIONS: sha256_of(raw)}
    questions: list[ChunkingQuestion] = []
    for line, row in _rows(file, raw):
        corpus_id = row["corpus_id"]
        if only is not None and corpus_id != only:
            continue
        if corpus_id not in texts:
            text = folder / CORPORA / f"{corpus_id}.md"
            content = _read(text)
            texts[corpus_id] = content.decode()
            checksums[f"{CORPORA}/{text.name}"] = sha256_of(content)
        references = _references(row["references"], texts[corpus_id], f"{file}, line {line}")
        # The file has no ids: a question's place in it is one.
        question_id = f"{corpus_id}-{line}"
        questions.append(ChunkingQuestion(question_id, row["question"], corpus_id, references))
    if not questions:
        about = f" about {only!r}" if only is not None else ""
        raise InputError(f"{file}: found no question{about}; expected one or more.")
    return ChunkingBenchmark(folder.name, texts, tuple(questions), checksums)


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        content.decode()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; expected a file of the benchmark.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 at byte {error.start}.") from error
    return content


def _rows(file: Path, raw: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(raw.decode(), newline=""), strict=True)
    wanted = {"question", "references", "corpus_id"}
    if missing := wanted - set(reader.fieldnames or ()):
        raise InputError(f"{file}: no column {sorted(missing)[0]}; expected {sorted(wanted)}.")
    try:
        for row in reader:
            if not all(row[name] for name in wanted):
                raise InputError(f"{file}, line {reader.line_num}: an empty field.")
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"{file}, line {reader.line_num}: {error}.") from error


def _references(field: str, text: str, where: str) -> tuple[Range, ...]:
    try:
        found = _REFERENCES.validate_python(json.loads(field))
    except (ValueError, ValidationError) as error:
        raise InputError(
            f"{where}: references are no list of content, start_index and end_index ({error})."
        ) from error
    for each in found:
        if not each.content or text[each.start_index : each.end_index] != each.content:
            raise InputError(
                f"{where}: the text at {each.start_index}:{each.end_index} is not "
                f"{each.content[:40]!r}; expected the reference's content."
            )
    if not found:
        raise InputError(f"{where}: no reference; expected one or more.")
    return tuple((each.start_index, each.end_index) for each in found)
