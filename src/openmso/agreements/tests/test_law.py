"""Rules of law as data: every rule once where it bites and once where it does not, and how well each is known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmso.agreements import rules as agreement_rules
from openmso.agreements.contracts import Mode, Party, Terms
from openmso.agreements.fees.reading import terms_of
from openmso.agreements.law import deriving, following, judging, rulebook
from openmso.agreements.law.facts import FACTS, PARTS
from openmso.agreements.law.judging import Verdict
from openmso.agreements.law.rulebook import BadRule, Moment, Outcome
from openmso.kit.conditions import Kind
from openmso.kit.periods import DayRange

ON = date(2026, 12, 1)
RULES = {one.code: one for one in rulebook.of_the_house()}


def case_of(words: str) -> dict[str, Any]:
    """Facts in a line: `fee.is_percentage`, `!scope.bills`, `agreement.days=365`."""
    made: dict[str, Any] = {}
    for word in words.split():
        name, _, value = word.lstrip("!").partition("=")
        kind = FACTS[name].kind
        match kind:
            case Kind.FLAG:
                made[name] = not word.startswith("!")
            case Kind.NUMBER | Kind.MONEY:
                made[name] = Decimal(value)
            case Kind.DAY:
                made[name] = date.fromisoformat(value)
            case Kind.CODES:
                made[name] = frozenset(value.split("+"))
            case _:
                made[name] = value
    return made


V = Verdict
PE = "mso.private_equity"
TRADE = "transaction.planned transaction.closes_on=2026-12-20"
TOLD = "transaction.noticed_on="
EACH_WAY = {
    # code: state, what makes it apply, and there: what is bad, with its verdict; what is good, with its verdict
    "AKS-PSMC-01": ("TX", "relation.federal", "agreement.is_written !agreement.is_signed", V.STOPS,
                    "agreement.is_written agreement.is_signed", V.MEETS),
    "AKS-PSMC-02": ("TX", "relation.federal", "!agreement.covers_all", V.STOPS, "agreement.covers_all", V.MEETS),
    "AKS-PSMC-03": ("TX", "relation.federal !agreement.again_within_year", "agreement.days=364", V.STOPS,
                    "agreement.days=365", V.MEETS),
    "AKS-PSMC-04": ("TX", "relation.federal fee.set_in_advance fee.is_fmv", "fee.by_referrals", V.STOPS,
                    "!fee.by_referrals", V.MEETS),
    "AKS-PSMC-05": ("TX", "relation.federal !scope.promotes_unlawful", "!scope.is_reasonable", V.STOPS,
                    "scope.is_reasonable", V.MEETS),
    "AKS-OBP-06": ("TX", "fee.has_outcomes outcome.measured outcome.method_written outcome.improves",
                   "outcome.payer_kind=manufacturer", V.STOPS, "outcome.payer_kind=practice", V.MEETS),
    "AKS-PCT-07": ("TX", "fee.is_percentage scope.bills practice.federal_revenue=1", "!counsel.approved", V.TELLS,
                   "counsel.approved", None),
    "STARK-FMV-01": ("TX", "relation.dhs relation.physician_financial fmv.is_reasonable", "!fmv.on_file", V.STOPS,
                     "fmv.on_file", V.MEETS),
    "STARK-SET-02": ("TX", "change.of_compensation change.is_written !fee.by_referrals", "!change.is_prospective",
                     V.STOPS, "change.is_prospective", V.MEETS),
    "LEASE-01": ("TX", "lease.between_parties lease.is_signed lease.days=365 lease.rent_in_advance lease.is_fmv",
                 "lease.beyond_need", V.STOPS, "!lease.beyond_need", V.MEETS),
    "LEASE-02": ("TX", "lease.between_parties relation.dhs", "lease.rent_kind=percentage", V.STOPS,
                 "lease.rent_kind=fixed", None),
    "LEASE-03": ("TX", "lease.is_holdover lease.first_complied lease.is_fmv", "!lease.same_terms", V.STOPS,
                 "lease.same_terms", V.MEETS),
    "GPO-01": ("TX", "gpo.receives_fees gpo.is_written gpo.disclosed_this_year",
               "gpo.fee_rate=3.1 !gpo.amount_disclosed", V.STOPS, "gpo.fee_rate=3 !gpo.amount_disclosed", V.MEETS),
    "GPO-02": ("TX", "gpo.receives_fees", "practice.wholly_owned_by_mso", V.STOPS, "!practice.wholly_owned_by_mso",
               None),
    "DISC-01": ("TX", "discount.passed_on discount.on_invoice discount.cost_report", "!discount.same_year", V.STOPS,
                "discount.same_year", V.MEETS),
    "JV-01": ("TX", "jv.referring_investors jv.by_capital !jv.lends_to_investors !jv.by_volume jv.referring_share=40",
              "jv.referred_revenue=41", V.STOPS, "jv.referred_revenue=40", V.MEETS),
    "MCR-REASSIGN-01": ("TX", "reassign.medicare_to_mso reassign.agency_agreement reassign.revocable",
                        "fee.is_contingent", V.STOPS, "!fee.is_contingent", V.MEETS),
    "MCR-REASSIGN-02": ("TX", "fee.is_percentage", "reassign.account_of_practice", V.MEETS,
                        "!reassign.account_of_practice", None),
    "MCR-BANK-03": ("TX", "sweep.government reassign.account_of_practice sweep.practice_instructs "
                    "sweep.offset_waived", "sweep.receivables_sold", V.STOPS, "!sweep.receivables_sold", V.MEETS),
    "MCD-AGENT-01": ("TX", "reassign.medicaid_to_mso !sweep.receivables_sold", "fee.is_contingent", V.STOPS, "!fee.is_contingent", None),
    "HIPAA-BA-01": ("TX", "scope.touches_phi baa.downstream", "!baa.in_force", V.STOPS, "baa.in_force", V.MEETS),
    "HIPAA-BA-02": ("TX", "breach.discovered_on=2026-09-01", "breach.told_on=2026-11-01", V.LATE,
                    "breach.told_on=2026-09-03", V.MEETS),
    "HIPAA-BA-03": ("TX", "scope.touches_phi phi.certificate !phi.protected", "!phi.returned", V.STOPS,
                    "phi.returned", V.MEETS),
    "OIG-EXCL-01": ("TX", "exclusion.screened", "exclusion.matched", V.STOPS, "!exclusion.matched", V.MEETS),
    "MSSP-PUB-01": ("TX", "aco.earns", "!aco.published", V.STOPS, "aco.published", V.MEETS),
    "OR-951-01": ("OR", "", "mso.owns_majority", V.STOPS, "!mso.owns_majority", None),
    "OR-951-02": ("OR", "dual.serves_both dual.is_physician dual.mso_shares_incidental", "dual.practice_share=10.1",
                  V.STOPS, "dual.practice_share=10", V.MEETS),
    "OR-951-03": ("OR", "stock.mso_controls", "!stock.listed_events_only", V.STOPS, "stock.listed_events_only",
                  V.MEETS),
    "OR-951-04": ("OR", "!mso.causes_issue !mso.finances_majority", "mso.holds_proxy", V.STOPS, "!mso.holds_proxy",
                  None),
    "OR-951-05": ("OR", "", "", V.RESERVES, "practice.profession=optometry", None),
    "OR-951-06": ("OR", "clause.secrecy !clause.noncompete", "clause.licensee_share=9", V.STOPS,
                  "clause.licensee_share=10", V.MEETS),
    "OR-951-07": ("OR", "", "practice.profession=dentistry", V.EXEMPT,
                  "practice.profession=medicine practice.kind=group", None),
    "OR-CPOM-08": ("OR", "practice.profession=medicine", "!practice.majority_licensed", V.STOPS,
                   "practice.majority_licensed", V.MEETS),
    "CA-351-01": ("CA", "practice.profession=medicine", PE, V.RESERVES, f"!{PE}", None),
    "CA-351-02": ("CA", PE, "practice.profession=dentistry", V.RESERVES, "practice.profession=optometry", None),
    "CA-351-03": ("CA", f"{PE} clause.bars_competition !clause.bars_speech", "!clause.sale_of_business", V.STOPS,
                  "clause.sale_of_business", V.MEETS),
    "CA-351-04": ("CA", "", PE, V.TELLS, f"!{PE}", None),
    "CA-1415-05": ("CA", TRADE, f"{TOLD}2026-09-22", V.STOPS, f"{TOLD}2026-09-21", V.MEETS),
    "CA-MBC-06": ("CA", "", "", V.RESERVES, "", V.RESERVES),
    "CA-650-07": ("CA", "fee.is_percentage !fee.by_referrals", "!fee.is_fmv", V.STOPS, "fee.is_fmv", V.MEETS),
    "CA-ART-08": ("CA", "", "stock.mso_replaces", V.TELLS, "!stock.mso_replaces", None),
    "NY-FS-01": ("NY", "", "fee.is_percentage", V.STOPS, "!fee.is_percentage", None),
    "NY-CPOM-02": ("NY", "!control.hiring !control.scripts !control.targets", "control.bank", V.STOPS,
                   "!control.bank", None),
    "NY-TX-03": ("NY", f"{TRADE} transaction.revenue_added=25000000", f"{TOLD}2026-11-21", V.STOPS,
                 f"{TOLD}2026-11-20", V.MEETS),
    "IL-FS-01": ("IL", "fee.is_percentage fee.billing_conditions", "!scope.only_billing", V.STOPS,
                 "scope.only_billing", V.MEETS),
    "IL-TX-02": ("IL", f"{TRADE} !transaction.common_ownership", f"{TOLD}2026-11-21", V.STOPS, f"{TOLD}2026-11-20",
                 V.MEETS),
    "FL-FS-01": ("FL", "fee.is_percentage", "scope.network_development", V.STOPS, "!scope.network_development",
                 None),
    "TX-OPT-01": ("TX", "practice.profession=optometry !fee.divides_professional", "fee.is_percentage", V.STOPS,
                  "!fee.is_percentage", None),
    "TX-OPT-02": ("TX", "practice.profession=optometry premises.shared_with_optician premises.own_books",
                  "!premises.walled", V.STOPS, "premises.walled", V.MEETS),
    "TX-CPOM-03": ("TX", "", "control.non_physician", V.STOPS, "!control.non_physician", None),
    "MA-343-01": ("MA", f"{TRADE} practice.net_revenue=25000000.01", f"{TOLD}2026-10-22", V.STOPS,
                  f"{TOLD}2026-10-21", V.MEETS),
    "MA-343-02": ("MA", "fca.known", "!fca.disclosed", V.TELLS, "fca.disclosed", None),
    "IN-1666-01": ("IN", f"{TRADE} transaction.assets=10000000 !transaction.physician_owned", f"{TOLD}2026-09-22",
                   V.STOPS, f"{TOLD}2026-09-21", V.MEETS),
    "IN-1666-02": ("IN", "ownership.group_practice", "ownership.reported_on=2025-11-30", V.LATE,
                   "ownership.reported_on=2026-06-01", V.RUNS),
    "WA-19390-01": ("WA", f"{TRADE} transaction.providers=7", f"{TOLD}2026-10-22", V.STOPS, f"{TOLD}2026-10-21",
                    V.MEETS),
    "WA-5387-02": ("WA", "", "", V.TELLS, "", V.TELLS),
    "NM-586-01": ("NM", TRADE, f"{TOLD}2026-08-23", V.STOPS, f"{TOLD}2026-08-22", V.MEETS),
    "WATCH-2026": ("VT", "", "", V.TELLS, "", V.TELLS),
    "GEN-CPOM-01": ("CO", "place.cpom=strong", "!practice.owner_licensed", V.STOPS, "practice.owner_licensed", None),
    "GEN-FMV-02": ("CO", "place.cpom=strong", "fee.is_percentage", V.SWITCHES, "!fee.is_percentage", None),
}  # fmt: skip
SINCE = "agreement.begun_on=2026-06-01"


def judged(code: str, state: str, facts: str, *, on: date = ON, signed_off: bool = True) -> judging.Finding | None:
    """What one rule of the house comes to among all of them, at a moment of its own."""
    rules = [replace(one, signed_off="Counsel") if signed_off else one for one in RULES.values()]
    moment = sorted(RULES[code].moments)[0]
    found = judging.judge(rules, case_of(f"{SINCE} {facts}"), state=state, moment=moment, on=on)
    return next((one for one in found if one.rule.code == code), None)


def verdict(*args: Any, **kwargs: Any) -> Verdict | None:
    found = judged(*args, **kwargs)
    return found.verdict if found else None


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_bites_where_it_is_broken_and_not_where_it_is_kept(code: str) -> None:
    state, there, bad, bites, good, kept = EACH_WAY[code]
    assert (verdict(code, state, f"{there} {bad}"), verdict(code, state, f"{there} {good}")) == (bites, kept)
    if RULES[code].places != ("US",):
        elsewhere = next(one for one in ("AK", "ND") if one not in RULES[code].places)
        assert judged(code, elsewhere, f"{there} {bad}") is None


def test_the_rules_are_those_of_the_checked_facts_with_their_citations(shared: Path) -> None:
    rows = json.loads((shared / "facts/mso_rules.json").read_text())
    assert {row["id"]: row["citation"] for row in rows} == {one.code: one.citation for one in RULES.values()}
    states = (shared / "facts/cpom_states.csv").read_text().splitlines()[1:]
    assert dict(rulebook.doctrines()) == {row.split(",")[0]: row.split(",")[1] for row in states}
    for row in rows:
        is_sure = row["evidence"].startswith("V") and "proposed" not in row["evidence"]
        assert RULES[row["id"]].is_hard is is_sure, row["id"]


def test_what_is_only_watched_says_when_it_is_looked_at_again_and_a_profession_is_told_by_what_is_billed() -> None:
    watched = [one for one in RULES.values() if one.outcome is Outcome.WATCH]
    assert {one.code for one in watched} == {"WA-5387-02", "WATCH-2026"}
    told = judged("WATCH-2026", "VT", "")
    assert (told and told.due_on) == RULES["WATCH-2026"].review_on
    assert deriving.profession("multi", ["225100000X"]) == "physical_therapy"
    assert deriving.profession("optometry", ["207W00000X"]) == "optometry"
    assert deriving.profession("multi", ["225100000X", "207Q00000X"]) == "medicine"
    sold = "reassign.medicaid_to_mso !fee.is_contingent sweep.receivables_sold"
    assert verdict("MCD-AGENT-01", "TX", sold) is V.STOPS, "factoring"


def test_a_rule_that_was_only_recalled_warns_until_counsel_signs_it_off() -> None:
    recalled = judged("CA-650-07", "CA", "fee.is_percentage !fee.is_fmv !fee.by_referrals", signed_off=False)
    assert recalled is not None
    assert recalled.verdict is V.STOPS
    assert not recalled.stops
    assert "Not confirmed by counsel" in recalled.cited
    signed = judged("CA-650-07", "CA", "fee.is_percentage !fee.is_fmv !fee.by_referrals")
    assert signed is not None
    assert signed.stops
    assert signed.cited.endswith("(B&P 650(b))")


def test_what_nobody_has_said_is_asked_for_and_stops_only_what_surely_applies() -> None:
    unsure = judged("LEASE-01", "TX", "")
    assert unsure is not None
    assert (unsure.verdict, unsure.stops) == (V.ASKS, False)
    assert unsure.asked == ("One party leases premises or equipment to the other",)
    applies = judged("LEASE-01", "TX", "lease.between_parties lease.is_signed lease.is_fmv")
    assert applies is not None
    assert (applies.verdict, applies.stops) == (V.ASKS, True)
    assert applies.asked == ("Days of the lease", "The rent is set in advance", "More is leased than is needed")


def test_oregon_gives_existing_relationships_until_2029_and_new_ones_no_time() -> None:
    broken = "mso.owns_majority practice.profession=medicine"
    assert verdict("OR-951-01", "OR", broken, on=date(2025, 12, 31)) is None
    assert verdict("OR-951-01", "OR", broken, on=date(2026, 6, 1)) is V.STOPS
    old = case_of(f"agreement.begun_on=2024-01-01 {broken}")
    for on, held in ((date(2028, 12, 31), None), (date(2029, 1, 1), V.STOPS)):
        found = judging.judge(RULES.values(), old, state="OR", moment=Moment.SIGN, on=on)
        assert next((one.verdict for one in found if one.rule.code == "OR-951-01"), None) is held


def test_decisions_are_reserved_by_state_owners_and_profession() -> None:
    def reserved(state: str, facts: str) -> str:
        found = judging.judge(RULES.values(), case_of(f"{SINCE} {facts}"), state=state, moment=Moment.SIGN, on=ON)
        return " ".join(sorted(judging.reserved(found)))

    assert reserved("OR", "practice.profession=medicine") == "RD03 RD04 RD06 RD07 RD09 RD11 RD12 RD13 RD14 RD15"
    assert reserved("OR", "practice.profession=optometry") == ""
    assert reserved("CA", f"!{PE}") == "RD01 RD02 RD03 RD04 RD05 RD06 RD07 RD08 RD09 RD10"
    assert reserved("TX", "") == ""
    named = {code for one in RULES.values() for code in one.reserves}
    assert named <= set(agreement_rules.RESERVED)


KINDS: dict[str, dict[str, Any]] = {
    "percent": {"kind": "percent", "rate": "6%", "of": "net_collections"},
    "flat": {"kind": "flat", "amount": "4200.00", "per": "month"},
    "cost_plus": {"kind": "cost_plus", "costs": [{"name": "payroll", "markups": ["10%"]}]},
}


def fee_in(state: str, kind: str) -> list[judging.Finding]:
    """What the rules of a state come to for terms whose fee is of a kind, by what the terms themselves say."""
    days = DayRange(date(2026, 6, 1), None)
    fee = terms_of({"period": "month", "components": [KINDS[kind]]})
    terms = Terms(Mode.THIRD_PARTY, Party(1, 1, "M", "1"), Party(2, 2, "P", "2"), days, (), fee)
    facts = deriving.from_terms(
        terms, state=state, specialty="primary_care", begun_on=days.starts_on, starts_on=days.starts_on, before=None,
        agreed_on=ON, has_baa=True,
    )  # fmt: skip
    return judging.judge(RULES.values(), facts, state=state, moment=Moment.SIGN, on=ON)


@pytest.mark.parametrize("state", sorted(rulebook.STATES))
def test_a_percentage_gives_way_to_a_flat_fee_or_cost_plus_in_every_state_whose_rules_say_so(state: str) -> None:
    """By the doctrine of each state, as the data have it; and what is offered instead is not asked to give way."""
    says_so = rulebook.doctrines().get(state) in {"strong", "moderate"}
    switches = [one for one in fee_in(state, "percent") if one.verdict is V.SWITCHES]
    assert [one.rule.code for one in switches] == (["GEN-FMV-02"] if says_so else [])
    offered = {kind for one in switches for kind in one.rule.offers}
    assert offered == ({"flat", "cost_plus"} if says_so else set())
    of_fees = {"GEN-FMV-02", "NY-FS-01", "IL-FS-01", "FL-FS-01", "TX-OPT-01", "CA-650-07", "AKS-PCT-07"}
    for kind in ("flat", "cost_plus"):
        assert not [one for one in fee_in(state, kind) if one.rule.code in of_fees and one.applies]


def part(**component: Any) -> bool | None:
    """Whether a fee of one part follows revenue."""
    return following.follows(terms_of({"period": "month", "components": [component]}))


def test_a_fee_follows_revenue_by_what_it_is_of_whatever_its_parts_are_called() -> None:
    cost = {"kind": "cost_plus"}
    unit = {"kind": "per_unit", "price": "0.06"}
    assert part(**unit, unit="dollar collected", count="net_collections") is True
    assert part(**unit, unit="point", count="gross_charges") is True
    assert part(**unit, unit="claim") is False, "negative control: a claim is a claim"
    assert part(**unit, unit="task:denials.first_touch") is False
    assert part(**unit, unit="audit") is None, "nobody knows what is counted: somebody says"
    assert part(**cost, costs=[{"name": "net_collections", "markups": ["6%"]}]) is True
    assert part(**cost, costs=[{"name": "payroll", "markups": ["6%"]}, {"name": "collection_services"}]) is False
    assert part(kind="percent", rate="6%", of="pde") is True
    assert part(kind="percent", rate="15%", of="payroll") is False, "a mark-up on a cost"
    assert part(kind="percent", rate="15%", of="net_of_expenses") is True
    tiers = {"kind": "tiers", "how": "marginal", "of": "units_of_value", "per": "month", "bands": [{"rate": "5%"}]}
    assert part(**tiers) is True
    assert part(kind="residual", of="balance") is True
    least = [{"kind": "flat", "amount": "9000.00", "per": "month"}, {"kind": "percent", "rate": "6%", "of": "npr"}]
    assert part(kind="lesser_of", of=least) is True
    assert part(**least[0]) is False


def test_a_fact_has_one_of_its_values_however_it_is_written_and_a_notice_counts_from_its_day() -> None:
    assert deriving.value_of("practice.profession", " Optometry ") == "optometry"
    assert deriving.value_of("practice.profession", "Physical Therapy") == "physical_therapy"
    assert deriving.value_of("place.state", "tx") == "TX"
    assert deriving.value_of("fee.kinds", "Percent, flat") == {"percent", "flat"}
    for name, said in (("lease.rent_kind", "a share"), ("place.state", "Texas"), ("scope.lines", "billing")):
        with pytest.raises(deriving.BadFact, match="is none") as no:
            deriving.value_of(name, said)
        assert no.value.fix.startswith("One of: ")
    told = f"transaction.planned transaction.closes_on=2027-06-01 {TOLD}2026-12-02"
    assert verdict("CA-1415-05", "CA", told) is V.RUNS, "tomorrow's notice is not given"
    assert verdict("CA-1415-05", "CA", told, on=date(2026, 12, 2)) is V.MEETS
    found = "breach.discovered_on=2026-11-30"
    assert verdict("HIPAA-BA-02", "TX", f"{found} baa.notice_hours=48", on=date(2026, 12, 3)) is V.LATE, "two days"
    assert verdict("HIPAA-BA-02", "TX", f"{found} baa.notice_hours=48", on=date(2026, 12, 2)) is V.RUNS
    assert verdict("HIPAA-BA-02", "TX", f"{found} baa.notice_hours=2000", on=date(2027, 1, 30)) is V.LATE, "never later"
    assert verdict("HIPAA-BA-02", "TX", "breach.discovered_on=2026-09-15 breach.told_on=2026-12-02") is V.LATE


def test_a_rule_written_as_data_reads_back_the_same_and_a_bad_one_says_what_mends_it() -> None:
    for one in RULES.values():
        assert rulebook.rule_of(rulebook.as_data(one)) == one
    good = rulebook.as_data(RULES["NY-FS-01"])
    for field, value, words in (
        ("places", ["XX"], "is no state"), ("outcome", "forbid", "not known of outcome"),
        ("when", ["fee.colour is red"], "no property"), ("when", ["fee.is_percentage more 3"], "cannot be compared"),
        ("when", ["practice.profession is Optometrist"], "is none"), ("from", "soon", "is no day"), ("words", "", "without words"), ("colour", "red", "not known of a rule"),
        ("outcome", "require", "what it needs"), ("outcome", "reserve", "which decisions"),
        ("outcome", "clock", "when it runs"),
    ):  # fmt: skip
        with pytest.raises(BadRule, match=words) as no:
            rulebook.rule_of(good | {field: value})
        assert no.value.field
    text = files("openmso.agreements.law").joinpath("rules.toml").read_text(encoding="utf-8")
    with pytest.raises(BadRule, match="AKS-PSMC-01 stands twice"):
        rulebook.read_toml(text + text)
    with pytest.raises(BadRule, match="not TOML"):
        rulebook.read_toml("[[rule")


def test_every_fact_is_asked_by_some_rule_and_stands_under_a_part() -> None:
    asked = {name for one in RULES.values() for name in judging.facts_of(one)}
    told = {"place.state", "agreement.mode", "fee.kinds", "scope.lines", "agreement.begun_on", "mso.ownership"}
    silent = set(FACTS) - asked - told - {"practice.is_multi_specialty"}
    assert silent == set()
    assert {one.group for one in FACTS.values()} == set(PARTS)


FLAGS = sorted(name for name, one in FACTS.items() if one.kind is Kind.FLAG)


@given(st.dictionaries(st.sampled_from(FLAGS), st.booleans()), st.sampled_from(sorted(rulebook.STATES)))
def test_saying_more_never_takes_away_a_stop_that_needed_no_more(known: dict[str, bool], state: str) -> None:
    """A rule that stops for what is broken stops whatever else becomes known; only unanswered questions go."""

    def stops(case: dict[str, Any]) -> set[str]:
        found = judging.judge(RULES.values(), case, state=state, moment=Moment.SIGN, on=ON)
        return {one.rule.code for one in found if one.verdict is V.STOPS and one.rule.outcome is not Outcome.NOTICE}

    half: dict[str, Any] = dict(list(known.items())[: len(known) // 2])
    assert stops(half) <= stops(dict(known))
