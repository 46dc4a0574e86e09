"""A signature that holds, and every change that breaks it."""

import json
import stat
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from corpus.errors import InputError, SettingsError, StoreError
from service.citations.receipt_signing import (
    SigningKey,
    check_signature,
    read_public_keys,
    signed_bytes,
)
from service.settings.environment import read_settings
from service.values.answer import Answer, Citation, QueryInterpretation, Receipt, Span, Statement

QUOTE = "The Forum meets in Geneva every year."


def an_answer(created_at: str = "2026-01-01T00:00:00+00:00") -> Answer:
    citation = Citation(
        number=1,
        passage_id="c1",
        doc_id="d1",
        title="Forum – Übersicht",
        source="forum.pdf",
        collection="default",
        metadata={"symbol": "F/1"},
        section=("Meetings",),
        spans=(Span(1, "i", 0, len(QUOTE)),),
        quote=QUOTE,
        quote_sha256="0" * 64,
        document_sha256="1" * 64,
        url="http://127.0.0.1:8000/documents/d1/pages/1",
    )
    return Answer(
        question="Where does the Forum meet?",
        understood=QueryInterpretation((), "Where does the Forum meet?"),
        status="answered",
        reason=None,
        confidence=0.1 + 0.2,
        answer=f"{QUOTE} [1]",
        statements=(Statement(QUOTE, (1,)),),
        citations=(citation,),
        passages=(),
        receipt=Receipt("a1", "s1", "e", None, "extractive/1", {"margin": 1.0}, created_at),
        timings_ms={"answer": 1.5},
    )


def saved(answer: Answer) -> dict[str, Any]:
    """Return the answer as a file of `ask --json` has it."""
    found: dict[str, Any] = json.loads(json.dumps(asdict(answer), ensure_ascii=False))
    return found


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.open(tmp_path / "signing-key.pem")


def test_an_answer_as_it_was_signed_is_valid(key: SigningKey) -> None:
    assert check_signature(saved(key.signed(an_answer())), [key.public]) == "valid"


def test_it_is_valid_after_a_program_has_written_its_json_anew(key: SigningKey) -> None:
    answer = saved(key.signed(an_answer()))
    mixed = json.loads(json.dumps(dict(reversed(answer.items())), indent=3, sort_keys=True))
    mixed["receipt"]["parameters"]["margin"] = 1  # as JavaScript writes 1.0
    assert check_signature(mixed, [key.public]) == "valid"


def _change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(answer: dict[str, Any]) -> None:
        *places, last = path.split("/")
        inside: Any = answer
        for place in places:
            inside = inside[int(place) if place.isdigit() else place]
        inside[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _change("citations/0/quote", "The Forum meets in Vienna every year."),
        _change("citations/0/title", "Another report"),
        _change("citations/0/url", "http://elsewhere.example/"),
        _change("statements/0/text", "The Forum never meets."),
        _change("answer", "The Forum never meets. [1]"),
        _change("question", "Where does the Panel meet?"),
        _change("confidence", 0.99),
        _change("status", "abstained"),
        _change("receipt/snapshot", "s2"),
        _change("receipt/created_at", "2020-01-01T00:00:00+00:00"),
        _change("receipt/parameters/margin", 1.5),
        _change("receipt/signature/value", "AAAA"),
        _change("receipt/signature/value", "no base64 ?"),
        _change("receipt/signature/algorithm", "none"),
    ],
)
def test_whatever_is_signed_cannot_be_changed(
    key: SigningKey, change: Callable[[dict[str, Any]], None]
) -> None:
    answer = saved(key.signed(an_answer()))
    change(answer)
    assert check_signature(answer, [key.public]) == "invalid"


def test_a_field_that_is_added_to_a_citation_breaks_it(key: SigningKey) -> None:
    answer = saved(key.signed(an_answer()))
    answer["citations"][0]["note"] = "confirmed"
    assert check_signature(answer, [key.public]) == "invalid"


def test_passages_and_timings_are_not_signed(key: SigningKey) -> None:
    answer = saved(key.signed(an_answer()))
    del answer["passages"], answer["timings_ms"]
    assert check_signature(answer, [key.public]) == "valid"


def test_another_key_and_no_signature_are_told_apart(key: SigningKey, tmp_path: Path) -> None:
    other = SigningKey.open(tmp_path / "other.pem")
    answer = saved(key.signed(an_answer()))
    assert check_signature(answer, [other.public]) == "unknown_key"
    assert check_signature(answer, []) == "unknown_key"
    assert check_signature(saved(an_answer()), [key.public]) == "absent"


def test_the_same_answer_has_the_same_signature_and_another_time_another(key: SigningKey) -> None:
    first, again = key.signed(an_answer()), key.signed(an_answer())
    later = key.signed(an_answer("2026-01-02T00:00:00+00:00"))
    assert first == again == key.signed(first)
    assert first.receipt.signature != later.receipt.signature


def test_the_key_is_for_its_owner_alone_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "signing-key.pem"
    first = SigningKey.open(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SigningKey.open(file).public.key_id == first.public.key_id
    assert [path.name for path in tmp_path.iterdir()] == ["signing-key.pem"]


def test_a_file_that_is_no_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "signing-key.pem"
    file.write_text("no key")
    with pytest.raises(StoreError, match="put the right one back"):
        SigningKey.open(file)
    rsa = generate_private_key(65537, 2048)
    file.write_bytes(rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(StoreError, match="expected an Ed25519 key"):
        SigningKey.open(file)


def test_a_public_key_is_read_from_pem_and_from_a_key_set(key: SigningKey, tmp_path: Path) -> None:
    pem, jwks = tmp_path / "key.pem", tmp_path / "jwks.json"
    pem.write_text(key.public.pem)
    jwks.write_text(json.dumps({"keys": [key.public.jwk]}))
    answer = saved(key.signed(an_answer()))
    for file in (pem, jwks):
        assert check_signature(answer, read_public_keys(file)) == "valid"
    jwks.write_text('{"keys": [{"crv": "Ed25519"}]}')
    with pytest.raises(InputError, match="holds no public key"):
        read_public_keys(jwks)
    with pytest.raises(InputError, match="Cannot read"):
        read_public_keys(tmp_path / "absent")


def test_a_key_is_named_as_the_standard_names_it() -> None:
    """The example of RFC 8037, appendix A.3."""
    from service.citations.receipt_signing import _of_jwk

    key = _of_jwk({"x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    assert key.key_id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_what_is_signed_is_canonical() -> None:
    """Names in order, no space, numbers as RFC 8785 writes them."""
    plain = {"question": "?", "confidence": 0.30000000000000004, "answer": "é", "more": 1}
    expected = '{"answer":"é","confidence":0.30000000000000004,"question":"?"}'.encode()
    assert signed_bytes(plain) == expected


def test_the_key_may_be_kept_outside_the_home(tmp_path: Path) -> None:
    key = SigningKey.open(tmp_path / "secrets.pem")
    settings = read_settings(
        {"CITEWELL_SIGNING_KEY": str(tmp_path / "secrets.pem")}, home=tmp_path / "home"
    )
    assert SigningKey.open(settings.layout.signing_key).public.key_id == key.public.key_id
    with pytest.raises(SettingsError, match="CITEWELL_SIGNING_KEY"):
        read_settings({"CITEWELL_SIGNING_KEY": str(tmp_path / "nowhere.pem")})
