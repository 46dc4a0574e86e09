"""What every `KeyStore` does; a store joins as in `store_contract`."""

import pytest

from corpus.errors import NotFoundError, StoreError
from corpus.ids import sha256_of
from corpus.key import Key
from tests.contract.store_contract import AnyStore

NOW = "2026-01-01T00:00:00.000000+00:00"


def a_key(name: str, collections: tuple[str, ...] | None = None) -> Key:
    return Key(f"k-{name}", name, sha256_of(name), ("read",), collections, NOW)


class KeysContract:
    def test_a_key_is_found_by_its_checksum(self, store: AnyStore) -> None:
        assert not store.has_keys()
        one, two = a_key("one", ("iscm", "é")), a_key("two")
        store.create_key(one)
        store.create_key(two)
        assert store.has_keys()
        assert store.key_of(sha256_of("one")) == one
        assert store.keys() == [one, two]

    def test_an_unknown_key_is_not_found(self, store: AnyStore) -> None:
        with pytest.raises(NotFoundError):
            store.key_of(sha256_of("nobody"))
        with pytest.raises(NotFoundError, match="k9"):
            store.revoke_key("k9")

    def test_a_revoked_key_stays_and_keeps_its_first_time(self, store: AnyStore) -> None:
        store.create_key(a_key("one"))
        revoked = store.revoke_key("k-one")
        assert revoked.revoked_at is not None
        assert store.revoke_key("k-one") == revoked
        assert store.key_of(sha256_of("one")) == revoked
        assert store.has_keys()

    def test_a_name_is_taken_until_its_key_is_revoked(self, store: AnyStore) -> None:
        store.create_key(a_key("one"))
        again = Key("k-other", "one", sha256_of("other"), ("read",), None, NOW)
        with pytest.raises(StoreError, match="k-one"):
            store.create_key(again)
        store.revoke_key("k-one")
        store.create_key(again)
        kept = store.keys()
        assert [key.key_id for key in kept] == ["k-one", "k-other"]
