"""How denials ended so far at a practice: what the win rate is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Count, F, Sum
from django.db.models.functions import Least

from openmso.denials.contracts import Record
from openmso.denials.models import Denial
from openmso.denials.states import FINAL

Known = Mapping[tuple[str, int | None], Record]
"""By category and payer."""


def records(practice: int) -> Known:
    """By category and payer how many denials ended, and the shares of their dollars that came in; one question.

    Of what was moved to the patient, written off and recovered alike; not of decisions that another one followed.
    """
    ended = Denial.objects.filter(practice_id=practice, state__in=FINAL, is_denial=True).order_by()
    rows = ended.values_list("category", "payer_id").annotate(
        n=Count("pk"), won=Sum(Least(F("recovered_amount"), F("amount")) / F("amount"))
    )
    here = {(category, payer): (n, Decimal(won or 0)) for category, payer, n, won in rows}
    whole: defaultdict[str, tuple[int, Decimal]] = defaultdict(lambda: (0, Decimal(0)))
    for (category, _), (n, won) in here.items():
        whole[category] = (whole[category][0] + n, whole[category][1] + won)
    found = {key: Record(*mine, *whole[key[0]]) for key, mine in here.items()}
    return found | {(category, -1): Record(0, Decimal(0), *sums) for category, sums in whole.items()}


def record_of(known: Known, category: str, payer: int | None) -> Record:
    """The record of a category with a payer; with nothing of that payer, that of the category alone."""
    return known.get((category, payer)) or known.get((category, -1)) or Record()
