"""What tenants of the house paid to whom by facilities and to owners, for the list of related parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse

from openmso.equity.models import capital
from openmso.equity.models import facilities as kept
from openmso.equity.models.tables import Holder
from openmso.equity.queries import ventures
from openmso.governance.contracts.interests import PaidTo
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.platform.tenancy import queries as tenancy


def paid(practice: int) -> list[PaidTo]:
    """What left the books of a tenant: draws that it paid out, what it repaid of its own, distributions to owners."""
    return [*_drawn(practice), *_repaid(practice), *_distributed(practice)]


def _drawn(practice: int) -> Iterator[PaidTo]:
    """Draws of facilities that an entity of the tenant gave."""
    rows = kept.Draw.objects.filter(facility__mso_entity__tenant_id=practice).select_related("facility", "practice")
    for row in rows:
        words = f"Draw of facility {row.facility.public_id}: {row.purpose}"
        yield PaidTo(row.practice.name, row.drawn_on, Money.of(row.amount), words, _page(row))


def _repaid(practice: int) -> Iterator[PaidTo]:
    """Instalments, prepayments and unused fees of facilities that the tenant has of its MSO."""
    lender = tenancy.mso_name()
    for one in kept.DrawPayment.objects.filter(practice_id=practice).select_related("draw"):
        amount = Money.of(one.interest_amount + one.principal_amount)
        words = f"Instalment {one.number} of draw {one.draw.public_id}"
        yield PaidTo(lender, one.paid_on, amount, words, _page(one.draw))
    for each in kept.Prepayment.objects.filter(practice_id=practice).select_related("draw"):
        amount = Money.of(each.interest_amount + each.principal_amount)
        yield PaidTo(lender, each.paid_on, amount, f"Prepayment of draw {each.draw.public_id}", _page(each.draw))
    for fee in kept.UnusedFee.objects.filter(practice_id=practice).select_related("facility"):
        facility = fee.facility.public_id
        words = f"Unused fee of facility {facility}, {Month.of(fee.month).words}"
        yield PaidTo(lender, fee.paid_on, Money.of(fee.amount), words, reverse("equity:facility", args=[facility]))


def _distributed(practice: int) -> Iterator[PaidTo]:
    """Distributions of the tenant's entities that were paid, by holder."""
    paid_on = dict(
        capital.DistributionPayment.objects.filter(practice_id=practice).values_list("distribution_id", "paid_on")
    )
    sums: defaultdict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    shares = capital.DistributionShare.objects.filter(practice_id=practice, distribution_id__in=list(paid_on))
    named = ventures.names_of(Holder.objects.filter(pk__in=shares.values("holder_id")))
    for row in shares.select_related("distribution").order_by("pk"):
        sums[row.distribution_id, row.distribution.public_id, named[row.holder_id]] += row.amount
    for (key, public_id, name), amount in sums.items():
        page = reverse("equity:distribution", args=[public_id])
        yield PaidTo(name, paid_on[key], Money.of(amount), f"Distribution {public_id}", page)


def _page(draw: kept.Draw) -> str:
    return reverse("equity:of-draw", args=[draw.public_id])
