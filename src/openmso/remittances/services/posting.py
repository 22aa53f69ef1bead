"""Posting a file: read, balanced, matched, and put in the books in one transaction, or not at all.

Set-at-a-time: the file is copied into staging tables, `claims` finds its claims there, each journal is one statement,
the ledger gets one entry for each claim payment. What is wrong with a file is said in words and the file is
quarantined; a file that cannot be posted now (its month is closed) is held. Posting twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import date, datetime

from django.db import connection

from edi.x12.findings import blocking
from openmso.claims.services import deciding as claims
from openmso.claims.services import turning
from openmso.exchange.contracts import Transaction
from openmso.exchange.services import enrolling
from openmso.kit.errors import NotFound
from openmso.kit.states import check_move
from openmso.ledger.services import posting as ledger
from openmso.parties.contracts import BillingProvider
from openmso.parties.queries import payers, providers
from openmso.platform.access.contracts import Actor, Decision
from openmso.platform.audit import services as audit
from openmso.platform.database import progress
from openmso.platform.database.progress import Steps
from openmso.platform.documents import queries as documents
from openmso.platform.documents import services as keeping
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic
from openmso.platform.work import services as work
from openmso.remittances.contracts import FILE, POST, REMITTANCE, FileOutcome, FileState, FindingRow, RemittanceState
from openmso.remittances.events import RemittanceQuarantined
from openmso.remittances.models.deposits import Awaited
from openmso.remittances.models.files import File, Remittance
from openmso.remittances.queries import files as told
from openmso.remittances.rules import keys
from openmso.remittances.services import books, facts, staging, turns
from openmso.remittances.services.receiving import biller_of
from openmso.remittances.services.staging import Sheet, Staged
from openmso.remittances.states import MOVES

LOCK = 0x72656D69
"""Advisory lock class of posting: files of one practice one after another, in any number of workers."""
FINDINGS_MAX = 200
STEPS = ("Reading", "Finding the claims", "Writing the payments", "Posting to the books", "Deciding the claims",
         "Telling the house")  # fmt: skip


def post_file(*, actor: Actor, practice: int, file: str, at: datetime, posted_on: date | None = None) -> FileOutcome:
    """Post a received file; a decided one is answered as it stands.

    `posted_on` is the accounting day; without one it is the payment's own day (BPR16). Raises `NotFound` and
    `Forbidden`; whatever is wrong with the file itself is in the outcome.
    """
    try:
        return _post(actor=actor, practice=practice, file=file, at=at, posted_on=posted_on)
    except ledger.PeriodNotOpen as no:
        return _hold(actor=actor, practice=practice, file=file, at=at, why=f"{no.sentence} {no.fix}".strip())


@atomic
def _post(*, actor: Actor, practice: int, file: str, at: datetime, posted_on: date | None) -> FileOutcome:
    decision = actor.must(POST.code, practice)
    row = locked_file(practice, file)
    if row.state in {FileState.POSTED, FileState.DUPLICATE}:
        return told.outcome(row)
    steps = Steps(STEPS, progress.of(file))
    steps.begin()
    staged = staging.stage(
        documents.flowing(row.document, practice), lambda claims: steps.within(claims, row.claims, "claims")
    )
    billers = providers.billers(practice, on=tenancy.today(practice, at))
    findings = _wrong(staged, billers) or _disagreeing(practice, staged)
    if findings:
        return _quarantine(actor, row, findings, at, decision)
    remittances = [_write(actor, row, sheet, _biller(sheet, billers), at, posted_on) for sheet in staged.sheets]
    posted = [one for one in remittances if one.state == RemittanceState.POSTED]
    if posted:
        Awaited.objects.bulk_create(
            Awaited(practice_id=practice, remittance=one, amount=one.amount) for one in posted if one.amount
        )
        _journals(actor, practice, posted, staged.sheets, at, decision, steps)
    _decide(actor, row, remittances, at, decision)
    work.close_item(
        practice=practice, key=f"remittances.quarantined:{file}", actor=actor, at=at, outcome=row.words, under=decision
    )
    return told.outcome(row)


def locked_file(practice: int, public_id: str) -> File:
    """The file, once no other worker posts for the practice; raises `NotFound`."""
    lock(practice)
    row = File.objects.select_for_update().filter(practice_id=practice, public_id=public_id).first()
    if row is None:
        raise NotFound(f"There is no remittance file {public_id}.")
    return row


def lock(practice: int) -> None:
    """Wait until nobody else posts remittances of this practice, and keep others out until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, practice % 2**31])


def _wrong(staged: Staged, billers: list[BillingProvider]) -> list[FindingRow]:
    """All that forbids posting: what the reader found, strange payees, money that is no money."""
    found = [
        FindingRow(f.code, f.severity, f.message, f.fix, f.segment, f.offset, f.loop or "")
        for f in (*staged.findings, *(f for sheet in staged.sheets if sheet.totals for f in sheet.totals.findings))
    ]
    wrong = [f for f in found if f.severity == "error"] if blocking_any(staged) else []
    if not staged.sheets:
        wrong.append(FindingRow("no_remittance", "error", "The file holds no remittance (835).", ""))
    for sheet in staged.sheets:
        if sheet.totals is None:
            wrong.append(FindingRow("remittance_cut", "error", f"Transaction {sheet.header.control} has no end.", ""))
        if _biller(sheet, billers) is None:
            wrong.append(_stranger(sheet))
    unpostable = staging.first_unpostable()
    if unpostable is not None:
        control, offset = unpostable
        wrong.append(
            FindingRow("amount_unpostable", "error", f"Claim {control} has an amount that is no dollars and cents.",
                       "Ask the payer for a corrected file.", offset=offset, loop="2100")
        )  # fmt: skip
    distinct: dict[tuple[object, ...], FindingRow] = {(f.code, f.offset, f.message): f for f in wrong}
    return list(distinct.values())


def blocking_any(staged: Staged) -> bool:
    """Whether the reader found an error in the envelope or in any transaction."""
    return blocking(staged.findings) or any(blocking(s.totals.findings) for s in staged.sheets if s.totals)


def _biller(sheet: Sheet, billers: list[BillingProvider]) -> BillingProvider | None:
    return biller_of(sheet.header.payee.npi, sheet.header.payee_tin, billers)


def _stranger(sheet: Sheet) -> FindingRow:
    payee, header = sheet.header.payee, sheet.header
    ids = ", ".join(p for p in (payee.npi and f"NPI {payee.npi}", header.payee_tin and f"TIN {header.payee_tin}") if p)
    return FindingRow(
        "payee_unknown", "error",
        f"Transaction {header.control} pays {payee.last[:60] or 'somebody'} ({ids or 'no number'}), which is no "
        "billing provider of this practice.",
        "Add the billing provider to the practice and try the file again, or give the file to whom it pays.",
        offset=header.span.start if header.span else None, loop="1000B",
    )  # fmt: skip


def _disagreeing(practice: int, staged: Staged) -> list[FindingRow]:
    """Transactions that are neither new nor what was posted under their trace, or stands in this file before them.

    A file that was split, or put together, on its way has the trace of the whole and another amount, and would pay
    its claims again; one of the same amount that pays other claims is no duplicate of the first.
    """
    found = []
    read: dict[tuple[object, ...], list[Sheet]] = defaultdict(list)
    for sheet in staged.sheets:
        header, key = sheet.header, sheet.business_key
        if not header.trace:
            continue
        earlier = read[keys.trace_key(header)]
        posted = Remittance.objects.filter(
            practice_id=practice, trace=header.trace[:60], payer_key=keys.payer_key(header)[:80],
            paid_on=header.payment.paid_on, state=RemittanceState.POSTED,
        )  # fmt: skip
        is_known = key in {*(one.business_key for one in posted), *(one.business_key for one in earlier)}
        compared = [one for one in posted if (one.business_key == key) is is_known]
        beside = [one for one in earlier if (one.business_key == key) is is_known]
        earlier.append(sheet)
        if not compared and not beside:
            continue
        first_wrong = staging.first_paid_otherwise if is_known else staging.first_paid_already
        control = first_wrong(
            practice, sheet, posted=[one.pk for one in compared], staged=[one.number for one in beside]
        )
        if control:
            found.append(_disagrees(sheet, control, compared, is_known=is_known))
    return found


def _disagrees(sheet: Sheet, control: str, compared: list[Remittance], *, is_known: bool) -> FindingRow:
    header = sheet.header
    before = ", ".join(f"was posted as {one.public_id} for {one.amount:,.2f}" for one in compared[:3])
    where = before or "stands in this file before"
    paid = f"claim {control[:40]}{', which that does not pay' if is_known else ' again'}"
    return FindingRow(
        "paid_otherwise" if is_known else "paid_already", "error",
        f"Transaction {header.control} pays {paid}: its trace {header.trace[:60]}, here for "
        f"{header.payment.amount:,.2f}, {where}.",
        "Compare the two: what is posted stands. Ask the payer for the rest, or the correction, under its own trace.",
        offset=header.span.start if header.span else None, loop="header",
    )  # fmt: skip


def _write(
    actor: Actor, row: File, sheet: Sheet, biller: BillingProvider | None, at: datetime, posted_on: date | None
) -> Remittance:
    """The remittance of one ST; a duplicate of one that is posted names it and moves nothing."""
    assert biller is not None
    assert sheet.totals is not None
    first = Remittance.objects.filter(
        practice_id=row.practice_id, business_key=sheet.business_key, state=RemittanceState.POSTED
    ).first()
    header, totals, payment = sheet.header, sheet.totals, sheet.header.payment
    key = keys.payer_key(header)
    payer = payers.by_edi_id(key) or payers.by_edi_id(header.trace_payer)
    day = posted_on or payment.paid_on or header.production_on or tenancy.today(row.practice_id, at)
    return Remittance.objects.create(
        practice_id=row.practice_id, file=row, position=sheet.number, control=header.control[:20],
        business_key=sheet.business_key, payer_id=payer.id if payer else None,
        payer_name=(payer.name if payer else header.payer.last)[:80], payer_key=key[:80], entity_id=biller.entity,
        biller_id=biller.id, payee_npi=header.payee.npi[:10], payee_tin=header.payee_tin[:20],
        trace=header.trace[:60], trace_payer=header.trace_payer[:30], method=payment.method[:3],
        paid_on=payment.paid_on, production_on=header.production_on, posted_on=day, posted_at=at,
        posted_by=actor.name[:160], amount=payment.amount, charge_amount=totals.charge, paid_amount=totals.paid,
        line_paid_amount=sheet.line_paid, provider_adjusted_amount=totals.provider_adjusted,
        claim_count=totals.claims, line_count=totals.lines,
        state=RemittanceState.DUPLICATE if first else RemittanceState.POSTED, duplicate_of=first,
        span_start=header.span.start if header.span else 0, span_end=totals.span.end,
    )  # fmt: skip


def _journals(
    actor: Actor, practice: int, posted: list[Remittance], sheets: list[Sheet], at: datetime, decision: Decision,
    steps: Steps,
) -> None:  # fmt: skip
    """Payments, their claims, patients' shares, the books and the claims themselves: one statement each."""
    steps.begin()
    books.name_remittances(posted)
    books.find_originals(practice)
    claims.open_adjudications()
    books.tell_claims(practice)
    claims.match_adjudications()
    books.rank_payers()
    lined = turning.line_up(practice=practice)
    steps.begin()
    books.write_payments(practice)
    books.write_applications(practice, at=at, by=actor.name)
    books.write_patient_shares(practice, at=at)
    adjustments = books.write_provider_adjustments(posted, sheets)
    steps.begin()
    ledger.open_stage()
    books.stage_payments()
    books.stage_adjustments(adjustments, posted)
    if books.anything_staged():
        ledger.post_staged(actor=actor, at=at, under=(decision,))
    steps.begin()
    claims.apply_adjudications(actor=actor, at=at, under=decision)
    turns.pass_on(actor, practice, lined, at, decision)
    steps.begin()
    outbox.publish_all(facts.of_posting(posted), practice=practice, at=at, behind=decision.grant)


def _decide(actor: Actor, row: File, remittances: list[Remittance], at: datetime, decision: Decision) -> None:
    posted = [one for one in remittances if one.state == RemittanceState.POSTED]
    state = FileState.POSTED if posted else FileState.DUPLICATE
    _move(row, state, told.words_of(remittances), [], at)
    _enrolled(actor, posted, at, decision)
    for one in remittances:
        keeping.became(document=row.document, subject=(REMITTANCE, one.public_id), practice=row.practice_id, at=at)
        is_posted = one.state == RemittanceState.POSTED
        audit.record(
            actor=actor, action="remittances.posted" if is_posted else "remittances.duplicate",
            practice=row.practice_id, subject=(REMITTANCE, one.public_id), at=at, decision=decision,
            facts={"claims": one.claim_count, "amount": str(one.amount)} if is_posted
            else {"first": one.duplicate_of.public_id if one.duplicate_of else ""},
        )  # fmt: skip


def _enrolled(actor: Actor, posted: list[Remittance], at: datetime, decision: Decision) -> None:
    """A payer that sends remittances has the biller enrolled, whatever the board says."""
    for practice, payer, biller in sorted({(one.practice_id, one.payer_id or 0, one.biller_id) for one in posted}):
        enrolling.first_file(
            actor=actor, practice=practice, payer=payer, transaction=Transaction.REMITTANCE, biller=biller, at=at,
            under=decision, words="The first 835 came.",
        )  # fmt: skip


def _quarantine(actor: Actor, row: File, findings: list[FindingRow], at: datetime, decision: Decision) -> FileOutcome:
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    _move(row, FileState.QUARANTINED, f"Nothing was posted. {findings[0].message}{more}", findings, at)
    audit.record(
        actor=actor, action="remittances.quarantined", practice=row.practice_id, subject=(FILE, row.public_id), at=at,
        facts={"findings": len(findings), "first": findings[0].code}, decision=decision,
    )  # fmt: skip
    outbox.publish(RemittanceQuarantined(row.public_id, len(findings)), practice=row.practice_id, at=at)
    return told.outcome(row)


@atomic
def _hold(*, actor: Actor, practice: int, file: str, at: datetime, why: str) -> FileOutcome:
    decision = actor.must(POST.code, practice)
    row = locked_file(practice, file)
    _move(row, FileState.HELD, f"Nothing was posted yet. {why}", [], at)
    audit.record(
        actor=actor, action="remittances.held", practice=practice, subject=(FILE, file), at=at, facts={"why": why},
        decision=decision,
    )  # fmt: skip
    outbox.publish(RemittanceQuarantined(row.public_id, 0), practice=practice, at=at)
    return told.outcome(row)


def _move(row: File, to: FileState, words: str, findings: list[FindingRow], at: datetime) -> None:
    check_move(MOVES, noun="remittance file", frm=FileState(row.state), to=to)
    row.state, row.words, row.decided_at = to, words[:400], at
    row.findings, row.finding_count = [asdict(f) for f in findings[:FINDINGS_MAX]], len(findings)
    row.save(update_fields=["state", "words", "findings", "finding_count", "decided_at"])
