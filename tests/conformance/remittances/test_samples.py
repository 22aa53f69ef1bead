"""835 files that nobody here wrote, and files made to do harm: each gets an answer, none a traceback, none money."""

from __future__ import annotations

import gzip
import io
import resource
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edi.x12.check import check_bytes
from openmso.kit.errors import Refused
from openmso.parties.queries import providers
from openmso.remittances.contracts import FileState
from openmso.remittances.rules import splitting
from openmso.remittances.services import posting, receiving
from openmso.remittances.tests.office import Office, open_office

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "x12"
NAMES = sorted(path.name for path in SAMPLES.glob("835__*")) if SAMPLES.is_dir() else [""]
SECONDS_MAX, MEGABYTES_MAX = 2.0, 300


@pytest.fixture(scope="module")
def _office(built_once: None) -> Office:
    return open_office()


@pytest.fixture
def office(db: None, _office: Office) -> Office:
    return replace(_office)


def answer(office: Office, content: bytes, name: str) -> tuple[FileState | None, str]:
    """State and words of a file given in; of a refused one None and the refusal."""
    try:
        with office.scope():
            receipt = receiving.receive(
                actor=office.actor, practice=office.practice, name=name, content=content, at=office.at, defer=False
            )
            outcome = posting.post_file(
                actor=office.actor, practice=office.practice, file=receipt.files[0].file, at=office.at
            )
    except Refused as no:
        return None, no.sentence
    return outcome.state, outcome.words


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_s_file_is_answered_in_words_and_posts_nothing(office: Office, name: str) -> None:
    if not name:
        pytest.skip(f"real sample files are not here: {SAMPLES} is missing")

    state, words = answer(office, (SAMPLES / name).read_bytes(), name)

    assert words
    assert state in {None, FileState.QUARANTINED}
    assert office.balances() == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_balances_is_posted_when_its_payee_is_ours(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files as if the practice were their payee: all their money comes to cash clearing, or nothing at all."""
    if not name:
        pytest.skip(f"real sample files are not here: {SAMPLES} is missing")
    content = (SAMPLES / name).read_bytes()
    payees = splitting.payees_of(io.BytesIO(content))
    with office.reading():
        ours = providers.billers(office.practice, on=office.at.date())[0]
    known = [replace(ours, npi=payee.npi, tin=payee.tin) for payee in payees]
    monkeypatch.setattr(providers, "billers", lambda practice, *, on: known)
    report = check_bytes(content)

    with office.scope():
        try:
            receipt = receiving.receive(
                actor=office.actor, practice=office.practice, name=name, content=content, at=office.at, defer=False
            )
        except Refused:
            assert not payees
            return
        outcome = posting.post_file(
            actor=office.actor, practice=office.practice, file=receipt.files[0].file, at=office.at,
            posted_on=office.at.date(),
        )  # fmt: skip

    unnamed = any(not payee.npi and not payee.tin for payee in payees)
    assert (outcome.state is FileState.POSTED) == (report.valid and not unnamed), outcome.words
    if outcome.state is FileState.POSTED:
        amount = sum(one.amount.amount for one in outcome.remittances)
        assert office.balances().get("1010", 0) == amount


def zip_of(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


ISA = (
    b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*PRACTICE       *261120*1200*^*00501*000000001*0*P*:~"
    b"GS*HP*P*P*20261120*1200*1*X*005010X221A1~"
)
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a zip bomb": lambda: zip_of("a.835", b"0" * (100 << 20)),
    "a gzip bomb": lambda: gzip.compress(b"0" * (200 << 20)),
    "a zip that climbs": lambda: zip_of("../../../../tmp/pwned.835", b"x"),
    "a web page": lambda: b"<html><script>alert(1)</script></html>",
    "a program": lambda: b"MZ" + b"\0" * 1000,
    "no end": lambda: ISA + b"ST*835*0001~BPR*I*100*C*CHK",
    "a separator that is the terminator": lambda: ISA.replace(b"*", b"~"),
    "an ISA cut short": lambda: ISA[:80],
    "a huge amount": lambda: ISA + b"ST*835*0001~BPR*I*" + b"9" * 400 + b"*C*CHK~SE*3*0001~GE*1*1~IEA*1*000000001~",
    "an exponent": lambda: ISA + b"ST*835*0001~BPR*I*1E9999999*C*CHK~SE*3*0001~GE*1*1~IEA*1*000000001~",
    "one line of fifty megabytes": lambda: b"a" * (50 << 20),
    "an ISA and fifty megabytes": lambda: ISA + b"ST*835*0001~" + b"a" * (50 << 20),
    "a million empty segments": lambda: ISA + b"ST*835*0001~" + b"~" * 1_000_000,
    "nothing": lambda: b"",
    "nul bytes": lambda: ISA + b"ST*835*0001~CLP*A\0B*1*1*1~SE*3*0001~GE*1*1~IEA*1*000000001~",
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_file_made_to_do_harm_is_refused_quickly_and_cheaply(office: Office, make: Callable[[], bytes]) -> None:
    content = make()
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    state, words = answer(office, content, "../../etc/passwd")

    assert words
    assert state in {None, FileState.QUARANTINED}
    assert time.process_time() - began < SECONDS_MAX
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEGABYTES_MAX
