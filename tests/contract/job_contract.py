"""What every `JobStore` and `ReceiptStore` does; a store joins as in `store_contract`."""

import pytest

from corpus.errors import InputError, LeaseError, NotFoundError, StoreError
from corpus.ids import sha256_of
from corpus.store import JobSummary, RequestKey
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

    def test_jobs_are_counted_by_state(self, store: AnyStore) -> None:
        assert store.job_summary() == JobSummary(
            {"queued": 0, "running": 0, "done": 0, "failed": 0}, None, None
        )
        first, *_ = [store.create_job(name, "a.pdf") for name in ("j1", "j2", "j3", "j4")]
        store.update_job("j2", state="running", progress=0.5)
        store.update_job("j3", state="failed", progress=0.1)
        summary = store.job_summary()
        assert summary.counts == {"queued": 2, "running": 1, "done": 0, "failed": 1}
        assert (summary.progress, summary.oldest_queued) == (0.5, first.created_at)

    def test_a_lease_that_was_made_while_a_clock_was_wrong_ends(self, store: AnyStore) -> None:
        store.create_job("j1", "report.pdf")
        store.lease_job("one", 1e7)
        leased = store.lease_job("two", 60)
        assert leased is not None
        assert leased.job_id == "j1"

    def test_a_leased_job_is_nobody_elses_until_its_lease_has_run_out(
        self, store: AnyStore
    ) -> None:
        store.create_job("j1", "a.pdf")
        leased = store.lease_job("one", 60)
        assert leased is not None
        assert (leased.job_id, leased.state, leased.attempts) == ("j1", "running", 1)
        assert store.lease_job("two", 60) is None
        store.renew_lease("j1", "one", -1)
        again = store.lease_job("two", 60)
        assert again is not None
        assert (again.job_id, again.attempts) == ("j1", 2)

    def test_only_who_has_leased_a_job_changes_it(self, store: AnyStore) -> None:
        store.create_job("j1", "a.pdf")
        store.lease_job("one", -1)
        store.lease_job("two", 60)
        with pytest.raises(LeaseError, match="j1"):
            store.renew_lease("j1", "one", 60)
        with pytest.raises(LeaseError, match="j1"):
            store.give_back_job("j1", "one")
        with pytest.raises(LeaseError, match="j1"):
            store.update_job("j1", state="done", progress=1.0, worker="one")
        assert store.job("j1").state == "running"
        assert store.update_job("j1", state="done", progress=1.0, worker="two").state == "done"
        with pytest.raises(LeaseError, match="j1"):
            store.update_job("j1", state="failed", progress=1.0, worker="two")

    def test_a_job_given_back_is_queued_as_if_nobody_had_begun_it(self, store: AnyStore) -> None:
        store.create_job("j1", "a.pdf")
        store.lease_job("one", 60)
        store.give_back_job("j1", "one")
        assert (store.job("j1").state, store.job("j1").attempts) == ("queued", 0)
        leased = store.lease_job("two", 60)
        assert leased is not None
        assert leased.job_id == "j1"

    def test_a_finished_job_is_not_leased(self, store: AnyStore) -> None:
        for name, state in (("j1", "done"), ("j2", "failed")):
            store.create_job(name, "a.pdf")
            store.update_job(name, state=state, progress=1.0)  # type: ignore[arg-type]
        assert store.lease_job("one", 60) is None
        assert store.unfinished_jobs() == []

    def test_senders_take_turns(self, store: AnyStore) -> None:
        for name, sender in (("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b"), ("b2", "b")):
            store.create_job(name, "a.pdf", sender=sender)
        assert store.unfinished_jobs("b") == ["b1", "b2"]
        order = []
        while (job := store.lease_job("one", 60)) is not None:
            order.append(job.job_id)
            store.update_job(job.job_id, state="done", progress=1.0, worker="one")
            if job.job_id == "b1":
                store.create_job("c1", "a.pdf", sender="c")
        assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]

    def test_a_request_that_is_sent_again_makes_no_second_job(self, store: AnyStore) -> None:
        key = RequestKey("upload 1", sha256_of("content"))
        first = store.create_job("j1", "a.pdf", sender="k1", request_key=key)
        assert store.create_job("j2", "a.pdf", sender="k1", request_key=key) == first
        store.create_job("j3", "a.pdf", sender="k2", request_key=key)
        store.create_job("j4", "a.pdf", sender="k1")
        store.create_job("j5", "a.pdf", sender="k1")
        assert [job.job_id for job in store.jobs()] == ["j5", "j4", "j3", "j1"]
        with pytest.raises(InputError, match="upload 1"):
            other = RequestKey("upload 1", sha256_of("other"))
            store.create_job("j6", "a.pdf", sender="k1", request_key=other)

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
