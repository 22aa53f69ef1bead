"""Bank files that nobody here wrote: each gets an answer, and what the manifests call sound is read to the cent."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from edi.bank.model import Reading
from edi.bank.read import read_bank_file

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
NOT_OURS_TO_READ = {
    "profrs": "a bank's list of services",
    "account_listing": "a list of accounts",
    "fidelity": "an investment statement",
    "investment": "an investment statement",
    "td_ameritrade": "an investment statement",
    "tiaacref": "an investment statement",
    "multi_currency": "several currencies in one file",
    "sample_statement_en": "several currencies in one file",
    "shr-credit": "cut: its control records tell of ten thousand entries that are not there",
}
"""Valid files of kinds that are refused in words."""


def listed(folder: str) -> list[tuple[str, str, str]]:
    """File, expectation and file control of a manifest; without the folder one row that skips."""
    manifest = SAMPLES / folder / "MANIFEST.tsv"
    if not manifest.exists():
        return [("", "", "")]
    with manifest.open(encoding="utf-8", newline="") as rows:
        return [
            (row["file"], row["expect"], row.get("file_control") or "")
            for row in csv.DictReader(rows, delimiter="\t")
            if row["expect"] != "expected-parse"
        ]


def read(folder: str, name: str) -> Reading:
    if not name:
        pytest.skip(f"real sample files are not here: {SAMPLES / folder} is missing")
    return read_bank_file((SAMPLES / folder / name).read_bytes())


@pytest.mark.parametrize(("name", "expect", "_"), listed("bank"))
def test_a_bank_file_gets_an_answer(name: str, expect: str, _: str) -> None:
    reading = read("bank", name)

    assert reading.is_sound or any(f.severity == "error" and f.message for f in reading.findings)
    if expect == "valid" and not any(part in name for part in NOT_OURS_TO_READ):
        assert reading.is_sound, reading.findings
    if expect in {"invalid", "error-message"}:
        assert not reading.is_sound


@pytest.mark.parametrize(("name", "expect", "control"), listed("ach"))
def test_an_ach_file_gets_an_answer(name: str, expect: str, control: str) -> None:
    reading = read("ach", name)

    assert reading.is_sound or any(f.severity == "error" and f.message for f in reading.findings)
    strange = any(f.code == "layout_not_read" for f in reading.findings)
    if expect == "valid" and control and not strange and not any(part in name for part in NOT_OURS_TO_READ):
        assert reading.is_sound, reading.findings
        assert moved(reading) == told(control)


def moved(reading: Reading) -> tuple[Decimal, Decimal]:
    """Out and in."""
    amounts = [entry.amount for one in reading.statements for entry in one.entries]
    return -sum((a for a in amounts if a < 0), Decimal(0)), sum((a for a in amounts if a > 0), Decimal(0))


def told(control: str) -> tuple[Decimal, Decimal]:
    """Debit and credit of a manifest's file control, in dollars."""
    found = dict(re.findall(r"(debit|credit)=(\d+)", control))
    return Decimal(found["debit"]).scaleb(-2), Decimal(found["credit"]).scaleb(-2)


def test_every_account_of_the_bai2_sample_adds_up_to_its_total() -> None:
    reading = read("bank", "moov-io__test_testdata_sample2.txt" if (SAMPLES / "bank").is_dir() else "")

    assert not any(f.code == "total_differs" for f in reading.findings)
    assert [one.account.number for one in reading.statements][:2] == ["0123456789", "9876543210"]
