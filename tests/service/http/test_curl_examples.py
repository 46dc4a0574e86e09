"""The `curl` examples of docs/reference/http.md, sent to a server over a small collection."""

import json
import re
import shlex
from dataclasses import dataclass, field

import pytest

from tests.docs.pages import blocks
from tests.service.conftest import Served
from tests.service.small_collection import QUESTION

HOST = "http://127.0.0.1:8000"
PLACEHOLDERS = re.compile(r"/[adjns]0123456789abcdef|c0123456789abcdef0123")


@dataclass(slots=True)
class Example:
    """One `curl` command: what it sends, and where."""

    address: str = ""
    method: str = ""
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


def read(line: str) -> Example:
    """Return the request of a command line, of the options that the page uses."""
    example = Example()
    words = iter(shlex.split(line)[1:])
    for word in words:
        if word.startswith(HOST):
            example.address = word.removeprefix(HOST)
        elif word == "-X":
            example.method = next(words)
        elif word == "-d":
            example.body = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            example.headers[name] = value
        elif word == "-F":
            name, _, value = next(words).partition("=")
            example.fields[name] = value
        elif word == "-o":
            next(words)
        else:
            assert re.fullmatch(r"-[siNOJ]+", word), word
    posted = example.body is not None or example.fields
    example.method = example.method or ("POST" if posted else "GET")
    return example


def lines() -> list[str]:
    found = [b.text for b in blocks("") if b.page == "docs/reference/http.md"]
    return [
        line
        for text in found
        for line in re.sub(r"\\\n\s*", " ", text).splitlines()
        if line.startswith("curl")
    ]


@pytest.mark.parametrize("line", lines())
def test_an_example_is_accepted(own: Served, line: str) -> None:
    example = read(line)
    body = example.body
    if body == "@answer.json":
        body = json.dumps(own.client.post("/v1/ask", json={"question": QUESTION}).json())
    if body == "@keep.json":
        answer = own.client.post("/v1/ask", json={"question": QUESTION}).json()
        body = json.dumps({"answer": answer, "number": 1})
    files = {"file": ("report.md", b"# A report\n\nSome words.\n")} if example.fields else None
    response = own.client.request(
        example.method,
        example.address,
        content=body,
        headers=example.headers,
        files=files,
        data={name: value for name, value in example.fields.items() if name != "file"} or None,
    )
    if PLACEHOLDERS.search(line):  # the id of no document here
        assert response.status_code in {200, 204, 404}, response.text
        return
    assert response.status_code in {200, 201, 202}, response.text
