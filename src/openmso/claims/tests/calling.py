"""What is so of a sheet at a glance, as the desk reads it off rows."""

from __future__ import annotations

from openmso.claims.rules import book, diagnoses, facts, filing, glance
from openmso.claims.rules.findings import Rule
from openmso.claims.rules.sheet import NO_LISTS, ClaimSheet, Context, are_plain


def is_plain(sheet: ClaimSheet) -> bool:
    """Whether patient, coverage and number of a sheet are plain."""
    who, cover = sheet.patient, sheet.cover
    where = who.address
    return are_plain(
        sheet.control, sheet.order, sheet.service_on, sheet.payer,
        (who.last, who.first, who.born_on, who.sex, where.line1, where.city, where.state, where.zip),
        (cover.member_id, cover.relationship, cover.starts_on, cover.ends_on) if cover else None,
    )  # fmt: skip


def called_for(sheet: ClaimSheet, context: Context) -> tuple[Rule, ...]:
    """The rules of the house that a claim calls for, by what is so of it."""
    reasons, limits, add_ons = len(sheet.diagnoses), context.limits or {}, context.add_ons or {}
    found = glance.of_staff(sheet, context) | glance.of_claim(
        sheet, sheet.diagnoses, sheet.lines, sheet.total, payer=sheet.payer, due_on=filing.due_on(sheet),
        today=context.today,
    )  # fmt: skip
    for line in sheet.lines:
        found |= book.SCRUB.called_by(line) | glance.of_line(
            line, reasons=reasons, today=context.today, limit=limits.get(line.code), add_on=add_ons.get(line.code),
            follow_up=context.follow_up.get(line.code), standing=context.standing.get(line.code),
        )  # fmt: skip
    for code in sheet.diagnoses:
        found |= glance.of_reason(code, context.standing.get(code, diagnoses.KNOWN))
    for is_so, fact in (
        (not is_plain(sheet), facts.PEOPLE), (sheet.order != "P" or sheet.earlier, facts.LATER | facts.FILING),
        (context.same_day or context.earlier, facts.BESIDE | facts.EDITED), (context.pairs, facts.EDITED),
        (context.history, facts.PAST), (context.lists is not NO_LISTS, facts.LISTED), (context.permits, facts.PERMITTED),
        ((context.enrolled, context.practice_enrolled) != (None, None), facts.ENROLLED),
    ):  # fmt: skip
        found |= fact if is_so else 0
    return book.SCRUB.asked(found, sheet.kind)
