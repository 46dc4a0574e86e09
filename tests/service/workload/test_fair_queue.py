"""Senders take turns, and none takes all places."""

import threading

import anyio
import pytest

from corpus.errors import BusyError
from service.workload import fair_queue
from service.workload.fair_queue import FairQueue


def test_one_sender_has_half_of_the_places_and_another_still_has_one() -> None:
    async def tried() -> list[str]:
        queue, go_on, seen = FairQueue(at_once=1, waiting=5, what="wait"), threading.Event(), []

        async def one(sender: str) -> None:
            try:
                await queue.run(sender, go_on.wait, 20)
                seen.append(sender)
            except BusyError:
                seen.append(f"{sender} refused")

        async with anyio.create_task_group() as group:
            for sender in "aaaaab":
                group.start_soon(one, sender)
            await anyio.wait_all_tasks_blocked()
            go_on.set()
        return seen

    seen = anyio.run(tried)
    assert seen[:2] == ["a refused", "a refused"]
    assert seen[2:] == ["a", "a", "b", "a"]  # b came last, and waits for one of those that wait


def test_a_sender_of_slow_acts_leaves_a_thread_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "SLOW_S", -1.0)  # each act is slow

    async def most_at_once() -> tuple[int, bool]:
        queue, go_on = FairQueue(at_once=2, waiting=8, what="wait"), threading.Event()
        inside: list[int] = []

        def slow() -> None:
            inside.append(1)
            go_on.wait(20)

        await queue.run("a", lambda: None)
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(queue.run, "a", slow)
            await anyio.wait_all_tasks_blocked()
            other = await queue.run("b", lambda: True)
            begun = len(inside)
            go_on.set()
        return begun, other

    assert anyio.run(most_at_once) == (1, True)


def test_who_has_gone_gives_its_place_back() -> None:
    async def after_cancelling() -> bool:
        queue, go_on = FairQueue(at_once=1, waiting=1, what="wait"), threading.Event()
        for _ in range(5):
            async with anyio.create_task_group() as group:
                group.start_soon(queue.run, "a", go_on.wait, 20)
                group.start_soon(queue.run, "b", go_on.wait, 20)
                await anyio.wait_all_tasks_blocked()
                group.cancel_scope.cancel()
        go_on.set()
        return await queue.run("a", lambda: True)

    assert anyio.run(after_cancelling)
