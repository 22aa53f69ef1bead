"""Judge an inbound file and say so: a TA1 for each interchange and a 999 for each group.

Findings become codes of the acknowledgements where the dictionary has one; the rest say `see the other segments in
error`. Acknowledgements are not answered (a 999 for a 999 would never end).
"""

from __future__ import annotations

from dataclasses import dataclass

from edi.x12.ack.model import ElementError, GroupAck, InterchangeAck, SegmentError, SetAck
from edi.x12.check import open_body
from edi.x12.envelope import Group, GroupEnd, Interchange, InterchangeEnd, SetEnd, read_sets
from edi.x12.findings import Finding
from edi.x12.tokens import Source
from edi.x12.values import to_date, to_time

_NOT_ANSWERED = frozenset({"FA"})

_SET_REASONS = {
    "set_not_closed": "2",
    "set_control_mismatch": "3",
    "set_count_wrong": "4",
    "set_unsupported": "1",
    "control_number_repeated": "23",
}
"""Finding to IK502."""

_SEGMENT_ERRORS = {
    "segment_unknown": "2",
    "segment_out_of_place": "2",
    "loop_not_begun": "2",
    "segment_missing": "3",
    "loop_missing": "3",
    "segment_repeated": "5",
}
"""Finding to IK304; any other one about a segment is 8, its data elements are in error."""

_ELEMENT_ERRORS = {
    "element_missing": "1",
    "amount_missing": "1",
    "charge_missing": "1",
    "element_code": "7",
    "amount_unreadable": "6",
    "charge_unreadable": "6",
}
"""Finding to IK403; any other one is I12 (the guide's own rule was broken)."""

_TAGS = {
    "hl_number_wrong": "HL", "hl_parent_unknown": "HL", "lx_number_wrong": "LX", "too_many_lines": "CLM",
    "charge_not_sum_of_lines": "CLM", "pointer_without_diagnosis": "SV1", "line_out_of_balance": "SVC",
    "claim_out_of_balance": "CLP", "claim_charge_not_sum_of_lines": "CLP", "claim_paid_not_sum_of_lines": "CLP",
    "payment_out_of_balance": "BPR", "payment_negative": "BPR",
}  # fmt: skip
"""The segment that a finding is about, where it does not say so itself."""

_ERRORS_PER_SET_MAX = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What to write back with `write_ta1` and `write_999`."""

    interchanges: tuple[InterchangeAck, ...]
    groups: tuple[GroupAck, ...]

    @property
    def is_accepted(self) -> bool:
        return all(a.is_accepted for a in self.interchanges) and all(g.is_accepted for g in self.groups)


def answer(source: Source, *, strict: bool = False) -> Answer:
    """Read the file once and judge it; `strict` rejects what the guide does not allow, else it is only noted."""
    interchanges: list[InterchangeAck] = []
    groups: list[GroupAck] = []
    sets: list[SetAck] = []
    ends: list[GroupEnd] = []
    for event in read_sets(source, open_body, strict=strict):
        if isinstance(event, Group):
            sets = []
        elif isinstance(event, SetEnd):
            sets.append(_set_ack(event))
        elif isinstance(event, GroupEnd):
            ends.append(event)
            if event.group.functional_id not in _NOT_ANSWERED:
                groups.append(_group_ack(event, tuple(sets)))
        elif isinstance(event, InterchangeEnd):
            interchanges.append(_interchange_ack(event))
    return Answer(tuple(interchanges), tuple(groups))


def _interchange_ack(end: InterchangeEnd) -> InterchangeAck:
    header: Interchange = end.interchange
    note = next((_NOTES[f.code] for f in end.findings if f.code in _NOTES), "000")
    return InterchangeAck(
        control=header.control,
        sent_on=to_date(header.date),
        sent_at=to_time(header.time),
        code="A" if note == "000" else "R",
        note=note,
    )


_NOTES = {
    "interchange_control_mismatch": "001",
    "group_count_wrong": "021",
    "interchange_not_closed": "023",
    "isa_not_fixed_width": "022",
}
"""Finding to TA105."""


def _group_ack(end: GroupEnd, sets: tuple[SetAck, ...]) -> GroupAck:
    accepted = sum(one.is_accepted for one in sets)
    reasons = tuple(_GROUP_REASONS[f.code] for f in end.findings if f.code in _GROUP_REASONS)
    if reasons or not accepted:
        code = "R"
    elif accepted < len(sets):
        code = "P"
    else:
        code = "E" if any(one.code == "E" for one in sets) else "A"
    included = end.included.strip()
    return GroupAck(
        functional_id=end.group.functional_id,
        group_control=end.group.control,
        version=end.group.version,
        code=code,
        included=int(included) if included.isascii() and included.isdigit() else len(sets),
        received=len(sets),
        accepted=0 if reasons else accepted,
        reasons=reasons,
        sets=sets,
    )


_GROUP_REASONS = {
    "group_not_closed": "3",
    "group_control_mismatch": "4",
    "set_count_of_group_wrong": "5",
}
"""Finding to AK905."""


def _set_ack(end: SetEnd) -> SetAck:
    start = end.start
    noted = [f for f in end.findings if f.severity != "info"]
    about_segments = [f for f in noted if f.loop != "envelope" and f.segment is not None]
    reasons = list(dict.fromkeys(_SET_REASONS[f.code] for f in noted if f.code in _SET_REASONS))
    if about_segments:
        reasons.append("5")
    return SetAck(
        set_id=start.set_id,
        control=start.control,
        code="R" if end.has_errors else "E" if noted else "A",
        version=start.guide,
        errors=tuple(_segment_error(f, start.number) for f in about_segments[:_ERRORS_PER_SET_MAX]),
        reasons=tuple(reasons[:5]),
    )


def _segment_error(finding: Finding, first: int) -> SegmentError:
    """`first` is the number of the ST in the file, which is position 1 of the set."""
    code = _SEGMENT_ERRORS.get(finding.code, "8")
    elements: tuple[ElementError, ...] = ()
    if code == "8":
        wrong = _ELEMENT_ERRORS.get(finding.code, "I12")
        elements = (ElementError(finding.element or 1, None, None, "", wrong),)
    loop = finding.loop if finding.loop and finding.loop[0].isdigit() else ""
    return SegmentError(
        tag=(finding.tag or _TAGS.get(finding.code, "ST"))[:3],
        position=(finding.segment or first) - first + 1,
        loop=loop,
        code=code,
        elements=elements,
    )
