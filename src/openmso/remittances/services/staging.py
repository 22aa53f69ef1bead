"""Staging: an 835 read into three temporary tables of this transaction, set-at-a-time, and judged as it is read.

Memory is one block of claims, whatever the size of the file. Keys of the rows to come are given here, so that what
follows is one statement a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from django.db import connection

from edi.x12.envelope import FileEnd
from edi.x12.findings import Finding
from edi.x12.remittance.model import (
    ClaimBlock,
    ClaimPayment,
    ProviderAdjustment,
    RemittanceHeader,
    RemittanceTotals,
    ServicePayment,
)
from edi.x12.remittance.read import read_835_by_blocks
from edi.x12.tokens import Source
from edi.x12.values import Span
from openmso.kit.ids import public_id, public_ids
from openmso.platform.database.copying import NULL, Copying
from openmso.remittances.rules import keys
from openmso.remittances.rules.judging import Judged, Sums, is_forwarded, judge

if TYPE_CHECKING:
    from edi.x12.tokens import Stretch
    from openmso.remittances.rules.columns import Columns

SMALLEST = 1 << 15
"""Characters below which claims are read one by one as quickly as by the column."""
BLOCK = 2000
"""Claims held before they are copied."""
NOWHERE = Span(0, 0, 0, 0)
AMOUNTS = "charge, paid, contractual, other, patient, denied, prior"

STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS remittances_stage_payment (
  seq int PRIMARY KEY, remittance int, position int,
  id bigint DEFAULT nextval('remittances_claimpayment_id_seq'), public_id text, control text, payer_control text,
  original_control text, status_code text, filing_code text, charge numeric, paid numeric, contractual numeric,
  other numeric, patient numeric, denied numeric, prior numeric, told_patient numeric, outcome text,
  is_reversal boolean, forwarded boolean, applies boolean, payer_rank smallint, patient_last text,
  patient_first text, member_id text, service_on date, remarks text, span_start bigint, span_end bigint,
  reverses bigint
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS remittances_stage_line (
  seq int, number int, line_control text, code text, modifiers text, submitted_code text, submitted_modifiers text,
  units numeric, service_on date, charge numeric, paid numeric, contractual numeric, other numeric, patient numeric,
  denied numeric, prior numeric, allowed numeric, remarks text, span_start bigint, span_end bigint
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS remittances_stage_adjustment (
  seq int, line int, place int, grp text, reason text, amount numeric, quantity numeric, effect text
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS remittances_stage_remittance (
  remittance int PRIMARY KEY, remittance_id bigint, public_id text, entity_id bigint, payer_key text, posted_on date
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS remittances_stage_share (
  seq int PRIMARY KEY, claim_id bigint, amount numeric, share numeric
) ON COMMIT DELETE ROWS;
TRUNCATE remittances_stage_payment, remittances_stage_line, remittances_stage_adjustment,
  remittances_stage_remittance, remittances_stage_share;
"""
PAYMENT = (
    "seq, remittance, position, public_id, control, payer_control, original_control, status_code, filing_code, "
    f"{AMOUNTS}, told_patient, outcome, is_reversal, forwarded, applies, payer_rank, patient_last, patient_first, "
    "member_id, remarks, service_on, span_start, span_end"
)
LINE = (
    "seq, number, line_control, code, modifiers, submitted_code, submitted_modifiers, remarks, units, service_on, "
    f"{AMOUNTS}, allowed, span_start, span_end"
)
WIDTHS = {
    "control": 50, "payer_control": 60, "original_control": 60, "status_code": 3, "filing_code": 3, "patient_last": 60,
    "patient_first": 40, "member_id": 80, "remarks": 120, "line_control": 50, "code": 48, "modifiers": 24,
    "submitted_code": 48, "submitted_modifiers": 24, "grp": 2, "reason": 5,
}  # fmt: skip
"""Text columns to the characters that the tables they are bound for hold."""
ADJUSTMENT = "seq, line, place, grp, reason, effect, amount, quantity"
TABLES = {"payment": PAYMENT, "line": LINE, "adjustment": ADJUSTMENT}
UNPOSTABLE = """
SELECT p.control, p.span_start FROM remittances_stage_payment p
 WHERE abs(charge) >= 1e11 OR abs(paid) >= 1e11 OR abs(told_patient) >= 1e11
    OR scale(trim_scale(charge)) > 2 OR scale(trim_scale(paid)) > 2 OR scale(trim_scale(told_patient)) > 2
    OR EXISTS (SELECT FROM remittances_stage_line l WHERE l.seq = p.seq AND (
         scale(trim_scale(l.charge)) > 2 OR scale(trim_scale(l.paid)) > 2 OR abs(l.charge) >= 1e11
         OR abs(l.units) >= 1e11 OR abs(l.allowed) >= 1e11))
    OR EXISTS (SELECT FROM remittances_stage_adjustment a WHERE a.seq = p.seq AND (
         scale(trim_scale(a.amount)) > 2 OR abs(a.amount) >= 1e11 OR abs(a.quantity) >= 1e11))
 LIMIT 1
"""

PAID_ALREADY = """
SELECT control FROM (
  SELECT control, payer_control, status_code, charge, paid
    FROM remittances_stage_payment WHERE remittance = %(number)s
  INTERSECT
  (SELECT control, payer_control, status_code, charge_amount, paid_amount
     FROM remittances_claimpayment WHERE practice_id = %(practice)s AND remittance_id = ANY(%(posted)s)
   UNION ALL
   SELECT control, payer_control, status_code, charge, paid
     FROM remittances_stage_payment WHERE remittance = ANY(%(staged)s))
) again ORDER BY control LIMIT 1
"""

PAID_OTHERWISE = """
SELECT control FROM (
  SELECT control, status_code, charge, paid FROM remittances_stage_payment WHERE remittance = %(number)s
  EXCEPT
  (SELECT control, status_code, charge_amount, paid_amount
     FROM remittances_claimpayment WHERE practice_id = %(practice)s AND remittance_id = ANY(%(posted)s)
   UNION ALL
   SELECT control, status_code, charge, paid FROM remittances_stage_payment WHERE remittance = ANY(%(staged)s))
) other ORDER BY control LIMIT 1
"""
"""Sets are compared whole: each side is read once, whatever the planner takes their sizes to be."""


@dataclass(slots=True)
class Sheet:
    """What was read of one remittance besides its claims."""

    number: int
    header: RemittanceHeader
    totals: RemittanceTotals | None = None
    provider: list[ProviderAdjustment] = field(default_factory=list)
    claims: int = 0
    line_paid: Decimal = Decimal(0)
    digest: Any = field(default_factory=sha256)

    @property
    def business_key(self) -> str:
        """What makes this payment itself."""
        return keys.business_key(self.header, self.digest.hexdigest())


@dataclass(slots=True)
class Staged:
    """A file as staged: its remittances, and what is wrong with it."""

    sheets: list[Sheet]
    findings: tuple[Finding, ...]
    payments: int


def stage(content: Source, reading: Callable[[int], object] = lambda claims: None) -> Staged:
    """Read a whole 835 into the staging tables of this transaction; nothing is judged about payees or duplicates.

    `reading` is told now and then how many claims were read.
    """
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
    with Copying() as copying:
        return _Stager(copying, reading).run(content)


def first_unpostable() -> tuple[str, int] | None:
    """Control and offset of a claim whose amounts are no dollars and cents, or too large to be money."""
    with connection.cursor() as cursor:
        cursor.execute(UNPOSTABLE)
        return cursor.fetchone()


def first_paid_already(practice: int, sheet: Sheet, *, posted: list[int], staged: list[int]) -> str:
    """Control of a claim whose payment one of those remittances, posted or staged by number, holds too; else empty."""
    return _first(PAID_ALREADY, practice=practice, number=sheet.number, posted=posted, staged=staged)


def first_paid_otherwise(practice: int, sheet: Sheet, *, posted: list[int], staged: list[int]) -> str:
    """Control of a claim whose payment none of those remittances holds; else empty."""
    return _first(PAID_OTHERWISE, practice=practice, number=sheet.number, posted=posted, staged=staged)


def _first(sql: str, **values: int | list[int]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else ""


def read_block(stretch: Stretch) -> ClaimBlock | None:
    """Claims by the column, where there are enough of them."""
    if len(stretch.text) < SMALLEST:
        return None
    from openmso.remittances.rules import columns  # a library that only who stages a large file waits for

    return columns.read_block(stretch)


class _Stager:
    def __init__(self, copying: Copying, reading: Callable[[int], object]) -> None:
        self.copying = copying
        self.reading = reading
        self.sheets: list[Sheet] = []
        self.seq = self.told = 0
        self.payments: list[str] = []
        self.lines: list[str] = []
        self.adjustments: list[str] = []
        self.findings: tuple[Finding, ...] = ()

    def run(self, content: Source) -> Staged:
        for record in read_835_by_blocks(content, read_block):
            if isinstance(record, ClaimBlock):
                self._block(record)
            elif isinstance(record, ClaimPayment):
                self._claim(record)
            elif isinstance(record, RemittanceHeader):
                self.sheets.append(Sheet(len(self.sheets) + 1, record))
            elif isinstance(record, ProviderAdjustment):
                self.sheets[-1].provider.append(record)
            elif isinstance(record, RemittanceTotals):
                self.sheets[-1].totals = record
            elif isinstance(record, FileEnd):
                self.findings = record.findings
        self._flush()
        self._tell()
        return Staged(self.sheets, self.findings, self.seq)

    def _block(self, block: ClaimBlock) -> None:
        """The rows of many claims as their columns give them, with what names them among all others."""
        columns, sheet = cast("Columns", block.content), self.sheets[-1]
        self._flush()
        said = partial(
            columns.text, widths=WIDTHS, names=public_ids("PMT", block.claims), remittance=sheet.number,
            position=sheet.claims, seq=self.seq, null=NULL,
        )  # fmt: skip
        self._copy(partial(said, table, order.split(", ")) for table, order in TABLES.items())
        sheet.digest.update(columns.digest.encode())
        sheet.line_paid += columns.line_paid
        sheet.claims += block.claims
        self.seq += block.claims

    def _claim(self, claim: ClaimPayment) -> None:
        sheet = self.sheets[-1]
        sheet.claims += 1
        self.seq += 1
        sheet.digest.update(f"{claim.control}|{claim.payer_control}|{claim.status}|{claim.charge}\n".encode())
        judged = judge(claim)
        self.payments.append(_payment(self.seq, sheet, claim, judged))
        for number, (line, sums) in enumerate(zip(claim.lines, judged.lines, strict=True), start=1):
            sheet.line_paid += line.paid
            self.lines.append(_line(self.seq, number, line, sums))
        for number, place, one, effect in judged.effects:
            codes = texts(one.group[: WIDTHS["grp"]], one.reason[: WIDTHS["reason"]], effect)
            quantity = NULL if one.quantity is None else one.quantity
            self.adjustments.append(f"{self.seq}\t{number}\t{place}\t{codes}\t{one.amount!s}\t{quantity!s}\n")
        if len(self.payments) >= BLOCK:
            self._flush()

    def _flush(self) -> None:
        """Copy the claims that were read one by one."""
        if self.payments:
            self._copy(partial("".join, rows) for rows in (self.payments, self.lines, self.adjustments))
            self.payments, self.lines, self.adjustments = [], [], []

    def _copy(self, texts: Iterable[Callable[[], str]]) -> None:
        """Rows of the three tables; how many claims were read is told when those before them are in."""
        self._tell()
        self.copying.copy(
            (f"remittances_stage_{table}", order, said)
            for (table, order), said in zip(TABLES.items(), texts, strict=True)
        )

    def _tell(self) -> None:
        """How many claims were read, once the connection is free to say it."""
        self.copying.wait()
        if self.seq > self.told:
            self.told = self.seq
            self.reading(self.seq)


def plain(text: str, length: int) -> str:
    """A text as COPY takes it: cut to its column, without control characters."""
    text = text[:length]
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return text.replace("\\", "\\\\") if "\\" in text else text


def texts(*fields: str) -> str:
    """Neighbouring texts, already cut to their columns, as COPY takes them; most need nothing, and are asked once."""
    together = "".join(fields)
    if "\\" in together or not together.isprintable():
        fields = tuple(plain(field, len(field)) for field in fields)
    return "\t".join(fields)


def _sums(sums: Sums) -> str:
    """Amounts are said by `str`: their own `format` takes four times as long, and there are ten to a row."""
    return f"{sums.contractual!s}\t{sums.other!s}\t{sums.patient!s}\t{sums.denied!s}\t{sums.prior!s}"


def _payment(seq: int, sheet: Sheet, claim: ClaimPayment, judged: Judged) -> str:
    w, patient = WIDTHS, claim.patient
    member = claim.party("IL") or patient
    span = claim.span or NOWHERE
    service_on = claim.date("232") or min((d for line in claim.lines if (d := line.service_on)), default=None)
    codes = texts(
        claim.control[: w["control"]], claim.payer_control[: w["payer_control"]],
        claim.reference("F8")[: w["original_control"]], claim.status[: w["status_code"]],
        claim.filing_code[: w["filing_code"]],
    )  # fmt: skip
    people = texts(
        patient.last[: w["patient_last"]] if patient else "", patient.first[: w["patient_first"]] if patient else "",
        member.id[: w["member_id"]] if member else "", ",".join(claim.remarks)[: w["remarks"]],
    )  # fmt: skip
    return (
        f"{seq}\t{sheet.number}\t{sheet.claims}\t{public_id('PMT')}\t{codes}\t{claim.charge!s}\t{claim.paid!s}\t"
        f"{_sums(judged.sums)}\t{claim.patient_responsibility!s}\t{judged.outcome.value}\t{claim.is_reversal}\t"
        f"{is_forwarded(claim)}\t{judged.applies}\t{judged.rank}\t{people}\t{service_on or NULL}\t"
        f"{span.start}\t{span.end}\n"
    )


def _line(seq: int, number: int, line: ServicePayment, sums: Sums) -> str:
    w, span, submitted, allowed = WIDTHS, line.span or NOWHERE, line.submitted, line.allowed
    codes = texts(
        line.line_control[: w["line_control"]], line.procedure.code[: w["code"]],
        ",".join(line.procedure.modifiers)[: w["modifiers"]],
        submitted.code[: w["submitted_code"]] if submitted else "",
        ",".join(submitted.modifiers)[: w["submitted_modifiers"]] if submitted else "",
        ",".join(line.remarks)[: w["remarks"]],
    )  # fmt: skip
    return (
        f"{seq}\t{number}\t{codes}\t{NULL if line.units is None else line.units!s}\t{line.service_on or NULL}\t"
        f"{line.charge!s}\t{line.paid!s}\t{_sums(sums)}\t{NULL if allowed is None else allowed!s}\t{span.start}\t"
        f"{span.end}\n"
    )
