"""Rules of denials: plain values in, a judgement out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from openmso.denials.contracts import Act, Category, Cause, MapRule, Owner, Record
from openmso.denials.rules import causes, deadlines, mapping, patients, worth
from openmso.denials.rules.mapping import Said
from openmso.kit.money import Money
from openmso.remittances.queries.denied import reasons

D, TODAY = Decimal, date(2026, 3, 12)


def judge(text: str, *ours: MapRule, payer: int | None = None, whole: bool = False) -> mapping.Judged:
    codes, *remarks = text.split()
    group, _, reason = codes.partition("-")
    return mapping.judge(Said(group, reason, tuple(remarks), payer, whole), reasons(), ours)


@pytest.mark.parametrize(
    ("said", "category", "owner", "action"),
    [
        ("CO-197", Category.AUTH, Owner.AUTH, "retro_auth_or_appeal"),
        ("CO-29", Category.TIMELY_FILING, Owner.BILLING, "appeal_with_proof"),
        ("CO-16 N290", Category.MISSING_INFO, Owner.BILLING, "corrected_claim"),
        ("CO-16 MA61", Category.ELIGIBILITY, Owner.FRONT_END, "correct_member_and_rebill"),
        ("CO-252 N706", Category.DOCUMENTATION, Owner.CLINICAL_APPEALS, "send_records"),
        ("CO-96 N130", Category.NON_COVERED, Owner.BILLING, "bill_patient_if_PR"),
        ("OA-18", Category.DUPLICATE, Owner.BILLING, "check_original"),
    ],
)
def test_group_reason_and_remark_together_say_what_it_is(
    said: str, category: Category, owner: Owner, action: str
) -> None:
    found = judge(said)

    assert (found.category, found.owner, found.action) == (category, owner, action)


@pytest.mark.parametrize("reason", sorted(mapping.NEEDS_REMARK - {"267"}))
def test_a_reason_that_needs_a_remark_and_has_none_is_asked_about(reason: str) -> None:
    found = judge(f"CO-{reason}")

    assert mapping.act_of(found.action) is Act.ASK
    assert "ask it what is wrong" in found.note


def test_a_code_that_is_on_no_map_is_unknown_work_and_never_lost() -> None:
    found = judge("CO-999")

    assert (found.category, found.is_denial) == (Category.UNKNOWN, True)
    assert "999" in found.note


def test_the_whole_charge_as_contract_is_a_denial_without_a_reason() -> None:
    assert judge("CO-45", whole=True).category is Category.DENIAL_GENERIC
    assert judge("OA-45").is_denial is False


def test_a_duplicate_written_under_another_group_is_doubted() -> None:
    assert "OA 18" in judge("CO-18").note
    assert not judge("OA-18").note


def test_every_reason_has_words_for_its_category_its_queue_and_its_action() -> None:
    for reason in reasons().values():
        if reason.is_denial:
            assert Category.of(reason.category) is not Category.UNKNOWN, reason
        assert Owner(reason.owner)
        assert reason.action in mapping.actions(), reason
        assert not reason.stage or reason.stage in causes.STAGES, reason
        assert not reason.is_denial or reason.category.lower() in mapping.priors(), reason


def test_the_network_s_own_map_goes_first_and_the_most_precise_line_wins() -> None:
    any_payer = MapRule("", "197", "", None, "auth", "billing", "review", "", number=1)
    of_payer = MapRule("", "197", "", 7, "referral", "auth", "get_referral", "auth", number=2)

    assert judge("CO-197", any_payer, of_payer).owner is Owner.BILLING
    assert judge("CO-197", any_payer, of_payer, payer=7).category is Category.REFERRAL
    assert judge("CO-198", any_payer).owner is Owner.AUTH


def test_co_never_moves_to_the_patient() -> None:
    assert patients.why_not("CO", "96") is not None
    assert patients.why_not("PI", "303") is not None
    assert patients.why_not("OA", "96") is None


@pytest.mark.parametrize(
    ("due", "weight"),
    [("2026-03-11", "0.00"), ("2026-03-12", "1.00"), ("2026-03-19", "1.00"), ("2026-03-20", "0.75"),
     ("2026-04-11", "0.75"), ("2026-04-12", "0.50")],
)  # fmt: skip
def test_time_presses_in_steps_and_ends(due: str, weight: str) -> None:
    assert worth.weight(date.fromisoformat(due), TODAY) == D(weight)


def test_worth_is_dollars_times_rate_times_time_and_few_cases_move_it_little() -> None:
    def value(record: Record) -> tuple[Decimal, Money]:
        found = worth.worth(amount=Money.of("200.00"), category=Category.AUTH, record=record, due_on=TODAY, on=TODAY)
        return found.rate, found.value

    assert value(Record()) == (D("0.4000"), Money.of("80.00"))
    assert value(Record(1, D(1), 1, D(1)))[0] == D("0.5041"), "(1 + 10 x (1 + 4) / 11) / 11"
    assert value(Record(990, D(0), 990, D(0)))[0] < D("0.01"), "what happened outweighs what was thought"


def test_who_does_the_work_caused_what_it_could_have_caught() -> None:
    assert causes.cause("", {"eligibility"})[0] is Cause.PAYER
    assert causes.cause("auth", {"eligibility"})[0] is Cause.MSO
    assert causes.cause("auth", {"denials"})[0] is Cause.PRACTICE
    assert causes.cause("documentation", {"eligibility", "denials"})[0] is Cause.PRACTICE


def test_what_the_contract_gives_comes_before_what_the_payer_says() -> None:
    served = date(2026, 1, 5)
    agreed = {"appeal": (60, "remittance"), "corrected": (365, "service")}

    last = deadlines.deadlines(None, TODAY, served_on=served, agreed=agreed)

    assert ((last.of("appeal") - TODAY).days, (last.of("corrected_claim") - served).days) == (60, 365)
    unknown = deadlines.deadlines(None, TODAY, agreed={"corrected": (365, "last service")})
    assert (unknown.of("corrected_claim") - TODAY).days == deadlines.HOUSE_DAYS, "counted from a day nobody knows"


def test_an_unknown_payer_leaves_the_shortest_time() -> None:
    last = deadlines.deadlines(None, TODAY, agreed={})

    assert (last.of("corrected_claim") - TODAY).days == (last.of("appeal") - TODAY).days == deadlines.HOUSE_DAYS
    assert [one.number for one in deadlines.levels(None)] == [1, 2, 3]
