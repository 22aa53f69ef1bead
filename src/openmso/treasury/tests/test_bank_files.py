"""Bank files: written to the byte, approved by a second person, sent once, read back, and what comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.bank import ach
from edi.bank.read import read_bank_file
from openmso.kit.errors import Conflict, Refused
from openmso.kit.money import Money
from openmso.ledger.contracts import Accounts
from openmso.parties.contracts import AccountUse
from openmso.parties.services import practices as keeping
from openmso.parties.testing import builder
from openmso.platform.access.contracts import Actor
from openmso.platform.access.duties import SamePerson
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy.scope import reading
from openmso.treasury import calendars, rules
from openmso.treasury.contracts import BankFile
from openmso.treasury.queries import paying as queries
from openmso.treasury.services import correcting, paying, returning
from openmso.treasury.states import Back, Changed, Noted, Pays
from openmso.treasury.tests.till import AFTER_APRIL, AFTER_MARCH, MARCH, Till, _account

ORIGIN = ach.Origin("211274450", "Harbor Bank", "1123456789", "Pine Clinic, PC")
ROUTINGS = st.integers(0, 10**8 - 1).map(lambda n: f"{n:08}{ach.check_digit(f'{n:08}')}")
CREDITS = st.lists(
    st.builds(
        ach.Credit, ROUTINGS, st.from_regex(r"[0-9]{4,17}", fullmatch=True),
        st.integers(1, 10**10 - 1).map(lambda cents: Decimal(cents).scaleb(-2)),
        st.text("ABCdef -é", min_size=1, max_size=40), st.just("TPM-1"), st.integers(0, 10**9),
        st.text("MSA 5.2§", max_size=80),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def written(credits: list[ach.Credit]) -> ach.Written:
    batch = ach.Batch("CCD", "MGMT FEE", date(2026, 5, 6), tuple(credits))
    return ach.write(ORIGIN, [batch], made_at=datetime(2026, 5, 5, 11, tzinfo=UTC), modifier="A")


@settings(max_examples=40)
@given(CREDITS)
def test_what_is_written_is_read_again_to_the_cent(credits: list[ach.Credit]) -> None:
    """By our reader, whose controls must agree; blocks of ten records of ninety-four characters."""
    file = written(credits)
    reading = read_bank_file(file.content)

    lines = file.content.decode("ascii").splitlines()
    assert (len(lines) % 10, {len(line) for line in lines}) == (0, {94})
    assert reading.findings == ()
    assert sum(one.moved for one in reading.statements) == file.amount == sum(one.amount for one in credits)
    assert sum(len(one.entries) for one in reading.statements) == file.entries == len(credits)


def test_another_library_reads_what_we_write() -> None:
    """A second opinion that is not ours; and a file with one digit changed it does not take (negative control)."""
    achkit = pytest.importorskip("achkit", reason="achkit is installed with the test dependencies")
    text = written([ach.Credit("011000015", "12345", Decimal("60000.00"), "Harbor Ridge", "TPM-1", 7, "5.2")]).content

    assert achkit.validate(text.decode()) == {"ok": True, "errors": []}
    assert not achkit.validate(text.decode().replace("0006000000", "0006000001", 1))["ok"]


def test_credits_to_people_are_written_as_ppd_and_another_library_takes_them() -> None:
    achkit = pytest.importorskip("achkit", reason="achkit is installed with the test dependencies")
    batch = ach.Batch("PPD", "PHYS PAY", date(2026, 5, 6), (
        ach.Credit("011000015", "12345", Decimal("18250.00"), "Ida Moss", "TPM-1", 7, "April"),
    ))  # fmt: skip
    text = ach.write(ORIGIN, [batch], made_at=datetime(2026, 5, 5, 11, tzinfo=UTC), modifier="A").content.decode()

    assert achkit.validate(text) == {"ok": True, "errors": []}
    assert text.splitlines()[1][50:53] == "PPD"


DATA = {
    "C01": ("987654321", ("", "987654321")), "C02": ("011000015", ("011000015", "")),
    "C03": ("011000015   987654321", ("011000015", "987654321")), "C05": ("32", ("", "")),
    "C06": ("987654321           32", ("", "987654321")), "C07": ("011000015987654321        32",
                                                                  ("011000015", "987654321")),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(DATA))
def test_what_a_bank_notes_of_an_account_is_read_by_its_code(code: str) -> None:
    """Appendix five: where account and routing numbers stand in the corrected data; another library knows the codes."""
    achkit = pytest.importorskip("achkit", reason="achkit is installed with the test dependencies")
    data, told = DATA[code]
    trace = "211274450000007"
    (one,) = ach.read_corrections(noted(b"101\r\n5220\r\n6" + b" " * 93, trace, code, data))
    assert (one.code, one.trace, (one.routing, one.account)) == (code, trace, told)
    assert code in achkit.CHANGE_CODES
    assert code in rules.CHANGES


def test_every_reason_of_a_return_says_what_comes_first_and_one_without_words_is_not_tried_again() -> None:
    need = {code: rules.needs(code) for code in rules.RETURN_REASONS}
    assert {code for code, one in need.items() if one is Back.AGAIN} == {"R01"}
    assert {code for code, one in need.items() if one is Back.ACCOUNT} == {"R02", "R03", "R04", "R16", "R20"}
    assert rules.needs("R99") is Back.AUTHORIZATION
    assert rules.why_not_again("R02", is_other_account=True, is_authorized=False) == ""
    assert "new authorization" in rules.why_not_again("R08", is_other_account=True, is_authorized=False)


@pytest.mark.parametrize(
    ("credit", "words"),
    [
        (ach.Credit("011000016", "1", Decimal(1), "A", "B", 1), "check digit"),
        (ach.Credit("011000015", "1", Decimal(0), "A", "B", 1), "cannot be paid"),
        (ach.Credit("011000015", "1" * 18, Decimal(1), "A", "B", 1), "17 characters"),
    ],
)
def test_what_the_rules_forbid_is_not_written(credit: ach.Credit, words: str) -> None:
    with pytest.raises(ach.CannotWrite, match=words):
        written([credit])


def test_banks_settle_on_the_third_of_july_and_not_on_thanksgiving() -> None:
    assert calendars.is_banking_day(date(2026, 7, 3))
    assert calendars.banking_day_after(date(2026, 11, 25)) == date(2026, 11, 27)


# ---- through the services -------------------------------------------------------------------------------------


def prepared(till: Till, at: datetime = AFTER_APRIL) -> BankFile:
    with till.scope():
        return paying.prepare(
            actor=till.controller(at), practice=till.house.id, account=till.accounts[AccountUse.OPERATING], at=at
        )


def sent(till: Till, file: BankFile, at: datetime = AFTER_APRIL) -> bytes:
    with till.scope():
        paying.approve(actor=till.accountant(at), file=file.public_id, at=at)
        return paying.take(actor=till.controller(at), file=file.public_id, at=at)[1]


def returns(content: bytes, trace: str, code: str = "R01") -> bytes:
    """The bank's file of returns for one entry of ours."""
    lines = content.decode().splitlines()
    entry = next(line for line in lines if line[79:94] == trace and line[0] == "6")
    back = f"621{entry[3:79]}{'211274450000001'}"
    return "\r\n".join([lines[0], lines[1], back, f"799{code}{trace}{'':58}{'211274450000001'}"]).encode()


def noted(content: bytes, trace: str, code: str, data: str) -> bytes:
    """The bank's file of notifications of change for one entry of ours."""
    lines = content.decode().splitlines()
    note = f"798{code}{trace}{'':6}{'21127445'}{data:29}{'':15}{'211274450000001'}"
    return "\r\n".join([lines[0], lines[1], f"621{'':76}{'211274450000001'}", note]).encode()


@pytest.mark.django_db
def test_what_a_bank_notes_is_taken_over_by_a_second_person_and_a_closed_account_is_paid_at_the_new_one(
    till: Till,
) -> None:
    till.short()
    till.good()
    file = prepared(till)
    content = sent(till, file)
    elena, marc = till.controller(AFTER_APRIL), till.accountant(AFTER_APRIL)
    with till.scope(), reading():
        paid = {one.kind: one for one in queries.payments_in(till.house.id, file.public_id)}
    fee, reserve = paid[Pays.FEE], paid[Pays.RESERVE]

    def read(actor: Actor, content: bytes) -> returning.Taken:
        with till.scope():
            return returning.take(actor=actor, practice=till.house.id, name="back.ach", content=content, at=AFTER_APRIL)

    read(elena, returns(content, fee.trace, "R02"))
    read(elena, returns(content, reserve.trace, "R08"))
    with pytest.raises(Refused, match=r"The account is closed \(R02\): other account data first"):
        prepared(till)
    told = read(elena, noted(content, fee.trace, "C01", "9870770777"))
    assert (len(told.noted), told.unknown) == (1, ())
    assert read(elena, noted(content, fee.trace, "C01", "9870770777")).known == 1
    with till.scope():
        with pytest.raises(SamePerson, match="read this note of the bank"):
            correcting.approve(actor=elena, correction=told.noted[0], at=AFTER_APRIL)
        done = correcting.approve(actor=marc, correction=told.noted[0], at=AFTER_APRIL)
        assert (done.state, "9870770777" in f"{done.was}{done.becomes}") == (Noted.TAKEN, False)
        with pytest.raises(Conflict):
            correcting.decline(actor=marc, correction=told.noted[0], why="Twice", at=AFTER_APRIL)
    again = prepared(till)
    with till.scope(), reading():
        (one,) = queries.payments_in(till.house.id, again.public_id)
    assert (one.kind, one.changed, one.to_bank.endswith("0777")) == (Pays.FEE, Changed.OTHER, True)
    assert b"9870770777" in sent(till, again)

    with pytest.raises(Refused, match="new authorization of the payee first"):
        prepared(till)
    with till.scope():
        with pytest.raises(returning.NotAuthorized, match="what shows it"):
            returning.authorize(actor=marc, payment=reserve.public_id, why=" ", at=AFTER_APRIL)
        assert returning.authorize(actor=marc, payment=reserve.public_id, why="Letter of 5 May", at=AFTER_APRIL)
    assert prepared(till).entries == 1


@pytest.mark.django_db
def test_payments_of_a_run_reach_the_bank_once_by_two_people(till: Till) -> None:
    till.short()
    till.good()
    file = prepared(till)

    assert (file.entries, str(file.amount), file.effective_on) == (4, "126305.00", date(2026, 5, 6))
    with till.scope():
        with pytest.raises(SamePerson, match="prepared this file"):
            paying.approve(actor=till.controller(AFTER_APRIL), file=file.public_id, at=AFTER_APRIL)
        with pytest.raises(Conflict, match="approval of a second person"):
            paying.take(actor=till.controller(AFTER_APRIL), file=file.public_id, at=AFTER_APRIL)
        with pytest.raises(Refused, match="Nothing waits"):
            prepared(till)
    content = sent(till, file)
    with till.scope():
        with pytest.raises(Conflict, match="not sent twice"):
            paying.take(actor=till.controller(AFTER_APRIL), file=file.public_id, at=AFTER_APRIL)
        with reading():
            assert documents.read(file.document, till.house.id) == content
    told = read_bank_file(content)
    assert told.findings == ()
    assert "Section 5.2" in told.statements[0].entries[0].description
    assert {one.account.number for one in told.statements} == {"9870001", "000123452"}


@pytest.mark.django_db
def test_a_payment_that_comes_back_is_open_again_in_both_books_and_paid_by_another_file(till: Till) -> None:
    till.short()
    till.good()
    file = prepared(till)
    content = sent(till, file)
    with till.scope(), reading():
        fee = next(one for one in queries.payments_in(till.house.id, file.public_id) if one.kind.value == "fee")
    later = AFTER_APRIL + timedelta(days=2)

    def read(content: bytes) -> returning.Taken:
        with till.scope():
            return returning.take(actor=till.controller(later), practice=till.house.id, name="back.ach",
                                  content=content, at=later)  # fmt: skip

    taken = read(returns(content, fee.trace))

    assert (taken.returned, taken.unknown) == ((fee.public_id,), ())
    assert read(returns(content, fee.trace)).known == 1
    ours, theirs = till.house.entity.id, till.mso_entity
    assert till.balance(ours, Accounts.RETURNED_TO_MAKE) == "-60000.00"
    assert till.balance(theirs, Accounts.RETURNED_TO_COME) == "60000.00"
    with pytest.raises(returning.NoReturns, match="no returned payment and no note"):
        read(content)
    again = prepared(till, later)
    assert (again.entries, again.amount) == (1, Money.of("60000.00"))
    sent(till, again, later)
    assert till.balance(ours, Accounts.RETURNED_TO_MAKE) == till.balance(theirs, Accounts.RETURNED_TO_COME) == "0.00"


@pytest.mark.django_db
def test_a_payee_with_another_account_than_last_time_is_flagged(till: Till) -> None:
    till.month(MARCH, collected="700000.00", refunds="1.00", expenses="1.00", physicians="1.00")
    till.settled(MARCH, AFTER_MARCH)
    till.posted(MARCH, AFTER_MARCH)
    first = prepared(till, AFTER_MARCH)
    sent(till, first, AFTER_MARCH)
    with till.scope():
        keeping.close_account(actor=builder(AFTER_APRIL), practice=till.cast.mso.id, account=till.mso_account,
                              ends_on=date(2026, 5, 5), at=AFTER_APRIL)  # fmt: skip
        _account(till.cast.mso.id, till.mso_entity, AccountUse.OPERATING, "7770001", AFTER_APRIL)
    till.good()

    second = prepared(till)

    with till.scope(), reading():
        found = {one.kind: one.changed for one in queries.payments_in(till.house.id, second.public_id)}
        assert (first.flagged, queries.file(second.public_id).flagged) == (0, 1)
    assert found == {Pays.FEE: Changed.OTHER, Pays.RESERVE: Changed.SAME}
