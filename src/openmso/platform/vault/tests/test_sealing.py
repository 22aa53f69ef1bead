"""A sealed value opens in its own place, unchanged, and nowhere else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from openmso.platform.vault.sealing import DoesNotOpen, blind, blinds, open_, seal

KEYS = {1: bytes(range(32))}
HERE = {"table": "parties_bankaccount", "column": "account", "practice": 7, "row": "BNK-7K2P9M4X"}


@given(st.text())
def test_every_text_comes_back_exactly(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        return
    assert open_(seal(value, **HERE, keys=KEYS), **HERE, keys=KEYS) == value


@pytest.mark.parametrize("value", ["", "0", "0.0", "False", " ", "000000000"])
def test_values_that_look_like_nothing_are_values(value: str) -> None:
    assert open_(seal(value, **HERE, keys=KEYS), **HERE, keys=KEYS) == value


@pytest.mark.parametrize(
    "elsewhere",
    [{"row": "BNK-7K2P9M4Y"}, {"column": "routing"}, {"practice": 8}, {"table": "parties_vendor"}],
    ids=lambda moved: next(iter(moved)),
)
def test_a_value_copied_elsewhere_does_not_open(elsewhere: dict[str, object]) -> None:
    sealed = seal("021000021", **HERE, keys=KEYS)

    with pytest.raises(DoesNotOpen):
        open_(sealed, **(HERE | elsewhere), keys=KEYS)


def test_no_bit_can_be_flipped() -> None:
    sealed = seal("123456789", **HERE, keys=KEYS)

    for position in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[position // 8] ^= 1 << (position % 8)
        with pytest.raises(DoesNotOpen):
            open_(bytes(flipped), **HERE, keys=KEYS | {3: bytes(32)})


@pytest.mark.parametrize("cut", [0, 1, 12, 28])
def test_a_cut_value_does_not_open(cut: int) -> None:
    with pytest.raises(DoesNotOpen):
        open_(seal("1", **HERE, keys=KEYS)[:cut], **HERE, keys=KEYS)


def test_the_newest_key_seals_and_older_ones_open() -> None:
    old = seal("123456789", **HERE, keys=KEYS)
    keys = KEYS | {2: os.urandom(32)}

    assert seal("123456789", **HERE, keys=keys)[0] == 2
    assert open_(old, **HERE, keys=keys) == "123456789"
    with pytest.raises(DoesNotOpen):
        open_(seal("1", **HERE, keys=keys), **HERE, keys=KEYS)


def test_a_sealed_account_number_takes_41_bytes_and_never_repeats() -> None:
    first, second = (seal("123456789012", **HERE, keys=KEYS) for _ in range(2))

    assert len(first) == 41
    assert first != second


def test_a_place_cannot_be_forged_with_bars() -> None:
    with pytest.raises(ValueError, match="bar"):
        seal("1", table="a|b", column="c", practice=1, row="X", keys=KEYS)


def test_a_blind_index_is_equal_only_within_a_practice_and_column() -> None:
    where = {"table": "people_person", "column": "ssn", "practice": 7}
    index = blind("123456789", **where, keys=KEYS)

    assert len(index) == 8
    assert blind("123456789", **where, keys=KEYS) == index
    assert blind("123456780", **where, keys=KEYS) != index
    assert blind("123456789", **(where | {"practice": 8}), keys=KEYS) != index
    assert blind("123456789", **(where | {"column": "ein"}), keys=KEYS) != index
    assert index in set(blinds("123456789", **where, keys=KEYS | {2: os.urandom(32)}))


# ---- the primitives, against vectors that others published -------------------------------------------------------


def _vectors(shared: Path, name: str) -> list[tuple[dict[str, object], dict[str, str]]]:
    path = shared / "samples" / "security" / "crypto" / name
    if not path.exists():
        pytest.skip(f"the Wycheproof vectors are not here: {path}")
    return [(group, test) for group in json.loads(path.read_text())["testGroups"] for test in group["tests"]]


def test_aes_gcm_agrees_with_wycheproof(shared: Path) -> None:
    checked = 0
    for group, test in _vectors(shared, "aes_gcm_test.json"):
        if group["keySize"] != 256 or group["ivSize"] != 96:
            continue
        data = {name: bytes.fromhex(test[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")}
        cipher, body = AESGCM(data["key"]), data["ct"] + data["tag"]
        if test["result"] == "valid":
            assert cipher.encrypt(data["iv"], data["msg"], data["aad"]) == body, test["tcId"]
            assert cipher.decrypt(data["iv"], body, data["aad"]) == data["msg"], test["tcId"]
        else:
            with pytest.raises(InvalidTag):
                cipher.decrypt(data["iv"], body, data["aad"])
        checked += 1
    assert checked > 50


def test_hkdf_agrees_with_wycheproof(shared: Path) -> None:
    checked = 0
    for _, test in _vectors(shared, "hkdf_sha256_test.json"):
        if test["result"] != "valid":
            continue
        derive = HKDF(hashes.SHA256(), int(test["size"]), bytes.fromhex(test["salt"]), bytes.fromhex(test["info"]))
        assert derive.derive(bytes.fromhex(test["ikm"])).hex() == test["okm"], test["tcId"]
        checked += 1
    assert checked > 50
