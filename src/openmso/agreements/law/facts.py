"""The facts that rules of law are asked over: what each is called, what kind it is, what it means, when it is asked.

A fact that nobody has said is unknown, and a rule that needs it asks for it by its label.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from openmso.kit.conditions import Catalogue, Kind, Property
from openmso.platform.access.registry import LINES

Case = Mapping[str, Any]
"""What is known of a relationship, by the names of `FACTS`; a name that is absent is unknown."""

PARTS: Mapping[str, str] = {
    "place": "Where the practice is",
    "practice": "The practice",
    "mso": "The MSO and who owns it",
    "relation": "What moves between the parties",
    "agreement": "The agreement",
    "scope": "What the MSO does",
    "fee": "The fee",
    "fmv": "Fair market value",
    "counsel": "Counsel",
    "clause": "Clauses",
    "control": "Who controls what",
    "stock": "Shares of the practice",
    "dual": "People of both sides",
    "reassign": "Who receives what the government pays",
    "sweep": "Transfers out of the account for government receivables",
    "baa": "Business associate agreement",
    "phi": "Patients' records at the end",
    "breach": "A breach of patients' records",
    "exclusion": "Excluded people and firms",
    "outcome": "Payments for outcomes",
    "change": "A change of compensation",
    "lease": "Lease of premises or equipment",
    "gpo": "Fees that vendors pay to the MSO",
    "discount": "Discounts and rebates passed on",
    "jv": "Joint venture",
    "aco": "Shared savings",
    "premises": "Premises",
    "transaction": "A transaction",
    "fca": "False claims",
    "ownership": "Reports of ownership",
}
"""The parts under which facts are asked, in the order of the form."""

_YES_NO: Mapping[str, str] = {
    "practice.owner_licensed": "Every owner of the practice is licensed in its state",
    "practice.majority_licensed": "Licensees of the state hold at least 51 % of the practice",
    "practice.is_multi_specialty": "The practice has several specialties",
    "practice.wholly_owned_by_mso": "The practice is wholly owned by the MSO or by its parent",
    "mso.private_equity": "A private equity group or hedge fund is involved with the MSO or the practice",
    "mso.owns_majority": "The MSO or its people own or control most of the practice's shares",
    "mso.holds_proxy": "The MSO votes shares of the practice by proxy",
    "mso.causes_issue": "The MSO decides on new shares or dividends of the practice",
    "mso.finances_majority": "The MSO finances somebody's purchase of most of the practice's shares",
    "relation.federal": "A party can refer or recommend business that a federal health programme pays",
    "relation.dhs": "Designated health services are furnished (laboratory, imaging, equipment, drugs)",
    "relation.physician_financial": "A physician who refers them, or family, has a financial relationship",
    "agreement.is_written": "It is in writing and covers what is done",
    "agreement.is_signed": "Both parties sign it",
    "agreement.covers_all": "The register of arrangements lists every service between the parties",
    "agreement.again_within_year": "It was ended within its first year and new terms cover the same services",
    "scope.touches_phi": "The MSO or a subcontractor touches patients' records",
    "scope.is_reasonable": "The services are no more than a reasonable business purpose needs",
    "scope.promotes_unlawful": "The services promote something unlawful",
    "scope.bills": "The MSO bills or markets",
    "scope.network_development": "The MSO builds networks, contracts with payers or brings in patients",
    "scope.only_billing": "The fee pays for billing and collection alone",
    "fee.is_percentage": "The fee follows revenue or collections",
    "fee.is_contingent": "The fee depends on what is billed or collected",
    "fee.set_in_advance": "The method of the fee is set in advance",
    "fee.by_referrals": "The fee follows the volume or value of referrals",
    "fee.is_fmv": "The fee is consistent with fair market value",
    "fee.billing_conditions": "The state's conditions for a percentage to a billing service are met",
    "fee.divides_professional": "The fee divides what optometric services or goods earn with a lay person",
    "fee.has_outcomes": "A part of the fee is paid for outcomes",
    "fmv.on_file": "An opinion of fair market value with method, range and expiry is on file",
    "fmv.is_reasonable": "A file shows that the arrangement is commercially reasonable",
    "counsel.approved": "Counsel approved the fee",
    "clause.noncompete": "A clause keeps a licensee from competing",
    "clause.secrecy": "A clause keeps a licensee from speaking (non-disclosure, non-disparagement)",
    "clause.bars_competition": "A clause bars competition after the end",
    "clause.bars_speech": "A clause bars speech about quality or ethics",
    "clause.sale_of_business": "The clause belongs to a sale of the business",
    "control.hiring": "The MSO decides on hiring of clinicians",
    "control.scripts": "The MSO scripts what clinicians say",
    "control.bank": "The MSO controls the practice's bank account",
    "control.targets": "The MSO sets clinicians revenue targets",
    "control.non_physician": "Somebody who is no physician employs physicians or controls the practice",
    "stock.mso_controls": "The MSO controls who shares of the practice go to",
    "stock.listed_events_only": "It does so on listed events alone (loss of licence, exclusion, death)",
    "stock.mso_replaces": "The MSO can replace the owner of the practice at will",
    "dual.serves_both": "Somebody serves both the MSO and the practice it manages",
    "dual.is_physician": "That person is a physician and an independent contractor at fair market value",
    "dual.mso_shares_incidental": "That person's shares in the MSO are incidental to the pay",
    "reassign.medicare_to_mso": "The MSO receives what Medicare pays",
    "reassign.medicaid_to_mso": "The MSO receives what Medicaid pays",
    "reassign.agency_agreement": "An agency agreement exists, and the agent acts for the practice alone",
    "reassign.revocable": "The practice may change or revoke where the money goes at any time",
    "reassign.account_of_practice": "The account is in the practice's name and it alone instructs the bank",
    "sweep.government": "Money is moved out of the account for government receivables by a standing order",
    "sweep.practice_instructs": "The bank follows the practice alone and the order is revocable",
    "sweep.offset_waived": "The bank waives offset",
    "sweep.receivables_sold": "Government receivables are sold",
    "baa.in_force": "A business associate agreement of this practice is in force",
    "baa.downstream": "Subcontractors who touch records have theirs",
    "phi.returned": "Patients' records were returned or destroyed",
    "phi.protected": "Protections go on for what cannot be returned",
    "phi.certificate": "A certificate says so",
    "exclusion.screened": "Screened before the start and within the last month",
    "exclusion.matched": "The screening matched",
    "outcome.measured": "The outcome is measured by evidence, against a benchmark",
    "outcome.method_written": "The method is in writing",
    "outcome.improves": "It lowers cost or improves quality",
    "change.of_compensation": "The formula of a compensation changes within the term",
    "change.is_prospective": "It changes for services to come, before they are furnished",
    "change.is_written": "The change is in writing",
    "lease.between_parties": "One party leases premises or equipment to the other",
    "lease.is_signed": "The lease is signed and describes what is leased",
    "lease.rent_in_advance": "The rent is set in advance",
    "lease.is_fmv": "The rent is fair market value",
    "lease.beyond_need": "More is leased than is needed",
    "lease.is_holdover": "The lease has expired and the tenant stays",
    "lease.first_complied": "The first lease complied",
    "lease.same_terms": "It goes on upon the same terms",
    "gpo.receives_fees": "Vendors pay the MSO a fee on what practices buy",
    "gpo.is_written": "A written agreement with each practice says so",
    "gpo.amount_disclosed": "It states the exact or the highest amount",
    "gpo.disclosed_this_year": "Each practice got the year's written disclosure by vendor",
    "discount.passed_on": "A rebate or a discount by volume is passed on to the practice",
    "discount.same_year": "It is credited in the same year",
    "discount.on_invoice": "The invoice discloses it",
    "discount.cost_report": "Where cost reports are filed it is noted there",
    "jv.referring_investors": "Somebody who can refer invests in a small entity",
    "jv.by_capital": "Returns follow capital alone",
    "jv.lends_to_investors": "The venture lends to investors who refer",
    "jv.by_volume": "Terms of investing follow the volume of referrals",
    "aco.earns": "An accountable care organization earned shared savings",
    "aco.published": "Its public report says the amount and the shares it is used for",
    "premises.shared_with_optician": "An optometrist and an optician share premises",
    "premises.walled": "A full-height wall and an own public entrance separate them",
    "premises.own_books": "Their books are separate",
    "transaction.planned": "A transaction is planned (merger, affiliation, change of control, sale)",
    "transaction.common_ownership": "Its parties are under common ownership",
    "transaction.physician_owned": "Most of the entity is owned by physicians who practise in it",
    "transaction.out_of_state": "A party is from another state",
    "fca.known": "An owner or investor knows of a violation of the False Claims Act",
    "fca.disclosed": "It was disclosed within 60 days",
    "ownership.group_practice": "The practice is a group of physicians",
}
_TEXTS: Mapping[str, str] = {
    "place.state": "State of the practice",
    "place.cpom": "Corporate practice doctrine of the state",
    "practice.profession": "Profession",
    "practice.kind": "Kind of practice",
    "mso.ownership": "Who owns the MSO",
    "agreement.mode": "How far the MSO goes",
    "outcome.payer_kind": "Who pays for outcomes",
    "lease.rent_kind": "How the rent is set",
}
_CODES: Mapping[str, str] = {"fee.kinds": "Parts of the fee", "scope.lines": "Service lines in scope"}
CLOSED: Mapping[str, tuple[str, ...]] = {
    "place.cpom": ("strong", "moderate", "none_or_weak"),
    "practice.profession": ("medicine", "dentistry", "optometry", "physical_therapy", "veterinary"),
    "practice.kind": ("group", "hospital", "pace", "listed_behavioral_health", "out_of_state_telemedicine"),
    "mso.ownership": ("independent", "hospital", "physician", "investor", "non_profit"),
    "agreement.mode": ("bpo", "third_party", "joint_venture", "friendly_pc"),
    "outcome.payer_kind": ("practice", "payer", "manufacturer", "device", "laboratory"),
    "lease.rent_kind": ("fixed", "percentage", "per_click_referrals"),
    "fee.kinds": ("flat", "percent", "tiers", "residual", "per_unit", "cost_plus"),
    "scope.lines": tuple(LINES),
}
"""The facts that have one value, or several, of a list; the state is one of `rulebook.STATES`."""
_NUMBERS: Mapping[str, tuple[str, str]] = {
    "agreement.days": ("Days of its term", "of a term without an end, 36,500"),
    "baa.notice_hours": ("Hours within which the MSO tells of an incident", "by the business associate agreement"),
    "clause.licensee_share": ("Share of the practice that the licensee holds", "percent"),
    "dual.practice_share": ("Share of the practice that that person holds", "percent"),
    "lease.days": ("Days of the lease", ""),
    "gpo.fee_rate": ("Highest fee of a vendor", "percent of what is bought"),
    "jv.referring_share": ("Share of a class that referring investors hold", "percent"),
    "jv.referred_revenue": ("Revenue that investors refer", "percent"),
    "transaction.providers": ("Providers of the parties together", ""),
}
_MONEY: Mapping[str, str] = {
    "practice.federal_revenue": "Revenue from federal health programmes in a year",
    "practice.net_revenue": "Net patient service revenue in a year",
    "transaction.revenue_added": "Revenue in the state that the transaction adds",
    "transaction.assets": "Total assets of its parties",
    "transaction.state_revenue": "Revenue in the state of the party from elsewhere",
}
_DAYS: Mapping[str, str] = {
    "agreement.begun_on": "The relationship began on",
    "transaction.closes_on": "The transaction closes on",
    "transaction.noticed_on": "Notice of it was given on",
    "breach.discovered_on": "The breach was discovered on",
    "breach.told_on": "The practice was told on",
    "ownership.reported_on": "Ownership was last reported on",
}


def _reader(name: str) -> Callable[[Any], Any]:
    return lambda case: case.get(name)


def _property(name: str, label: str, kind: Kind, note: str = "") -> Property:
    return Property(name, label, kind, _reader(name), field=name, note=note)


def _catalogue() -> Catalogue:
    made = [_property(name, label, Kind.FLAG) for name, label in _YES_NO.items()]
    for kind, listed in ((Kind.TEXT, _TEXTS), (Kind.CODES, _CODES)):
        made += [
            _property(name, label, kind, ", ".join(CLOSED.get(name, ("two letters",))))
            for name, label in listed.items()
        ]
    made += [_property(name, label, Kind.NUMBER, note) for name, (label, note) in _NUMBERS.items()]
    for kind, plain in ((Kind.MONEY, _MONEY), (Kind.DAY, _DAYS)):
        made += [_property(name, label, kind) for name, label in plain.items()]
    order = list(PARTS)
    return {one.name: one for one in sorted(made, key=lambda one: order.index(one.group))}


FACTS: Catalogue = _catalogue()
"""Every fact by name, in the order of the form."""
