"""277CA out (005010X214): the answer of a payer or clearinghouse to a batch of claims."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from edi.x12.ack.f277ca import VERSION
from edi.x12.ack.model import ClaimAck, ClaimAckHeader, ClaimStatus, LevelStatus, LineStatus, Status
from edi.x12.claim.write_parts import procedure
from edi.x12.output import Envelope, SegmentWriter, day, number
from edi.x12.values import Event, Party

STATUSES_PER_STC = 3


def write_277ca(acks: Iterable[ClaimAck], envelope: Envelope) -> bytes:
    """One interchange with one group: a set for each batch that is answered.

    Claims that stand together under one provider share its level; `providers` gives that level its own status where
    its `trace` or party matches, in the order given.
    """
    writer = SegmentWriter(envelope)
    writer.open_interchange()
    writer.open_group("HN", VERSION)
    for ack in acks:
        writer.open_set("277", ack.header.control, VERSION)
        _write_ack(writer, ack)
        writer.close_set()
    writer.close_group()
    writer.close_interchange(groups=1)
    return writer.bytes()


def _write_ack(w: SegmentWriter, ack: ClaimAck) -> None:
    _write_header(w, ack.header, ack.batch, has_claims=bool(ack.claims))
    level = 2
    for provider, claims in groupby(ack.claims, key=lambda claim: claim.provider):
        level += 1
        provider_level = level
        status = next((s for s in ack.providers if s.party == provider), None)
        _write_provider(w, provider or Party(role="85"), status, level)
        for patient, of_patient in groupby(claims, key=lambda claim: claim.patient):
            level += 1
            w.add("HL", str(level), str(provider_level), "PT")
            w.nm1(patient or Party(role="QC", is_person=True))
            for claim in of_patient:
                _write_claim(w, claim)


def _write_header(w: SegmentWriter, header: ClaimAckHeader, batch: LevelStatus, *, has_claims: bool) -> None:
    clock = f"{header.created_at:%H%M}" if header.created_at else ""
    w.add("BHT", "0085", "08", w.required(header.reference, "BHT03"), day(header.created_on), clock, "TH")
    w.add("HL", "1", "", "20", "1")
    w.nm1(header.source)
    w.add("TRN", "1", w.required(header.trace or header.reference, "TRN02"))
    w.dtp(Event("050", header.received_on or header.created_on))
    w.dtp(Event("009", header.processed_on or header.created_on))
    w.add("HL", "2", "1", "21", "1" if has_claims else "0")
    w.nm1(header.receiver)
    w.add("TRN", "2", w.required(batch.trace, "TRN02 of the batch"))
    _write_statuses(w, batch.statuses)
    _write_counts(w, batch, "90", "AA")


def _write_provider(w: SegmentWriter, party: Party, status: LevelStatus | None, level: int) -> None:
    w.add("HL", str(level), "2", "19", "1")
    w.nm1(party)
    if status is not None:
        w.add("TRN", "1", w.required(status.trace, "TRN02 of the provider"))
        _write_statuses(w, status.statuses, dated=False)
        _write_counts(w, status, "QA", "QC")


def _write_claim(w: SegmentWriter, claim: ClaimStatus) -> None:
    w.add("TRN", "2", w.required(claim.control, "TRN02 of the claim"))
    _write_statuses(w, claim.statuses)
    w.references(claim.references)
    for event in claim.dates:
        w.dtp(event)
    for line in claim.lines:
        _write_line(w, line)


def _write_line(w: SegmentWriter, line: LineStatus) -> None:
    w.add("SVC", procedure(w, line.procedure), number(line.charge) if line.charge is not None else "")
    _write_statuses(w, line.statuses, charged=False)
    if line.line_control:
        w.add("REF", "FJ", w.code(line.line_control, "REF FJ"))
    for event in line.dates:
        w.dtp(event)


def _write_statuses(
    w: SegmentWriter, statuses: tuple[Status, ...], *, dated: bool = True, charged: bool = True
) -> None:
    """Neighbours that differ only in their codes share an STC, up to three.

    The guide has no STC02 at provider level (`dated`) and no STC04 at line level (`charged`).
    """

    def common(s: Status) -> tuple[object, ...]:
        return (s.effective_on, s.action, s.amount, s.text)

    for _, group in groupby(statuses, key=common):
        together = list(group)
        for at in range(0, len(together), STATUSES_PER_STC):
            codes = together[at : at + STATUSES_PER_STC]
            first = codes[0]
            composites = [w.composite(s.category, s.code, s.entity) for s in codes] + ["", ""]
            w.add(
                "STC",
                composites[0],
                day(first.effective_on) if dated else "",
                first.action,
                number(first.amount) if charged and first.amount is not None else "",
                *([""] * 5),
                composites[1],
                composites[2],
                w.word(first.text, 264),
            )


def _write_counts(w: SegmentWriter, status: LevelStatus, accepted: str, rejected: str) -> None:
    for qualifier, count in ((accepted, status.accepted), (rejected, status.rejected)):
        if count:
            w.add("QTY", qualifier, str(count))
    for qualifier, charge in (("YU", status.accepted_charge), ("YY", status.rejected_charge)):
        if charge:
            w.add("AMT", qualifier, number(charge))
