"""What professional and institutional claims say in the same words: providers, other payers, amounts, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from edi.x12.claim.model import Claim, Drug, LineAdjudication, OtherCoverage, Payer, ServiceLine
from edi.x12.output import SegmentWriter, number
from edi.x12.values import Adjustment, Amount, Event, Party, Procedure, Reference

_REASONS_PER_CAS = 6
_PROVIDER_CODES = {"71": "AT"}
"""PRV01 by role; PE, performing, for all others."""


def write_beside(w: SegmentWriter, claim: Claim, order: Sequence[str]) -> None:
    """What stands in 2300 before the codes: attachments, amounts, references in the guide's `order`, notes."""
    _write_attachments(w, claim)
    _write_amounts(w, claim.amounts)
    w.references(_claim_references(claim, order))
    _write_notes(w, claim.notes)


def write_below(
    w: SegmentWriter, claim: Claim, order: Sequence[str], say: Callable[[SegmentWriter, ServiceLine], None],
    line_order: Sequence[str],
) -> None:  # fmt: skip
    """What stands below 2300: providers in the guide's `order`, other payers, the lines; `say` says SV1 or SV2."""
    for provider in _in_order(claim.providers, order):
        _write_provider(w, provider)
    _write_coverages(w, claim)
    for position, line in enumerate(claim.lines, start=1):
        w.add("LX", str(position))
        say(w, line)
        _write_line(w, line, line_order)


def _write_line(w: SegmentWriter, line: ServiceLine, order: Sequence[str]) -> None:
    """A line from its days on."""
    if line.service_on is not None:
        w.dtp(Event("472", line.service_on, line.service_through))
    for event in line.dates:
        w.dtp(event)
    if line.line_control:
        w.add("REF", "6R", w.code(line.line_control, "REF 6R"))
    w.references(line.references)
    _write_amounts(w, line.amounts)
    _write_notes(w, line.notes)
    if line.drug is not None:
        _write_drug(w, line.drug)
    for provider in _in_order(line.providers, order):
        _write_provider(w, provider)
    for adjudication in line.adjudications:
        _write_adjudication(w, adjudication)


def write_payer(w: SegmentWriter, payer: Payer) -> None:
    w.nm1(Party(role="PR", last=payer.name, id_qualifier=payer.id_qualifier, id=payer.id))
    w.address(payer.address)


def _write_coverages(w: SegmentWriter, claim: Claim) -> None:
    """2320 and 2330 of every other payer; the day of payment stands here only where no line says it."""
    dated = frozenset(a.payer_id for line in claim.lines for a in line.adjudications if a.paid_on)
    for coverage in claim.other_coverages:
        _write_coverage(w, coverage, lines_are_dated=coverage.payer.id in dated)


def _write_coverage(w: SegmentWriter, coverage: OtherCoverage, *, lines_are_dated: bool) -> None:
    c = coverage
    w.add(
        "SBR",
        c.sequence,
        c.relationship,
        w.code(c.group, "SBR03"),
        w.word(c.group_name, 60),
        c.insurance_type,
        "",
        "",
        "",
        c.filing_code,
    )
    _write_adjustments(w, c.adjustments)
    for qualifier, amount in (("D", c.paid), ("EAF", c.remaining), ("A8", c.noncovered)):
        if amount is not None:
            w.add("AMT", qualifier, number(amount))
    w.add("OI", "", "", c.benefits_assigned, c.patient_signature, "", c.release)
    for remarks in (c.inpatient, c.outpatient):
        if remarks:
            w.add(*(w.code(element, remarks[0]) for element in remarks))
    w.nm1(c.subscriber)
    w.address(c.subscriber.address)
    w.references(c.subscriber.references)
    write_payer(w, c.payer)
    if c.paid_on is not None and not lines_are_dated:
        w.dtp(Event("573", c.paid_on))
    w.references(c.payer.references)
    if c.claim_control:
        w.add("REF", "F8", w.code(c.claim_control, "REF F8"))
    for provider in c.providers:
        w.add("NM1", provider.role, "1" if provider.is_person else "2")
        w.references(provider.references)


def _write_adjudication(w: SegmentWriter, adjudication: LineAdjudication) -> None:
    a = adjudication
    paid, units = number(a.paid), number(a.units)
    done = procedure(w, a.procedure) if a.procedure.code else ""
    w.add("SVD", w.required(a.payer_id, "SVD01"), paid, done, a.revenue_code, units, a.bundled_into)
    _write_adjustments(w, a.adjustments)
    w.dtp(Event("573", a.paid_on))
    if a.remaining is not None:
        w.add("AMT", "EAF", number(a.remaining))


def _write_adjustments(w: SegmentWriter, adjustments: tuple[Adjustment, ...]) -> None:
    """One CAS for each group, six reasons in it: how payers want it (and how some refuse it otherwise)."""
    groups: dict[str, list[Adjustment]] = {}
    for adjustment in adjustments:
        groups.setdefault(adjustment.group, []).append(adjustment)
    for group, reasons in groups.items():
        for at in range(0, len(reasons), _REASONS_PER_CAS):
            triples: list[str] = []
            for r in reasons[at : at + _REASONS_PER_CAS]:
                triples += (r.reason, number(r.amount), number(r.quantity) if r.quantity is not None else "")
            w.add("CAS", group, *triples)


def _claim_references(claim: Claim, order: Sequence[str]) -> list[Reference]:
    """2300 REF: the named ones and the rest, in the order of the guide."""
    named = (
        ("9F", claim.referral),
        ("G1", claim.prior_authorization),
        ("F8", claim.payer_control),
        ("D9", claim.clearinghouse_control),
    )
    found = [Reference(qualifier, value) for qualifier, value in named if value]
    if claim.references:
        found += claim.references
        found.sort(key=lambda r: order.index(r.qualifier) if r.qualifier in order else len(order))
    return found


def _write_provider(w: SegmentWriter, provider: Party) -> None:
    w.nm1(provider)
    w.address(provider.address)
    if provider.taxonomy:
        w.add("PRV", _PROVIDER_CODES.get(provider.role, "PE"), "PXC", w.code(provider.taxonomy, "Taxonomy"))
    w.references(provider.references)
    w.contacts(provider.contacts)


def _write_attachments(w: SegmentWriter, claim: Claim) -> None:
    """2300 PWK: what is sent beside the claim, by which way, under which number."""
    for one in claim.attachments:
        qualifier = "AC" if one.control else ""
        w.add("PWK", one.kind, one.sent_by, "", "", qualifier, w.code(one.control, "PWK06"))


def _write_notes(w: SegmentWriter, notes: Iterable[tuple[str, str]]) -> None:
    for code, text in notes:
        if said := w.word(text, 80):
            w.add("NTE", code, said)


def _write_drug(w: SegmentWriter, drug: Drug) -> None:
    """2410."""
    w.add("LIN", "", "N4", w.required(drug.ndc, "NDC"))
    w.add("CTP", "", "", "", number(drug.quantity), drug.unit)
    if drug.prescription:
        w.add("REF", "XZ", w.code(drug.prescription, "Prescription"))


def _write_amounts(w: SegmentWriter, amounts: Iterable[Amount]) -> None:
    for amount in amounts:
        w.add("AMT", amount.qualifier, number(amount.amount))


def procedure(w: SegmentWriter, p: Procedure) -> str:
    """The composite: qualifier, code, modifiers, description in seventh place."""
    code = w.required(p.code, "Procedure code")
    if not p.modifiers and not p.description:
        return w.composite(p.qualifier, code)
    modifiers = (*p.modifiers, "", "", "", "")[:4]
    return w.composite(p.qualifier, code, *modifiers, w.word(p.description, 80))


def _in_order(providers: tuple[Party, ...], order: Sequence[str]) -> list[Party]:
    if len(providers) < 2:
        return list(providers)
    return sorted(providers, key=lambda p: order.index(p.role) if p.role in order else len(order))
