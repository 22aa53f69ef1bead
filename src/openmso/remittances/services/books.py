"""From the staging tables into the journals: one statement each, all in the transaction of `posting`.

`claims_adjudication` and `claims_adjudication_line` are the staging tables of `claims`, `ledger_stage_*` those of the
ledger; their owners fill in and take out what is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from openmso.ledger.contracts import Accounts
from openmso.platform.database import plans
from openmso.platform.database.copying import copy
from openmso.remittances.contracts import ADJUSTMENT, PAYMENT
from openmso.remittances.models.files import Remittance
from openmso.remittances.models.payments import ProviderAdjustment
from openmso.remittances.rules import keys, provider
from openmso.remittances.services.staging import AMOUNTS, Sheet, plain

COLUMNS = "charge_amount, paid_amount, contractual_amount, other_amount, patient_amount, denied_amount, prior_amount"
STAGED = ", ".join(f"p.{name}" for name in AMOUNTS.split(", "))
OF_LINE = ", ".join(f"l.{name}" for name in AMOUNTS.split(", "))
POSTED = "remittances_stage_payment p JOIN remittances_stage_remittance r USING (remittance)"

FIND_ORIGINALS = """
UPDATE remittances_stage_payment p SET reverses = o.id, payer_rank = greatest(p.payer_rank, o.payer_rank)
  FROM (
    SELECT DISTINCT ON (s.seq) s.seq, c.id, c.payer_rank
      FROM remittances_stage_payment s
      JOIN (
        SELECT 0 AS seq, id, control, payer_control, charge_amount, paid_amount, payer_rank
          FROM remittances_claimpayment
         WHERE practice_id = %(practice)s AND NOT is_reversal
           AND control IN (SELECT control FROM remittances_stage_payment WHERE is_reversal)
        UNION ALL
        SELECT t.seq, t.id, t.control, t.payer_control, t.charge, t.paid, t.payer_rank
          FROM remittances_stage_payment t
         WHERE NOT t.is_reversal
      ) c ON c.control = s.control AND c.charge_amount = -s.charge AND c.paid_amount = -s.paid
     WHERE s.is_reversal
     ORDER BY s.seq, (c.payer_control = coalesce(nullif(s.original_control, ''), s.payer_control)) DESC,
              (c.seq < s.seq) DESC, c.id DESC
  ) o WHERE o.seq = p.seq
"""
TELL_CLAIMS = f"""
INSERT INTO claims_adjudication (position, practice_id, control, payer_control, {COLUMNS}, outcome, payer_rank,
                                 forwarded, applies, decided_on, source_id)
SELECT p.seq, %(practice)s, p.control, p.payer_control, {STAGED}, p.outcome, p.payer_rank, p.forwarded, p.applies,
       r.posted_on, p.public_id
  FROM {POSTED}
"""
TELL_CLAIM_LINES = f"""
INSERT INTO claims_adjudication_line (position, number, line_control, code, modifiers, submitted_code,
                                      submitted_modifiers, service_on, {COLUMNS})
SELECT l.seq, l.number, l.line_control, l.code, l.modifiers, l.submitted_code, l.submitted_modifiers, l.service_on,
       {OF_LINE}
  FROM remittances_stage_line l JOIN {POSTED} USING (seq)
"""
# A later payer that was asked is the payer of its turn, whatever its CLP02 says.
RANKS = """
UPDATE claims_adjudication c SET payer_rank = c.turn
  FROM remittances_stage_payment p JOIN remittances_stage_remittance r USING (remittance)
  JOIN remittances_remittance e ON e.id = r.remittance_id
 WHERE p.seq = c.position AND c.turn > 1 AND c.payer_rank <> c.turn AND e.payer_id = c.asked_payer_id
"""
TAKE_RANKS = """
UPDATE remittances_stage_payment p SET payer_rank = c.payer_rank FROM claims_adjudication c
 WHERE c.position = p.seq AND c.turn > 1 AND p.payer_rank <> c.payer_rank
"""
PAYMENTS = f"""
INSERT INTO remittances_claimpayment (id, practice_id, public_id, remittance_id, position, control, payer_control,
  status_code, filing_code, {COLUMNS}, told_patient_amount, outcome, is_reversal, forwarded, applies, payer_rank,
  reverses_id, patient_last, patient_first, member_id, service_on, remarks, span_start, span_end)
SELECT p.id, %(practice)s, p.public_id, r.remittance_id, p.position, p.control, p.payer_control, p.status_code,
       p.filing_code, {STAGED}, p.told_patient, p.outcome, p.is_reversal, p.forwarded, p.applies, p.payer_rank,
       p.reverses, p.patient_last, p.patient_first, p.member_id, p.service_on, p.remarks, p.span_start, p.span_end
  FROM {POSTED} ORDER BY p.seq
"""
LINES = f"""
INSERT INTO remittances_servicepayment (practice_id, payment_id, number, line_control, code, modifiers, submitted_code,
  submitted_modifiers, units, service_on, {COLUMNS}, allowed_amount, remarks, span_start, span_end)
SELECT %(practice)s, p.id, l.number, l.line_control, l.code, l.modifiers, l.submitted_code, l.submitted_modifiers,
       l.units, l.service_on, {OF_LINE}, l.allowed, l.remarks, l.span_start, l.span_end
  FROM {POSTED} JOIN remittances_stage_line l USING (seq) ORDER BY l.seq, l.number
"""
REASONS = f"""
INSERT INTO remittances_adjustment (practice_id, payment_id, line, place, "group", reason, amount, quantity, effect)
SELECT %(practice)s, p.id, a.line, a.place, a.grp, a.reason, a.amount, a.quantity, a.effect
  FROM {POSTED} JOIN remittances_stage_adjustment a USING (seq) ORDER BY a.seq, a.line, a.place
"""
APPLICATIONS = """
INSERT INTO remittances_application (practice_id, payment_id, claim_id, claim_name, matched_by, why, applied_on,
                                     applied_at, applied_by)
SELECT %(practice)s, p.id, c.claim_id, c.claim_public_id, c.matched_by, %(why)s, c.decided_on, %(at)s, %(by)s
  FROM claims_adjudication c JOIN remittances_stage_payment p ON p.seq = c.position
 WHERE c.claim_id IS NOT NULL ORDER BY c.position
"""
UNAPPLIED = """
INSERT INTO remittances_unapplied (practice_id, payment_id)
SELECT %(practice)s, p.id FROM claims_adjudication c JOIN remittances_stage_payment p ON p.seq = c.position
 WHERE c.claim_id IS NULL AND p.applies ORDER BY c.position
"""
LINE_APPLICATIONS = """
INSERT INTO remittances_lineapplication (practice_id, payment_id, number, claim_line_id, claim_line_number)
SELECT %(practice)s, p.id, l.number, l.claim_line_id, l.claim_line_number
  FROM claims_adjudication_line l JOIN remittances_stage_payment p ON p.seq = l.position
 WHERE l.claim_line_id IS NOT NULL ORDER BY l.position, l.number
"""

# The claims were filled in after the last look: without a new one the planner believes that none was found.
LOOK_AGAIN = "ANALYZE claims_adjudication, claims_adjudication_line"

# What a patient owes is what the last payer in line said whose decision stands: not taken back, not sent on to the
# next payer, and no later one asked (`asked_rank`). It depends on the set of decisions and on who is asked alone, never
# on the order of their files.
SHARES = """
WITH touched AS (
  SELECT claim_id, max(position) AS seq, max(asked_rank) AS asked FROM claims_adjudication
   WHERE claim_id IS NOT NULL AND applies GROUP BY 1
), decisions AS (
  SELECT t.seq, t.claim_id, t.asked, d.payer_key, max(d.payer_rank) AS rank, sum(d.patient_amount) AS share,
         sum(CASE WHEN d.is_reversal THEN -1 ELSE 1 END) > 0 AS stands,
         bool_and(d.forwarded OR d.is_reversal) AND bool_or(d.forwarded) AS forwarded
    FROM touched t
    LEFT JOIN LATERAL (
           SELECT e.payer_key, p.payer_rank, p.patient_amount, p.is_reversal, p.forwarded
             FROM (  -- in the order that only the index of the claim has, whatever is known of the others
                    SELECT payment_id FROM remittances_application
                     WHERE practice_id = %(practice)s AND claim_id = t.claim_id ORDER BY id OFFSET 0) a
             JOIN remittances_claimpayment p ON p.id = a.payment_id
             JOIN remittances_remittance e ON e.id = p.remittance_id
            WHERE p.applies) d ON true
   GROUP BY 1, 2, 3, 4
), wanted AS (
  SELECT DISTINCT ON (claim_id) seq, claim_id,
         CASE WHEN stands AND NOT forwarded AND rank >= asked THEN share ELSE 0 END AS share
    FROM decisions ORDER BY claim_id, stands DESC, rank DESC, payer_key
)
INSERT INTO remittances_stage_share (seq, claim_id, amount, share)
SELECT w.seq, w.claim_id, w.share - k.share, w.share
  FROM wanted w
 CROSS JOIN LATERAL (
         SELECT coalesce(sum(amount), 0) AS share FROM remittances_patientshare
          WHERE practice_id = %(practice)s AND claim_id = w.claim_id) k
 WHERE w.share <> k.share
"""
# Where several payers have decided, or one is asked after another, the patient's part of each line is that of the payer
# whose decision gives the patient's share; elsewhere it is what the lines themselves say.
LINE_SHARES = """
WITH touched AS (
  SELECT claim_id, max(asked_rank) AS asked, bool_or(forwarded) AS forwarded FROM claims_adjudication
   WHERE claim_id IS NOT NULL AND applies GROUP BY 1
), decisions AS (
  SELECT t.claim_id, t.asked, d.payer_key, max(d.payer_rank) AS rank, array_agg(d.id) AS payments,
         sum(CASE WHEN d.is_reversal THEN -1 ELSE 1 END) > 0 AS stands,
         bool_and(d.forwarded OR d.is_reversal) AND bool_or(d.forwarded) AS forwarded,
         count(*) OVER (PARTITION BY t.claim_id) > 1 OR bool_or(t.forwarded) OR t.asked > 0
           OR %(turn)s > 0 AS is_chain
    FROM touched t
   CROSS JOIN LATERAL (
           SELECT p.id, e.payer_key, p.payer_rank, p.is_reversal, p.forwarded
             FROM (  -- in the order that only the index of the claim has, as above
                    SELECT payment_id FROM remittances_application
                     WHERE practice_id = %(practice)s AND claim_id = t.claim_id ORDER BY id OFFSET 0) a
             JOIN remittances_claimpayment p ON p.id = a.payment_id
             JOIN remittances_remittance e ON e.id = p.remittance_id
            WHERE p.applies) d
   GROUP BY 1, 2, 3
), last AS (
  SELECT DISTINCT ON (claim_id) claim_id, payments, stands AND NOT forwarded AND rank >= asked AS counts
    FROM decisions WHERE is_chain ORDER BY claim_id, stands DESC, rank DESC, payer_key
)
INSERT INTO claims_line_share (claim_line_id, patient_amount)
SELECT c.id, CASE WHEN k.counts THEN coalesce(d.share, 0) ELSE 0 END
  FROM last k
 CROSS JOIN LATERAL (
         SELECT id FROM claims_claimline
          WHERE practice_id = %(practice)s AND claim_id = k.claim_id ORDER BY number OFFSET 0) c
 CROSS JOIN LATERAL (
         SELECT sum(s.patient_amount) AS share
           FROM (SELECT payment_id, number, claim_line_id FROM remittances_lineapplication
                  WHERE practice_id = %(practice)s AND payment_id = ANY(k.payments)
                  ORDER BY payment_id, number OFFSET 0) l
          CROSS JOIN LATERAL (
                  SELECT patient_amount FROM remittances_servicepayment
                   WHERE practice_id = %(practice)s AND payment_id = l.payment_id AND number = l.number OFFSET 0) s
          WHERE l.claim_line_id = c.id) d
"""
KEEP_SHARES = """
INSERT INTO remittances_patientshare (practice_id, claim_id, payment_id, turn, amount, "on", at)
SELECT %(practice)s, s.claim_id, p.id, %(turn)s, s.amount, c.decided_on, %(at)s
  FROM remittances_stage_share s JOIN remittances_stage_payment p USING (seq)
  JOIN claims_adjudication c ON c.position = s.seq ORDER BY s.seq
"""
TELL_SHARES = """
UPDATE claims_adjudication c SET patient_delta_amount = coalesce(
  (SELECT s.amount FROM remittances_stage_share s WHERE s.seq = c.position), 0)
"""

# The recipe of a claim payment. Cash that came is income now on the cash basis; on the accrual basis it settles the
# receivable that the claim made when it was sent. What is written off or moved to the patient is accrual only.
# A payment whose claim is not found waits as unapplied cash.
LEDGER_ENTRIES = f"""
INSERT INTO ledger_stage_entry (position, entity_id, posted_on, journal, memo, source_kind, source_id, key)
SELECT p.seq, r.entity_id, r.posted_on, 'RM', %(memo)s || r.public_id, '{PAYMENT}', p.public_id,
       %(key)s || p.public_id
  FROM {POSTED}
 WHERE EXISTS (SELECT FROM ledger_stage_line l WHERE l.position = p.seq)
"""
LEDGER_LINES = f"""
INSERT INTO ledger_stage_line
  (position, number, account, basis, debit_amount, credit_amount, source_kind, source_id, party)
SELECT m.seq, row_number() OVER (PARTITION BY m.seq ORDER BY m.place), m.account, m.basis, greatest(m.amount, 0),
       greatest(-m.amount, 0), '{PAYMENT}', m.public_id, left('payer:' || m.payer_key, 40)
  FROM (
    SELECT p.seq, p.public_id, r.payer_key, v.place, v.account, v.basis, v.amount
      FROM {POSTED}
      JOIN claims_adjudication c ON c.position = p.seq
      CROSS JOIN LATERAL (VALUES
        (1, %(from)s, 'common', p.paid),
        (2, '{Accounts.PATIENT_REVENUE}', 'common', -p.paid),
        (3, '{Accounts.PATIENT_REVENUE}', 'accrual', p.paid),
        (4, '{Accounts.CONTRACTUAL_ADJUSTMENTS}', 'accrual', p.contractual),
        (5, '{Accounts.OTHER_ADJUSTMENTS}', 'accrual', p.other),
        (6, '{Accounts.AR_PATIENT}', 'accrual', c.patient_delta_amount),
        (7, '{Accounts.AR_INSURANCE}', 'accrual', -(p.paid + p.contractual + p.other + c.patient_delta_amount))
      ) AS v(place, account, basis, amount)
     WHERE c.claim_id IS NOT NULL AND p.applies AND v.amount <> 0
    UNION ALL
    SELECT p.seq, p.public_id, r.payer_key, v.place, v.account, 'common', v.amount
      FROM {POSTED}
      JOIN claims_adjudication c ON c.position = p.seq
      CROSS JOIN LATERAL (VALUES
        (1, '{Accounts.CASH_CLEARING}', p.paid), (2, '{Accounts.UNAPPLIED_CASH}', -p.paid)
      ) AS v(place, account, amount)
     WHERE (c.claim_id IS NULL OR NOT p.applies) AND v.amount <> 0
  ) m
"""


def _run(*statements: str, **values: int | str | datetime) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)


def name_remittances(posted: Sequence[Remittance]) -> None:
    """Tell the stage which remittances of the file are posted; the others stay behind."""
    copy(
        "remittances_stage_remittance",
        "remittance, remittance_id, public_id, entity_id, payer_key, posted_on",
        [
            f"{one.position}\t{one.pk}\t{one.public_id}\t{one.entity_id}\t{plain(one.payer_key, 80)}\t{one.posted_on}\n"
            for one in posted
        ],
    )
    _run("ANALYZE remittances_stage_payment, remittances_stage_line, remittances_stage_adjustment")


def find_originals(practice: int) -> None:
    """For each reversal the payment it takes back, in this file or an earlier one; it may also come later."""
    if _is_there("remittances_stage_payment WHERE is_reversal"):  # else all that was ever paid is read for nothing
        _run(FIND_ORIGINALS, practice=practice)


def tell_claims(practice: int) -> None:
    """Put the decisions where `claims` finds its own."""
    _run(TELL_CLAIMS, TELL_CLAIM_LINES, practice=practice)


def rank_payers() -> None:
    """Let a later payer that was asked stand in its place in line."""
    _run(RANKS, TAKE_RANKS)


def write_payments(practice: int) -> None:
    """Claim payments, line payments and reasons."""
    _run(PAYMENTS, LINES, REASONS, practice=practice)


def write_applications(practice: int, *, at: datetime, by: str, why: str = "") -> None:
    """Which claims and claim lines they were posted to, and which wait for a claim."""
    _run(LOOK_AGAIN, APPLICATIONS, UNAPPLIED, LINE_APPLICATIONS, practice=practice, at=at, by=by[:160], why=why)


def write_patient_shares(practice: int, *, at: datetime, turn: int = 0) -> None:
    """How the decisions change what patients owe, kept and told to `claims`, for claims and lines.

    `turn` counts the times that a payment's share was reckoned anew because another payer was asked, or was not.
    """
    with plans.in_order():
        _run(SHARES, practice=practice)
        _run(LINE_SHARES, practice=practice, turn=turn)
    _run(KEEP_SHARES, TELL_SHARES, practice=practice, at=at, turn=turn)


def write_provider_adjustments(posted: Sequence[Remittance], sheets: Sequence[Sheet]) -> list[ProviderAdjustment]:
    """The PLB items of the posted remittances."""
    by_number = {sheet.number: sheet for sheet in sheets}
    rows = []
    for one in posted:
        sheet = by_number[one.position]
        items = [(plb, item) for plb in sheet.provider for item in plb.items]
        for position, (plb, item) in enumerate(items, start=1):
            rows.append(
                ProviderAdjustment(
                    practice_id=one.practice_id, remittance=one, position=position,
                    payer_key=keys.payer_key(sheet.header)[:80], provider=plb.provider[:50],
                    fiscal_on=plb.fiscal_on, code=item.code[:5], reference=item.reference[:80], amount=item.amount,
                    account=provider.kind_of(item.code).account, span_start=plb.span.start if plb.span else 0,
                    span_end=plb.span.end if plb.span else 0,
                )
            )  # fmt: skip
    return ProviderAdjustment.objects.bulk_create(rows)


def stage_payments(*, cash_from: str = Accounts.CASH_CLEARING, key: str = f"{PAYMENT}:", memo: str = "") -> None:
    """Entries of the claim payments, one each, in the stage of the ledger; what moves no money has none."""
    _run(LEDGER_LINES, LEDGER_ENTRIES, **{"from": cash_from, "key": key, "memo": memo or "Claim payment of "})


def stage_adjustments(rows: Sequence[ProviderAdjustment], posted: Sequence[Remittance]) -> None:
    """Entries of the provider adjustments, behind those of the payments."""
    moving = [row for row in rows if row.amount]
    if not moving:
        return
    remittances = {one.pk: one for one in posted}
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM remittances_stage_payment")
        last = cursor.fetchone()[0]
    entries, lines = [], []
    for position, row in enumerate(moving, start=last + 1):
        one = remittances[row.remittance_id]
        memo = plain(f"{row.code} of {one.public_id}: {provider.kind_of(row.code).words}", 200)
        entries.append(
            f"{position}\t{one.entity_id}\t{one.posted_on}\tRM\t{memo}\t{ADJUSTMENT}\t{row.public_id}\t"
            f"{ADJUSTMENT}:{row.public_id}\n"
        )
        debit, credit = (row.account, Accounts.CASH_CLEARING)[:: 1 if row.amount > 0 else -1]
        party = plain(f"payer:{one.payer_key}", 40)
        lines += [
            f"{position}\t1\t{debit}\tcommon\t{abs(row.amount)}\t0\t{ADJUSTMENT}\t{row.public_id}\t{party}\n",
            f"{position}\t2\t{credit}\tcommon\t0\t{abs(row.amount)}\t{ADJUSTMENT}\t{row.public_id}\t{party}\n",
        ]
    copy("ledger_stage_entry", "position, entity_id, posted_on, journal, memo, source_kind, source_id, key", entries)
    copy(
        "ledger_stage_line",
        "position, number, account, basis, debit_amount, credit_amount, source_kind, source_id, party",
        lines,
    )


def anything_staged() -> bool:
    """Whether the ledger has anything to post."""
    return _is_there("ledger_stage_entry")


def _is_there(rows: str) -> bool:
    """Whether a staging table has any row, or any of a kind."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {rows})")
        return bool(cursor.fetchone()[0])
