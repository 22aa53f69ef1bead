"""Every finding that the codec can make: its severity, its sentence and its fix, in one table.

Errors are what makes a file unfit to be acted on: no or broken envelope, counts and control numbers that disagree, a
transaction that cannot be read or that this codec does not know, and an 835 that does not balance. What the guides
(TR3) ask beyond that is a warning, and an error when a file is checked strictly.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]


class Entry(NamedTuple):
    severity: Severity
    message: str
    """A format string over the values that the finding is made with."""
    fix: str


_ENVELOPE = {
    "empty_file": Entry("error", "The file holds no data.", "Send the file again."),
    "not_x12": Entry(
        "error",
        "No ISA, GS or ST segment was found: this is not an X12 file.{what}",
        "Send an X12 interchange that begins with ISA.",
    ),
    "no_interchange": Entry(
        "error", "{tag} stands outside any interchange: there is no ISA.", "Wrap the data in ISA and IEA."
    ),
    "data_outside_interchange": Entry(
        "error", "{size} bytes stand outside any interchange.", "Remove what is not between ISA and IEA."
    ),
    "isa_not_fixed_width": Entry(
        "error",
        "The ISA segment is not 106 bytes long: {what}.",
        "Pad each ISA element to its fixed width.",
    ),
    "delimiters_clash": Entry(
        "warning",
        "Two of the separators that the ISA declares are the same character {char!r}.",
        "Declare four different separators.",
    ),
    "interchange_not_closed": Entry(
        "error", "Interchange {control} has no IEA.", "End it with IEA, or ask for the rest of the file."
    ),
    "interchange_control_mismatch": Entry(
        "error", "IEA02 is {found!r} but ISA13 is {wanted!r}.", "Make IEA02 equal ISA13."
    ),
    "group_count_wrong": Entry(
        "error", "IEA01 says {found!r} groups, {wanted} were counted.", "Set IEA01 to the number of groups."
    ),
    "group_outside_interchange": Entry("error", "{tag} stands outside an interchange.", "Put it after an ISA."),
    "group_not_closed": Entry("error", "Group {control} has no GE.", "End the group with GE."),
    "group_not_opened": Entry("error", "GE without a GS before it.", "Begin the group with GS."),
    "group_control_mismatch": Entry("error", "GE02 is {found!r} but GS06 is {wanted!r}.", "Make GE02 equal GS06."),
    "set_count_of_group_wrong": Entry(
        "error",
        "GE01 says {found!r} transaction sets, {wanted} were counted.",
        "Set GE01 to the number of sets.",
    ),
    "set_outside_group": Entry(
        "error", "Transaction set {control} stands outside a functional group.", "Put it between GS and GE."
    ),
    "set_not_closed": Entry("error", "Transaction set {control} has no SE.", "End the set with SE."),
    "set_not_opened": Entry("error", "SE without an ST before it.", "Begin the set with ST."),
    "set_control_mismatch": Entry("error", "SE02 is {found!r} but ST02 is {wanted!r}.", "Make SE02 equal ST02."),
    "set_count_wrong": Entry(
        "error",
        "SE01 says {found!r} segments, {wanted} were counted from ST to SE.",
        "Set SE01 to the number of segments, ST and SE included.",
    ),
    "set_unsupported": Entry(
        "error", "Transaction set {set_id!r} is not one that this reader knows.", "Send a health care set."
    ),
    "segment_outside_set": Entry(
        "error",
        "Segment {tag!r} stands outside any transaction set.",
        "Move it between ST and SE, or remove it.",
    ),
    "segment_too_long": Entry(
        "error",
        "No segment terminator within {size} bytes.",
        "Check the terminator that the ISA declares.",
    ),
    "binary_size_wrong": Entry(
        "warning",
        "{tag} says that it carries {found!r} bytes, and does not end there: it is read up to the next terminator.",
        "Say how many bytes follow the size, as they stand in the file.",
    ),
    "unterminated_segment": Entry(
        "warning", "The last segment has no terminator.", "End every segment with the terminator."
    ),
    "empty_segment": Entry("warning", "An empty segment: two terminators in a row.", "Remove one of them."),
    "byte_order_mark": Entry("warning", "The file begins with a UTF-8 byte order mark.", "Save the file without it."),
    "not_ascii": Entry(
        "warning",
        "Characters outside ASCII, read as {encoding}.",
        "Use the X12 basic and extended character sets.",
    ),
    "nul_character": Entry(
        "warning",
        "A NUL character inside a segment; it is read over.",
        "Use the X12 basic and extended character sets.",
    ),
    "line_break_in_segment": Entry(
        "warning", "A line break inside a segment; it is read over.", "Break lines after segment terminators alone."
    ),
    "control_number_repeated": Entry(
        "warning", "Control number {control!r} was used before in this {where}.", "Give each its own number."
    ),
}

_CONTENT = {
    "version_unknown": Entry(
        "warning",
        "Version {version!r} is not a guide that this reader knows for a {set_id}: its content is not checked.",
        "Name the implementation guide in GS08, such as {wanted}.",
    ),
    "functional_id_wrong": Entry(
        "warning", "GS01 is {found!r}, a {set_id} belongs to {wanted!r}.", "Set GS01 to {wanted!r}."
    ),
    "segment_unknown": Entry(
        "warning", "Segment {tag!r} has no place in {place}.", "Remove it, or move it where it belongs."
    ),
    "segment_out_of_place": Entry(
        "warning", "{tag} begins loop {target}, which cannot follow here.", "Check the order of the loops."
    ),
    "loop_not_begun": Entry(
        "warning",
        "{tag} begins loop {target}, which stands in loop {within}: {opener}, which begins that, is missing.",
        "Put {opener} before it.",
    ),
    "segment_missing": Entry("warning", "The required {tag} is missing in {place}.", "Add {tag}."),
    "loop_missing": Entry("warning", "The required loop {target} ({tag}) is missing in {place}.", "Add {tag}."),
    "segment_repeated": Entry("warning", "There is {what} more than {times} in {place}.", "Keep at most {limit}."),
    "element_missing": Entry("warning", "{tag}{position:02} is required and empty.", "Fill it in."),
    "element_code": Entry(
        "warning", "{tag}{position:02} is {found!r}, which is none of its codes.", "Use one of {wanted}."
    ),
    "element_too_many": Entry(
        "warning", "{tag} has {found} elements, at most {limit} are defined.", "Remove the surplus."
    ),
    "date_unreadable": Entry("warning", "{tag} holds {found!r}, which is no date.", "Write the date as CCYYMMDD."),
    "hl_number_wrong": Entry("warning", "HL01 is {found!r}, {wanted} was due.", "Count HL segments from 1."),
    "hl_parent_unknown": Entry(
        "warning", "HL02 names parent {found!r}, which is not there.", "Name the HL01 of the level above."
    ),
    "lx_number_wrong": Entry("warning", "LX01 is {found!r}, {wanted} was due.", "Count lines from 1 per claim."),
    "too_many_lines": Entry("warning", "The claim has {found} lines, at most {limit} are allowed.", "Split the claim."),
    "charge_not_sum_of_lines": Entry(
        "warning", "CLM02 is {found}, the lines come to {wanted}.", "Make CLM02 the sum of the line charges."
    ),
    "pointer_without_diagnosis": Entry(
        "warning", "Line {line} points to diagnosis {found}, the claim has {wanted}.", "Correct the pointer."
    ),
    "other_payer_line_out_of_balance": Entry(
        "warning",
        "Line {line}: paid and adjusted by payer {payer} come to {found}, the line's charge is {wanted}.",
        "SVD02 plus the CAS of the 2430 must be the line's charge.",
    ),
    "other_payer_paid_not_sum_of_lines": Entry(
        "warning",
        "AMT*D of payer {payer} is {found}, its SVD02 less the claim's own CAS come to {wanted}.",
        "Make them agree.",
    ),
    "other_payer_claim_out_of_balance": Entry(
        "warning",
        "Paid and adjusted by payer {payer} come to {found}, CLM02 is {wanted}.",
        "AMT*D plus all CAS of claim and lines must be CLM02.",
    ),
    "quantity_unreadable": Entry("warning", "{tag} holds {found!r}, which is no number.", "Write a number."),
    "charge_missing": Entry("warning", "{tag}{position:02} is empty, an amount is due.", "Fill in the amount."),
    "charge_unreadable": Entry(
        "warning", "{tag}{position:02} is {found!r}, which is no amount.", "Write digits and a decimal point."
    ),
}

_BALANCE = {
    "amount_missing": Entry("error", "{tag}{position:02} is empty, an amount is due.", "Fill in the amount."),
    "amount_unreadable": Entry(
        "error", "{tag}{position:02} is {found!r}, which is no amount.", "Write digits and a decimal point."
    ),
    "line_out_of_balance": Entry(
        "error",
        "Line {line} of claim {control}: charge {charge} less adjustments {adjusted} is {wanted}, paid is {paid}.",
        "SVC02 minus the CAS of the line must be SVC03.",
    ),
    "claim_out_of_balance": Entry(
        "error",
        "Claim {control}: charge {charge} less adjustments {adjusted} is {wanted}, paid is {paid}.",
        "CLP03 minus all CAS of claim and lines must be CLP04.",
    ),
    "claim_charge_not_sum_of_lines": Entry(
        "error", "Claim {control}: CLP03 is {found}, its lines' SVC02 come to {wanted}.", "Make them agree."
    ),
    "claim_paid_not_sum_of_lines": Entry(
        "error",
        "Claim {control}: CLP04 is {found}, its lines' SVC03 less the claim's own CAS come to {wanted}.",
        "Make them agree.",
    ),
    "payment_out_of_balance": Entry(
        "error",
        "BPR02 is {found}, claims paid {paid} less provider adjustments {adjusted} is {wanted}.",
        "Sum of CLP04 minus all PLB amounts must be BPR02.",
    ),
    "payment_negative": Entry(
        "error", "BPR02 is {found}: a payment is never negative.", "Carry the balance forward with a PLB FB."
    ),
}

CATALOGUE: dict[str, Entry] = _ENVELOPE | _CONTENT | _BALANCE
