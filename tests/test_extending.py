"""A new reader, embedder, dialect or measure is one file, and one line in a list.

Each is put in a copy of the rooms, and the commands and the server of that copy use it.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "ingest", "index", "service", "eval")
FILES = {
    "vtt.py": "ingest/readers/text/vtt.py",
    "letters.py": "index/embedders/letters.py",
    "ollama.py": "service/dialects/ollama.py",
    "citation_count.py": "eval/answers/citation_count.py",
}
# A list and its new line; below, imports for those lists that hold no names.
LINES = (
    (
        "ingest/readers/document/formats.py",
        "FORMATS = (\n",
        '    Format("text/vtt", "WebVTT", (".vtt",), "text.vtt:VttReader", "1"),\n',
    ),
    ("index/embedders/opening.py", "EMBEDDERS = {\n", '    "letters": "letters:LetterEmbedder",\n'),
    ("service/dialects/registry.py", "DIALECTS: tuple[Dialect, ...] = (", "OLLAMA, "),
    (
        "eval/answers/answer_measures.py",
        "MEASURES: tuple[Callable[[JudgedAnswers], dict[str, Estimate]], ...] = (\n",
        "    of_citations,\n",
    ),
)
IMPORTS = {
    "service/dialects/registry.py": "from service.dialects.ollama import OLLAMA\n",
    "eval/answers/answer_measures.py": "from eval.answers.citation_count import of_citations\n",
}
SUBTITLES = """WEBVTT

00:00:00.000 --> 00:00:04.000
The Almaty Process plans to cooperate with the Budapest Process and the Prague Process.

00:00:04.000 --> 00:00:08.000
Its secretariat is hosted by the International Organization for Migration.
"""
QUESTION = "Which processes does the Almaty Process plan to cooperate with?"
QUOTE = "The Almaty Process plans to cooperate with the Budapest Process and the Prague Process."
SERVED = f"""
import sys
from pathlib import Path
from starlette.testclient import TestClient
from service.engine.engine import Engine
from service.http.app import create_app
from service.settings.environment import read_settings
from service.workload.jobs import JobWorker

settings = read_settings(home=Path(sys.argv[1]))
engine = Engine.open(settings)
with TestClient(create_app(engine, JobWorker(engine.store, settings)),
                base_url="http://127.0.0.1:8000") as client:
    message = {{"role": "user", "content": {QUESTION!r}}}
    asked = client.post("/api/chat", json={{"messages": [message]}})
    print(asked.text)
    print(client.post("/api/chat", json={{}}).text)
    print("ollama" in client.get("/openapi.json").text)
engine.close()
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rooms with the four files and their four lines."""
    root = tmp_path_factory.mktemp("tree")
    for room in ROOMS:
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "citewell.py", root)
    for name, place in FILES.items():
        shutil.copy(ROOT / "tests" / "extending" / name, root / place)
    for place, after, line in LINES:
        text = (root / place).read_text("utf-8")
        assert text.count(after) == 1
        text = text.replace(after, after + line)
        text = text.replace("\n\nfrom ", f"\n\n{IMPORTS.get(place, '')}from ", 1)
        (root / place).write_text(text, "utf-8")
    return root


def run(tree: Path, home: Path, *words: str) -> str:
    """Return what a program of the copy printed."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "CITEWELL_EMBEDDER": "letters"}
    environment |= {"CITEWELL_RERANKER": "overlap", "CITEWELL_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, *words], env=environment, cwd=home, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_is_one_file_and_one_line(tree: Path, tmp_path: Path) -> None:
    talk = tmp_path / "talk.vtt"
    talk.write_text(SUBTITLES, "utf-8")
    citewell = ("-m", "citewell", "--home", str(tmp_path))

    report = json.loads(run(tree, tmp_path, *citewell, "ingest", str(talk), "--json"))
    assert report["documents"][0]["status"] == "added", report
    answer = json.loads(run(tree, tmp_path, *citewell, "ask", QUESTION, "--json"))
    assert QUOTE in " ".join(each["quote"] for each in answer["citations"])
    assert "00:00" not in answer["passages"][0]["text"]

    asked, refused, described = run(tree, tmp_path, "-c", SERVED, str(tmp_path)).splitlines()
    assert "Budapest Process" in json.loads(asked)["message"]["content"]
    assert set(json.loads(refused)) == {"error"}
    assert described == "True"

    questions = tmp_path / "questions.jsonl"
    question = {"id": "1", "question": QUESTION, "answerable": False}
    questions.write_text(json.dumps(question) + "\n", "utf-8")
    found = run(tree, tmp_path, *citewell, "eval", "answers", str(questions), "--json")
    assert '"citations"' in found
