"""Stories of deposits: the money of a remittance is found in the bank, once, and every cent is somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from openmso.banking import services as banking
from openmso.banking.models import Line, Unexplained
from openmso.kit.errors import Conflict
from openmso.kit.money import Money
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work.models import WorkItem
from openmso.remittances.models.deposits import Awaited, Deposit
from openmso.remittances.models.files import Remittance
from openmso.remittances.queries import banked, cash, files
from openmso.remittances.rules import deposits as rules
from openmso.remittances.services import deposits, waiting
from openmso.remittances.testing import PAYER_TIN, claim, line
from openmso.remittances.tests.office import Office

D = Decimal
TODAY = date(2026, 3, 20)


def statement(*rows: tuple[str, str, str]) -> bytes:
    """A bank's CSV: day, text, amount."""
    lines = [f'{day},"{text}",{amount}' for day, text, amount in rows]
    return "\n".join(["Date,Description,Amount", *lines]).encode()


def arrive(office: Office, *rows: tuple[str, str, str]) -> None:
    with office.scope():
        banking.import_statement(
            actor=office.actor, account=office.account.public_id, name="march.csv", content=statement(*rows),
            at=office.at,
        )  # fmt: skip


def match(office: Office) -> int:
    with office.scope():
        return deposits.match_deposits(actor=office.actor, practice=office.practice, at=office.at)


def pay(office: Office, amount: str, trace: str, **terms: object) -> str:
    """A payment of that amount; returns the remittance."""
    sent = office.sent(("99213", amount))
    paid = claim(sent.control, line("99213", amount, paid=amount))
    return office.pay(paid, trace=trace, **terms).remittances[0].public_id


def open_ones(office: Office) -> tuple[list[str], list[str]]:
    """What is open on both lists: traces of remittances, texts of bank lines."""
    with office.reading():
        waiting = [one.trace for one in banked.open_remittances(on=TODAY)]
        return waiting, [one.description for one in banked.open_lines(practice=office.practice)]


def test_what_is_open_is_what_no_match_that_stands_explains(office: Office) -> None:
    """The two tables of open rows are the journals read anew, after every act that changes either side."""

    def listed(word: str) -> set[str]:
        filters = Filters((Term("deposit", "=", word, word),))
        found = files.remittances(filters=filters, page=PageAsk())
        assert found.total == len(found.rows) == files.tally(filters=filters).total
        assert found.totals["amount"] == Money.total(row.amount for row in found.rows)
        for row in found.rows:
            [same] = files.remittances(filters=replace(filters, text=row.public_id), page=PageAsk()).rows
            assert same == row
        return {row.public_id for row in found.rows}

    def agree() -> tuple[int, int]:
        with office.reading():
            standing = Deposit.objects.filter(undone_at=None)
            owed = Remittance.objects.filter(state="posted", amount__gt=0)
            owed = owed.exclude(pk__in=standing.values("remittance"))
            arrived = Line.objects.filter(amount__gt=0).exclude(pk__in=standing.values("line"))
            waiting = dict(Awaited.objects.values_list("remittance", "amount"))
            unexplained = set(Unexplained.objects.values_list("line", flat=True))
            assert waiting == dict(owed.values_list("pk", "amount"))
            told = banked.awaited(filters=Filters(), page=PageAsk(), on=TODAY)
            assert told.total == len(waiting)
            assert told.totals["amount"].amount == sum(waiting.values())
            assert unexplained == set(arrived.values_list("pk", flat=True))
            assert listed("open") == set(owed.values_list("public_id", flat=True))
            assert listed("matched") == set(standing.values_list("remittance__public_id", flat=True))
            return len(waiting), len(unexplained)

    sent = office.sent(("99213", "140.00"))
    office.pay(claim(sent.control, line("99213", "140.00", reasons=["PR 1 140.00"])))
    pay(office, "80.00", "EFT-1")
    by_hand = pay(office, "90.00", "CHK-2")
    assert agree() == (2, 0)
    arrive(office, ("2026-03-13", "DEPOSIT", "80.00"), ("2026-03-25", "DESK", "90.00"), ("2026-03-13", "FEE", "-9.00"))
    assert agree() == (2, 2)
    arrive(office, ("2026-03-13", "DEPOSIT", "80.00"), ("2026-03-16", "LATE", "7.00"))
    assert agree() == (2, 3)
    assert match(office) == 1
    assert agree() == (1, 2)
    with office.reading():
        desk = next(one for one in banked.open_lines(practice=office.practice) if one.description == "DESK")
    with office.scope():
        done = deposits.match_deposit(
            actor=office.actor, remittance=by_hand, line=desk.public_id, why="Scanned at the desk", at=office.at
        )
    assert agree() == (0, 1)
    with office.reading():
        for word, count in (
            (done, 1),
            (by_hand.lower(), 1),
            (desk.public_id, 1),
            ("desk", 0),
            (f"{done} {by_hand}", 1),
        ):
            assert banked.deposits(filters=Filters(text=word), page=PageAsk()).total == count, word
    with office.scope():
        deposits.unmatch_deposit(actor=office.actor, deposit=done, why="Another check", at=office.at)
    assert agree() == (1, 2)


def test_a_deposit_is_matched_by_the_trace_in_its_addenda(office: Office) -> None:
    pay(office, "80.00", "EFT-77")
    pay(office, "80.00", "EFT-78")
    arrive(office, ("2026-03-13", f"HCCLAIMPMT SHIELD TRN*1*EFT-78*{PAYER_TIN}~", "80.00"))

    assert match(office) == 1

    assert open_ones(office) == (["EFT-77"], [])
    books = office.balances()
    assert (books["1000"], books["1010"]) == (D(80), D(80))
    with office.reading():
        position = cash.cash_position(practice=office.practice)
        assert position.holds
        assert (position.banked.amount, position.in_transit.amount) == (D(80), D(80))
        assert position.in_transit.amount == books["1010"]


def test_without_a_trace_only_what_could_be_nothing_else_is_matched(office: Office) -> None:
    pay(office, "80.00", "A")
    pay(office, "90.00", "B")
    pay(office, "90.00", "C")
    arrive(office, ("2026-03-13", "DEPOSIT", "80.00"), ("2026-03-13", "DEPOSIT", "90.00"))

    assert match(office) == 1

    assert open_ones(office) == (["B", "C"], ["DEPOSIT"])


def test_what_is_late_by_core_becomes_work_on_both_sides_with_what_to_write(office: Office) -> None:
    """Each side says for how many business days, and what to ask the payer."""
    pay(office, "80.00", "EFT-1")
    pay(office, "90.00", "EFT-2", paid_on=date(2026, 3, 20))
    arrive(office, ("2026-03-12", f"HCCLAIMPMT SHIELD TRN*1*EFT-9*{PAYER_TIN}~", "55.00"),
           ("2026-03-12", "COUNTER DEPOSIT", "12.00"))  # fmt: skip
    with office.reading():
        wednesday, friday = date(2026, 3, 18), date(2026, 3, 20)
        assert not [*banked.open_remittances(on=date(2026, 3, 17), late=True)]
        [one] = banked.open_remittances(on=wednesday, late=True)
        [missing] = banked.missing(on=wednesday)
        listed = banked.awaited(filters=Filters((Term("late", "=", True, "late"),)), page=PageAsk(), on=friday)
        lines = banked.unexplained(filters=Filters((Term("late", "=", True, "late"),)), page=PageAsk(), on=friday)
        asks = [banked.follow_up(half, [], on=wednesday) for half in (one, missing.line)]
        [payer] = banked.punctuality(on=wednesday)
    assert [row.trace for row in listed.rows] == ["EFT-1"], "money is not late on the day it is to be paid"
    assert [row.line.trace for row in lines.rows] == ["EFT-9"]
    assert (one.waited.days, one.waited.words) == (4, "Late: 4 business days")
    assert missing.waited == one.waited
    for text, said in (
        ("with trace number EFT-1 of payer", asks[0]), ("$80.00 to be paid on 12 Mar 2026", asks[0]),
        ("EFT of $55.00 with trace number EFT-9", asks[1]), ("4 business days have passed", asks[1]),
    ):  # fmt: skip
        assert text in said
    assert (payer.awaited, payer.awaited_late, payer.missing, payer.missing_late) == (2, 1, 1, 1)

    with office.scope():
        assert waiting.late_deposits(at=datetime(2026, 3, 18, 15, tzinfo=UTC)) == 2
    with office.reading():
        kinds = set(WorkItem.objects.values_list("kind", "amount"))
    assert kinds == {
        ("remittances.unmatched_deposit", D("80.00")), ("remittances.missing_remittance", D("55.00")),
    }  # fmt: skip

    pay(office, "55.00", "EFT-9")
    assert match(office) == 1
    with office.reading():
        assert WorkItem.objects.get(kind="remittances.missing_remittance").state == "done"


def test_the_days_between_money_and_remittance_are_counted_for_each_payer(office: Office) -> None:
    """The 835 is received on 12 March; CORE allows three business days before or after the money."""
    for number, on in enumerate(("2026-03-05", "2026-03-09", "2026-03-12", "2026-03-19")):
        pay(office, "80.00", f"EFT-{number}")
        arrive(office, (on, f"TRN*1*EFT-{number}*{PAYER_TIN}~", "80.00"))
    assert match(office) == 4

    with office.reading():
        gaps = sorted(row.gap for row in banked.deposits(filters=Filters(), page=PageAsk()).rows if row.gap is not None)
        [payer] = banked.punctuality(on=TODAY)
        late = banked.deposits(filters=Filters((Term("apart", "=", "remittance", ""),)), page=PageAsk()).rows
    assert gaps == [-5, 0, 3, 5]
    assert (payer.deposits, payer.late_remittances, payer.late_money, payer.worst_days) == (4, 1, 1, 5)
    assert (payer.on_time, payer.mean_days) == (D("0.5"), D("5.0"))
    assert [row.gap for row in late] == [5]


def test_money_that_names_the_trace_with_other_cents_is_told_and_not_matched(office: Office) -> None:
    remittance = pay(office, "80.00", "EFT-77")
    arrive(office, ("2026-03-13", f"TRN*1*EFT-77*{PAYER_TIN}~", "79.00"))

    with office.reading():
        given, fits = banked.candidates(remittance, on=TODAY)
        said = banked.follow_up(given, fits, on=TODAY)
    assert [fit.by for fit in fits] == ["named"]
    assert "was $79.00, $1.00 less" in said


@pytest.mark.parametrize(
    ("day", "text", "amount"),
    [
        ("2026-03-13", "TRN*1*EFT-77*1987654321~", "79.99"),
        ("2026-03-13", "TRN*1*OTHER*1987654321~", "80.00"),
        ("2026-04-13", "DEPOSIT", "80.00"),
        ("2026-03-13", "RETURNED", "-80.00"),
    ],
    ids=["a cent less", "another trace", "a month later", "money out"],
)
def test_what_does_not_fit_stays_on_both_lists(office: Office, day: str, text: str, amount: str) -> None:
    pay(office, "80.00", "EFT-77")
    arrive(office, (day, text, amount))

    assert match(office) == 0

    assert open_ones(office)[0] == ["EFT-77"]


def test_a_payment_of_nothing_waits_for_no_deposit(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))
    office.pay(claim(sent.control, line("99213", "140.00", reasons=["PR 1 140.00"])))

    assert open_ones(office) == ([], [])


def test_a_match_by_hand_says_why_and_can_be_undone(office: Office) -> None:
    remittance = pay(office, "80.00", "CHK-1", paid_on=date(2026, 3, 2))
    arrive(office, ("2026-03-25", "COUNTER DEPOSIT", "80.00"))
    with office.reading():
        found = banked.open_lines(practice=office.practice)[0].public_id

    with office.scope():
        deposit = deposits.match_deposit(
            actor=office.actor, remittance=remittance, line=found, why="Check scanned at the desk", at=office.at
        )
    assert office.balances()["1000"] == D(80)

    with office.scope():
        deposits.unmatch_deposit(actor=office.actor, deposit=deposit, why="Wrong check", at=office.at)
    assert open_ones(office) == (["CHK-1"], ["COUNTER DEPOSIT"])
    assert "1000" not in office.balances()
    with office.scope(), pytest.raises(Conflict, match="undone"):
        deposits.unmatch_deposit(actor=office.actor, deposit=deposit, why="again", at=office.at)


def test_a_match_by_hand_over_another_amount_is_refused_with_the_difference(office: Office) -> None:
    remittance = pay(office, "80.00", "EFT-1")
    arrive(office, ("2026-03-13", "DEPOSIT", "75.00"))
    with office.reading():
        found = banked.open_lines(practice=office.practice)[0].public_id

    with office.scope(), pytest.raises(deposits.DoesNotFit, match=r"5\.00 apart"):
        deposits.match_deposit(actor=office.actor, remittance=remittance, line=found, why="close", at=office.at)


def test_the_checks_of_one_slip_are_one_line_of_the_bank(office: Office) -> None:
    first, second, third = (
        pay(office, amount, f"CHK-{amount}", method="CHK") for amount in ("80.00", "45.50", "33.00")
    )
    arrive(office, ("2026-03-16", "LOCKBOX DEPOSIT 2 ITEMS", "125.50"))
    assert match(office) == 0, "no remittance has that amount"
    with office.reading():
        [slip] = banked.open_lines(practice=office.practice)
        assert [one.public_id for one in banked.checks_together(slip, on=TODAY)] == [first, second]
    how = {"actor": office.actor, "line": slip.public_id, "why": "The slip", "at": office.at}

    with office.scope(), pytest.raises(deposits.DoesNotFit, match=r"together 113.00: 12.50 apart"):
        deposits.match_deposit(remittance=first, beside=[third], **how)  # type: ignore[arg-type]
    with office.scope():
        made = deposits.match_deposit(remittance=first, beside=[second, first], **how)  # type: ignore[arg-type]

    assert open_ones(office) == (["CHK-33.00"], [])
    books = office.balances()
    assert (books["1000"], books["1010"]) == (D("125.50"), D(33))
    with office.reading():
        assert cash.cash_position(practice=office.practice).holds
        [other] = banked.others_of(banked.deposit(made))
        assert (other.remittance, other.amount.amount) == (second, D("45.50"))
    with office.scope():
        deposits.unmatch_deposit(actor=office.actor, deposit=other.public_id, why="Another slip", at=office.at)
    assert open_ones(office) == (["CHK-80.00", "CHK-45.50", "CHK-33.00"], ["LOCKBOX DEPOSIT 2 ITEMS"])
    assert "1000" not in office.balances()


@pytest.mark.parametrize(
    ("amounts", "found"),
    [("80 45.50 33", 2), ("80 45.50 45.50", 0), ("125.50 80 45.50", 0), ("100 25", 0), ("60 40 25.50", 3)],
)
def test_checks_are_offered_together_where_nothing_else_comes_to_the_cents(amounts: str, found: int) -> None:
    on = date(2026, 3, 16)
    checks = [
        rules.Awaited(number, 1, f"C{number}", "", on, D(amount)) for number, amount in enumerate(amounts.split())
    ]
    line = rules.Arrived(1, 1, "", "", "", on, D("125.50"))
    assert len(rules.together(line, checks)) == found


def test_the_lists_of_both_sides_come_a_page_at_a_time(office: Office) -> None:
    for number in range(3):
        pay(office, f"{80 + number}.00", f"EFT-{number}", number=number + 1)
    arrive(office, ("2026-03-13", "DEPOSIT", "80.00"), ("2026-03-14", "DEPOSIT", "500.00"))

    with office.reading():
        asked = PageAsk(number=2, size=2, sort="amount")
        second = banked.awaited(filters=Filters(), page=asked, on=TODAY)
        first = banked.awaited(filters=Filters(), page=replace(asked, number=1), on=TODAY)
        lines = banked.unexplained(filters=Filters(), page=PageAsk(sort="posted_on"), on=TODAY)

    assert [(row.trace, row.fit) for row in first.rows] == [
        ("EFT-0", "1 candidate: the same cents, and the days fit"),
        ("EFT-1", ""),
    ]
    assert [row.trace for row in second.rows] == ["EFT-2"]
    assert (second.total, second.totals["amount"]) == (3, Money.of("243.00"))
    assert [(row.line.amount, row.fit) for row in lines.rows] == [
        (Money.of("80.00"), "1 candidate: the same cents, and the days fit"), (Money.of("500.00"), ""),
    ]  # fmt: skip
