"""What every `JobStore` and `ReceiptStore` does; a store joins as in `store_contract`."""

import pytest

from corpus.errors import NotFoundError, StoreError
from tests.contract.store_contract import AnyStore


class ReceiptsContract:
    def test_an_answer_comes_back_as_it_was_given(self, store: AnyStore) -> None:
        answer = '{"answer": "é\\u0000",  "citations": []}'
        store.keep_receipt("a1", "s1", answer)
        assert store.receipt("a1") == answer

    def test_keeping_an_answer_again_changes_nothing(self, store: AnyStore) -> None:
        store.keep_receipt("a1", "s1", '{"answer": 1}')
        store.keep_receipt("a1", "s2", '{"answer": 2}')
        assert store.receipt("a1") == '{"answer": 1}'

    def test_an_answer_that_is_no_json_is_refused(self, store: AnyStore) -> None:
        with pytest.raises(StoreError, match="not JSON"):
            store.keep_receipt("a1", "s1", "{")

    def test_an_unknown_answer_is_not_found(self, store: AnyStore) -> None:
        with pytest.raises(NotFoundError, match="a9"):
            store.receipt("a9")


class JobsContract:
    def test_a_job_goes_from_queued_to_done(self, store: AnyStore) -> None:
        job = store.create_job("j1", "report.pdf")
        assert (job.state, job.source, job.progress) == ("queued", "report.pdf", 0.0)
        assert (job.message, job.result) == ("", None)
        assert store.job("j1") == job
        running = store.update_job("j1", state="running", progress=0.25, message="page 3")
        assert (running.state, running.progress, running.message) == ("running", 0.25, "page 3")
        done = store.update_job("j1", state="done", progress=1.0, result='{"documents": []}')
        assert store.job("j1") == done
        assert (done.message, done.result) == ("", '{"documents": []}')
        assert done.created_at == job.created_at
        assert done.updated_at >= running.updated_at >= job.updated_at

    def test_the_newest_jobs_come_first(self, store: AnyStore) -> None:
        for name in ("j2", "j1", "j3"):
            store.create_job(name, "a.pdf")
        assert [job.job_id for job in store.jobs()] == ["j3", "j1", "j2"]
        assert [job.job_id for job in store.jobs(limit=1)] == ["j3"]

    def test_jobs_of_a_dead_server_fail(self, store: AnyStore) -> None:
        for name in ("queued", "running", "done", "another server's"):
            store.create_job(name, "a.pdf")
        store.update_job("running", state="running", progress=0.5)
        store.update_job("done", state="done", progress=1.0)
        left = ["queued", "running", "done", "unknown"]
        assert store.fail_running_jobs("the server stopped", left) == 2
        assert store.fail_running_jobs("the server stopped", left) == 0
        assert [job.state for job in store.jobs()] == ["queued", "done", "failed", "failed"]
        assert store.job("running").message == "the server stopped"

    def test_jobs_are_listed_by_collection(self, store: AnyStore) -> None:
        store.create_job("j1", "a.pdf", collection="one")
        store.create_job("j2", "b.pdf", collection="two")
        store.create_job("j3", "c.pdf")
        assert [job.job_id for job in store.jobs(collections=["one", "default"])] == ["j3", "j1"]
        assert store.jobs(collections=[]) == []

    def test_a_message_is_kept_readable_whatever_is_in_it(self, store: AnyStore) -> None:
        store.create_job("j1", "a\ud800.pdf")
        job = store.update_job("j1", state="failed", progress=0.0, message="found \0 in it")
        assert (job.source, job.message) == ("a\ufffd.pdf", "found \ufffd in it")

    def test_a_job_id_is_taken_once(self, store: AnyStore) -> None:
        store.create_job("j1", "a.pdf")
        with pytest.raises(StoreError, match="j1"):
            store.create_job("j1", "b.pdf")

    def test_an_unknown_job_is_not_found(self, store: AnyStore) -> None:
        with pytest.raises(NotFoundError, match="j9"):
            store.job("j9")
        with pytest.raises(NotFoundError, match="j9"):
            store.update_job("j9", state="done", progress=1.0)
