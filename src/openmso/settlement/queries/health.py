"""Questions about the MSO's finances: what its book says of a month, and what was shown to a practice."""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.contracts import Shown
from openmso.agreements.queries import agreements
from openmso.kit.clock import day_in
from openmso.kit.money import ZERO
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Selection
from openmso.ledger.queries import books as ledgers
from openmso.ledger.queries import selection, statements
from openmso.platform.tenancy.models import Tenant
from openmso.settlement import health as rules
from openmso.settlement.contracts.health import Health, HealthMonth, Reckoned
from openmso.settlement.models import ShownFigure


def book_of(mso_entity: int, month: Month, *, party: str) -> rules.Book:
    """What the MSO's book says of a month; `party` is the practice, as that book calls it."""
    method = ledgers.book_of(mso_entity).method
    position = statements.balance_sheet(entity=mso_entity, method=method, days=[month.last])
    first = month.plus(1 - rules.MONTHS).first
    income = statements.income_statement(
        entity=mso_entity, method=method, ranges=[(month.first, month.last), (first, month.last)]
    )
    sections = {section.key: section for section in income.sections}
    depreciation = next(
        (row.figures[1] for row in sections["expense"].rows if row.account.code == Accounts.DEPRECIATION), ZERO
    )
    fees = Selection(
        mso_entity, (Accounts.FEE_REVENUE,), tuple(method.bases(method)), month.plus(1).first, month.first,
        parties=(party,),
    )  # fmt: skip
    return rules.Book(
        {row.account.code: row.figures[0] for section in position.sections for row in section.rows},
        income.results["Net income"][0], sections["expense"].totals[1] - depreciation, (month.last - first).days + 1,
        sections["revenue"].totals[0], -selection.total(fees).net,
    )  # fmt: skip


def health(practice: int, *, at: datetime) -> Health:
    """What the MSO shows a practice of its finances, and what the agreement in force promises of it."""
    tenant = Tenant.objects.get(pk=practice)
    version = agreements.in_force(practice, day_in(tenant.zone, at))
    found: dict[str, HealthMonth] = {}
    for row in ShownFigure.objects.filter(practice_id=practice).select_related("settlement").order_by("-month", "pk"):
        made = Reckoned(Shown(row.code), row.value, row.formula)
        known = found.get(row.settlement.public_id)
        figures = (*known.figures, made) if known else (made,)
        found[row.settlement.public_id] = HealthMonth(
            Month.of(row.month), row.settlement.public_id, row.shown_at, figures
        )
    latest: dict[Month, HealthMonth] = {}
    for one in sorted(found.values(), key=lambda one: one.shown_at):
        latest[one.month] = one
    months = tuple(latest[month] for month in sorted(latest, reverse=True))
    promised = version.terms.shows if version else ()
    return Health(practice, tenant.name, version.agreement if version else "", promised, months)
