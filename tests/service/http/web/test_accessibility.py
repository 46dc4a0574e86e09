"""The pages by axe-core's rules, in both themes and at two widths."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx2
import pytest

from service.engine.engine import Engine
from service.http.app import create_app
from service.workload.jobs import JobWorker
from tests.service.small_collection import QUESTION, make_collection, served, settings_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

QUESTIONS = (QUESTION, "What is the price of bananas on Mars?")


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The address of each screen of a served collection."""
    settings = settings_of(tmp_path_factory.mktemp("judged") / "home")
    document = make_collection(settings)["almaty"]
    with (
        Engine.open(settings) as engine,
        served(create_app(engine, JobWorker(engine.store, settings))) as address,
    ):
        pages = ["/", "/library", f"/documents/{document}", f"/documents/{document}/pages/1"]
        pages += ["/find", "/find?q=Almaty,+zebra", f"/find/mentions?q=Almaty&document={document}"]
        pages += ["/admin", "/sign-in"]
        with httpx2.Client(base_url=address) as client:
            answer = client.post("/v1/ask", json={"question": QUESTION}).json()
            note = client.post("/v1/notebook", json={"answer": answer}).json()
        passage = answer["citations"][0]["passage_id"]
        pages += [f"/explain?q={QUESTION.replace(' ', '+')}&passage={passage}"]
        pages += ["/notebook", f"/answers/{note['answer_id']}", f"/answers/{note['answer_id']}/now"]
        pages += [f"/?q={question.replace(' ', '+')}" for question in QUESTIONS]
        yield [address + page for page in pages]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 400)])
def test_no_screen_breaks_a_rule(
    browser: "Browser", screens: list[str], scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 900},
    )
    found = []
    for address in screens:
        page = context.new_page()
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, address
        found += [
            f"{address}: {each['id']}: {each['nodes'][0]['html'][:200]}"
            for each in axe.run(page).response["violations"]
        ]
        page.close()
    context.close()
    assert found == []
