"""A payer pays less than its contract: it is seen line by line, queued by dollars, disputed, and recovered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openmso.charges import services as charges
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.kit.errors import Refused
from openmso.platform.documents import queries as documents
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import reading, scope
from openmso.platform.ui.contracts import Filters, PageAsk, Term
from openmso.platform.work.models import WorkItem
from openmso.platform.work.states import Working
from openmso.remittances import testing as payer
from openmso.remittances.queries import lines as decided
from openmso.remittances.queries import payments
from openmso.remittances.services import matching
from openmso.remittances.tests.office import Office
from openmso.underpayments import queries
from openmso.underpayments.contracts import About, DifferenceRow, Owner, RuleDraft, ShortLine, Treatment
from openmso.underpayments.services import deciding, lines, rulebook
from openmso.underpayments.states import Cause, Proposed, S

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 12)


def sent(office: Office) -> Claim:
    claim = office.sent(("99213", "140.00"), ("20610", "185.00"))
    with office.reading():
        ids = list(ClaimLine.objects.filter(claim=claim).values_list("charge_id", flat=True))
        charges.expect_anew(practice=office.practice, charge_ids=ids, payer_id=office.payer.id)
    return claim


def answer(claim: Claim, visit: str, injection: str, **more: object) -> payer.ClaimPayment:
    """The payer allows so much for each line; the patient owes 20.00 of the visit."""
    due = {"99213": (visit, "140.00"), "20610": (injection, "185.00")}
    judged = [
        payer.line(
            code, charge, paid=f"{float(allowed) - (20 if code == '99213' else 0):.2f}", control=f"{claim.control}-{number:02}",
            reasons=[f"CO 45 {float(charge) - float(allowed):.2f}", *(["PR 3 20.00"] if code == "99213" else [])],
        )
        for number, (code, (allowed, charge)) in enumerate(due.items(), start=1)
    ]  # fmt: skip
    return payer.claim(claim.control, *judged, **more)  # type: ignore[arg-type]


def posted(office: Office, *payments: payer.ClaimPayment, number: int = 1) -> list[ShortLine]:
    office.pay(*payments, number=number, trace=f"EFT-{number}")
    outbox.deliver_pending(at=office.at)
    with office.reading():
        return list(queries.listing(filters=Filters(), page=PageAsk()).rows)


def waiting(office: Office) -> list[str]:
    with office.reading():
        found = WorkItem.objects.filter(kind="underpayments.short_paid").exclude(state=Working.DONE)
        return list(found.values_list("title", flat=True))


def test_pain_1_4_4_underpayments_unseen(office: Office) -> None:
    claim = sent(office)

    (short,) = posted(office, answer(claim, "85.00", "80.00"))

    assert (short.code, str(short.expected), str(short.allowed), str(short.short)) == (
        "99213",
        "92.40",
        "85.00",
        "7.40",
    )
    assert (short.cause, short.state, short.term) == (Cause.RATE, S.OPEN, "all: fee schedule")
    assert short.version == 1
    assert waiting(office) == [f"{office.payer.name} paid 7.40 less than agreed"]


def test_what_a_later_remittance_pays_is_recovered(office: Office) -> None:
    claim = sent(office)
    first = answer(claim, "85.00", "40.00")
    assert [(one.code, one.cause) for one in posted(office, first)] == [
        ("20610", Cause.MULTIPLE), ("99213", Cause.RATE)
    ]  # fmt: skip

    better = answer(claim, "92.40", "60.00", payer_control="ICN2")
    found = {one.code: one for one in posted(office, payer.reversal(first), better, number=2)}

    assert found["99213"].state is S.RECOVERED
    assert (str(found["99213"].recovered), str(found["99213"].short)) == ("7.40", "0.00")
    assert found["20610"].state is S.OPEN
    assert (str(found["20610"].recovered), str(found["20610"].short)) == ("20.00", "20.00")
    assert waiting(office) == [f"{office.payer.name} paid 20.00 less than agreed"]


def test_a_dispute_has_the_contract_and_the_lines(office: Office) -> None:
    posted(office, answer(sent(office), "85.00", "70.00"))

    with office.scope():
        made = lines.dispute(actor=office.actor, practice=office.practice, payer_id=office.payer.id, at=office.at)
        with pytest.raises(Refused):
            lines.dispute(actor=office.actor, practice=office.practice, payer_id=office.payer.id, at=office.at)
        with reading():
            (dispute,) = queries.disputes()
            assert documents.read(dispute.document, office.practice).startswith(b"%PDF")
            found = queries.listing(filters=Filters(), page=PageAsk()).rows
            (told,) = decided.answers(practice=office.practice, payments={line.payment for line in found}).values()

    assert (told.control, told.trace) == (found[0].claim, "EFT-1")
    assert (dispute.public_id, dispute.lines, str(dispute.amount)) == (made, 2, "17.40")
    assert {line.state for line in found} == {S.DISPUTED}
    assert waiting(office) == []


def test_accepting_needs_a_reason_and_ends_the_work(office: Office) -> None:
    (short,) = posted(office, answer(sent(office), "85.00", "80.00"))

    with office.scope():
        with pytest.raises(Refused):
            lines.accept(actor=office.actor, underpayment=short.public_id, why=" ", at=office.at)
        lines.accept(actor=office.actor, underpayment=short.public_id, why="Agreed by telephone", at=office.at)

    assert waiting(office) == []
    with office.reading():
        assert queries.underpayment(short.public_id).why == "Agreed by telephone"


def test_denied_lines_and_lines_without_a_contract_are_not_compared(office: Office) -> None:
    claim = sent(office)
    denied = payer.claim(
        claim.control,
        payer.line("99213", "140.00", reasons=["CO 197 140.00"], control=f"{claim.control}-01"),
        payer.line("20610", "185.00", paid="80.00", reasons=["CO 45 105.00"], control=f"{claim.control}-02"),
    )
    other = office.sent(("99213", "140.00"))
    unexpected = payer.claim(other.control, payer.line("99213", "140.00", paid="10.00", reasons=["CO 45 130.00"]))

    assert posted(office, denied, unexpected) == []


def test_nothing_that_is_said_beside_the_lines_hides_a_short_payment(office: Office) -> None:
    """172.40 is expected of each claim: one paid without lines, one less of the whole, one as one code, one with
    interest, one found by a person. Interest is no part of what was allowed."""  # fmt: skip
    whole, less, bundled, late, lost = (sent(office) for _ in range(5))
    of_lines = [payer.line("99213", "140.00", paid="140.00"), payer.line("20610", "185.00", paid="185.00")]
    interest = [
        payer.line("99213", "140.00", paid="92.12", reasons=["CO 45 51.00", "OA 225 -3.12"]),
        payer.line("20610", "185.00", paid="80.00", reasons=["CO 45 105.00"]),
    ]
    office.pay(
        payer.claim(whole.control, reasons=["CO 45 175.00", "PR 3 20.00"], charge="325.00", paid="130.00"),
        payer.claim(less.control, *of_lines, reasons=["CO 45 170.00", "PR 1 20.00"], payer_control="ICN2"),
        payer.claim(bundled.control, payer.line("20611", "325.00", paid="120.00", reasons=["CO 45 205.00"]),
                    payer_control="ICN3"),
        payer.claim(late.control, *interest, payer_control="ICN4"),
        replace(answer(lost, "80.00", "80.00", payer_control="ICN5"), control="ANOTHER"),
    )  # fmt: skip
    outbox.deliver_pending(at=office.at)
    with office.reading():
        [stray] = payments.unmatched(page=PageAsk()).rows
    with office.scope():
        matching.match_claim(
            actor=office.actor, payment=stray.public_id, claim=lost.public_id, why="Our old number", at=office.at
        )
    outbox.deliver_pending(at=office.at)

    with office.reading():
        short = queries.listing(filters=Filters(), page=PageAsk(size=50)).rows
    above = differences(office, about=About.OVERPAID.value).values()
    missing = {
        one.public_id: sum(line.short.amount for line in short if line.claim == one.public_id)
        - sum(line.amount.amount for line in above if line.claim == one.public_id)
        for one in (whole, less, bundled, late, lost)
    }
    assert [str(amount) for amount in missing.values()] == ["22.40", "17.40", "52.40", "3.40", "12.40"]
    assert {line.cause for line in short if line.claim == bundled.public_id} == {Cause.RATE}


def write(office: Office, code: str, treatment: Treatment, when: list[dict[str, object]], **more: object) -> int:
    with scope(practices=[tenancy.mso()]):
        draft = RuleDraft(code, f"Rule {code}", None, {"all": when}, treatment, f"By {code}.", MARCH, "Agreed in March")
        return rulebook.write_rule(
            actor=office.actor,
            mso=tenancy.mso(),
            draft=replace(draft, **more),
            at=office.at,  # type: ignore[arg-type]
        )


def proposed(office: Office, state: str = "waits") -> list[tuple[str, str, str]]:
    with office.reading():
        rows = queries.proposals(filters=Filters((Term("is", "=", state, state),)), page=PageAsk()).rows
        return [(row.code, row.rule, str(row.amount)) for row in rows]


def decide(office: Office, line: ShortLine, **how: object) -> None:
    with office.scope():
        deciding.decide(actor=office.actor, subject=line.public_id, at=office.at, **how)  # type: ignore[arg-type]


def test_a_rule_proposes_and_reports_and_the_short_payment_stays_open_and_counted(office: Office) -> None:
    """No rule hides what is missing: the line is open until a person takes the proposal, and is listed afterwards."""
    write(office, "small", Treatment.ACCEPT, [{"property": "line.short", "operator": "at_most", "value": "8"}])
    write(office, "own", Treatment.DISPUTE, [{"property": "line.cause", "operator": "is", "value": "rate"}],
          payer_id=office.payer.id, starts_on=MARCH + timedelta(days=30))  # fmt: skip
    claim = sent(office)

    big, small = posted(office, answer(claim, "85.00", "60.00"))

    assert proposed(office) == [("99213", "small", "7.40")], "the second rule does not hold yet"
    assert [line.state for line in (big, small)] == [S.OPEN, S.OPEN]
    assert len(waiting(office)) == 1, "and it is still work"

    with pytest.raises(Refused, match="why"):
        decide(office, small, take=False)
    decide(office, small, take=False, why="They owe it")
    with office.scope():
        assert rulebook.propose(actor=office.actor, practice=office.practice, at=office.at) == 0, "not asked again"
    assert write(office, "small", Treatment.ACCEPT, [{"property": "line.share", "operator": "less", "value": 10}]) == 2
    with office.scope():
        assert rulebook.propose(actor=office.actor, practice=office.practice, at=office.at) == 1, "a new version may"

    decide(office, small, take=True)

    with office.reading():
        found = queries.listing(filters=Filters(), page=PageAsk())
        states = {line.code: (line.state, line.why) for line in found.rows}
        [_, rule] = sorted(queries.rules(on=MARCH), key=lambda one: one.code)
    assert states == {"99213": (S.ACCEPTED, "By small. (rule small/2)"), "20610": (S.OPEN, "")}
    assert str(found.totals["short"]) == "27.40", "what is accepted is still counted as missing"
    assert (rule.number, rule.taken.count, str(rule.taken.amount), rule.declined.count) == (2, 1, "7.40", 1)
    assert rule.when_words == "line: share of what was expected is less than 10"


def test_a_proposal_lapses_when_the_payer_pays_or_a_person_acts_otherwise(office: Office) -> None:
    write(
        office,
        "rates",
        Treatment.DISPUTE,
        [{"property": "line.cause", "operator": "is_one_of", "value": "rate, unknown"}],
    )
    one, two = sent(office), sent(office)
    posted(office, answer(one, "85.00", "80.00"), answer(two, "84.00", "80.00", payer_control="ICN2"))
    assert len(proposed(office)) == 2

    with office.reading():
        by_claim = {line.claim: line for line in queries.listing(filters=Filters(), page=PageAsk()).rows}
    with office.scope():
        lines.accept(
            actor=office.actor, underpayment=by_claim[one.public_id].public_id, why="Agreed by telephone", at=office.at
        )
    first = answer(two, "84.00", "80.00", payer_control="ICN2")
    posted(office, payer.reversal(first), answer(two, "92.40", "80.00", payer_control="ICN3"), number=2)

    assert proposed(office) == []
    assert len(proposed(office, "lapsed")) == 2


def differences(office: Office, **asked: str) -> dict[tuple[About, str], DifferenceRow]:
    with office.reading():
        terms = tuple(Term(key, "=", value, value) for key, value in asked.items())
        rows = queries.differences(filters=Filters(terms), page=PageAsk()).rows
    return {(row.about, row.code): row for row in rows}


def test_rules_speak_about_every_kind_of_difference_and_close_none(office: Office) -> None:
    """Overpaid, denied, taken back, interest, recoded, unmatched, and too much asked of the patient."""
    reason = {"property": "line.reasons", "operator": "has_any", "value": "CO-197"}
    write(office, "auth", Treatment.APPEAL, [reason], about=About.DENIED, owner=Owner.DENIALS)
    write(office, "over", Treatment.RETURN, [{"property": "line.amount", "operator": "more", "value": "5"}],
          about=About.OVERPAID, payer_id=office.payer.id)  # fmt: skip
    with pytest.raises(Refused, match="Only a line that was paid short"):
        write(office, "hide", Treatment.ACCEPT, [reason], about=About.DENIED)
    with pytest.raises(Refused, match="speaks about"):
        write(office, "auth", Treatment.APPEAL, [reason], about=About.RECODED)
    much, no, other, share = sent(office), sent(office), sent(office), sent(office)
    over = answer(much, "99.40", "80.00")
    refused = payer.claim(
        no.control,
        payer.line("99213", "140.00", reasons=["CO 197 140.00"], control=f"{no.control}-01"),
        payer.line("20610", "185.00", paid="80.00", reasons=["CO 45 105.00"], control=f"{no.control}-02"),
        payer_control="ICN2",
    )
    recoded = payer.claim(
        other.control, payer.line("99212", "140.00", paid="92.40", reasons=["CO 45 47.60"], submitted="99213",
                                  control=f"{other.control}-01"), payer_control="ICN3",
    )  # fmt: skip
    greedy = payer.claim(
        share.control, payer.line("99213", "140.00", reasons=["CO 45 47.60", "PR 1 92.40"], control=f"{share.control}-01"),
        payer.line("20610", "185.00", reasons=["PR 1 185.00"], control=f"{share.control}-02"), payer_control="ICN4",
    )  # fmt: skip
    unknown = payer.claim("SOMEONE-ELSE", payer.line("99213", "140.00", paid="50.00", reasons=["CO 45 90.00"]))
    lost = payer.reversal(payer.claim("OF-LAST-YEAR", payer.line("99213", "9.00", paid="9.00"), payer_control="ICN0"))

    office.pay(over, refused, recoded, greedy, unknown, lost, provider=[("L6", "INT", "-3.12")])
    outbox.deliver_pending(at=office.at)

    found = differences(office)
    assert {key: str(row.amount) for key, row in found.items()} == {
        (About.OVERPAID, "99213"): "7.00", (About.OVERPAID, "20610"): "105.00", (About.DENIED, "99213"): "140.00",
        (About.RECODED, "99212"): "92.40", (About.PATIENT, ""): "105.00", (About.UNMATCHED, ""): "50.00",
        (About.TAKEN_BACK, ""): "9.00", (About.INTEREST, ""): "3.12",
    }  # fmt: skip
    assert {key: row.proposed for key, row in found.items() if row.proposal} == {
        (About.OVERPAID, "99213"): "Return what is too much", (About.OVERPAID, "20610"): "Return what is too much",
        (About.DENIED, "99213"): "Appeal it",
    }  # fmt: skip
    assert set(differences(office, proposed=queries.NO_RULE)) == {
        key for key, row in found.items() if row.proposal is None
    }

    with office.scope():
        said = deciding.decide(
            actor=office.actor, subject=found[About.DENIED, "99213"].public_id, take=True, at=office.at
        )
    assert said == "It is work of denials now; the difference stays listed."
    with office.reading():
        [item] = WorkItem.objects.filter(kind="underpayments.for_denials")
    assert (item.amount, item.why.endswith("By auth. (rule auth/1)")) == (140, True)
    after = differences(office)
    assert after.keys() == found.keys(), "nothing is closed by it"
    assert after[About.DENIED, "99213"].proposal.state is Proposed.TAKEN  # type: ignore[union-attr]

    better = answer(much, "92.40", "80.00", payer_control="ICN9")
    posted(office, payer.reversal(over), better, answer(sent(office), "92.40", "80.00", payer_control="ICN8"), number=2)

    assert (About.OVERPAID, "99213") not in differences(office), "the payer has decided otherwise"
    assert (About.OVERPAID, "99213") in differences(office, gone="yes")
    assert [rule for _, rule, _ in proposed(office, "lapsed")] == ["over"]
