"""Every claim of a practice with its lines and what payers decided, one after the other, for who takes them away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openmso.claims.models.claims import Claim, ClaimLine, Decision
from openmso.claims.states import S

AT_ONCE = 1_000
NOT_SENT = frozenset({S.DRAFT, S.HELD, S.READY, S.QUEUED})


@dataclass(frozen=True, slots=True)
class WholeLine:
    """A charge on a claim."""

    number: int
    code: str
    modifiers: Sequence[str]
    pointers: Sequence[int]
    units: Decimal
    amount: Decimal
    service_on: date
    place_of_service: str


@dataclass(frozen=True, slots=True)
class WholeDecision:
    """What one payment decided of a claim (line 0) or of one of its lines."""

    source: str
    on: date
    line: int
    paid: Decimal
    adjusted: Decimal
    patient: Decimal
    denied: Decimal


@dataclass(frozen=True, slots=True)
class WholeClaim:
    """A claim; whoever it names is named by their keys."""

    public_id: str
    control: str
    state: S
    form: str
    patient_id: int
    payer_id: int | None
    coverage_id: int | None
    biller_id: int | None
    rendering_id: int | None
    service_on: date
    service_through: date | None
    built_on: date
    place_of_service: str
    diagnoses: Sequence[str]
    total: Decimal
    lines: list[WholeLine] = field(default_factory=list)
    decisions: list[WholeDecision] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        """Whether no payer was asked yet."""
        return self.state in NOT_SENT

    @property
    def is_void(self) -> bool:
        """Whether it asks for nothing any more."""
        return self.state is S.VOIDED


def every(practice: int) -> Iterator[WholeClaim]:
    """The claims in the order of their keys; a thousand at a time are held."""
    after = 0
    while some := _some(practice, after):
        lines, decisions = _lines(practice, list(some)), _decisions(practice, list(some))
        for key, one in some.items():
            one.lines.extend(lines.get(key, ()))
            one.decisions.extend(decisions.get(key, ()))
            yield one
        after = max(some)


def _some(practice: int, after: int) -> dict[int, WholeClaim]:
    found = Claim.objects.filter(practice_id=practice, pk__gt=after).order_by("pk").values_list(
        "pk", "public_id", "control", "state", "form", "patient_id", "payer_id", "coverage_id", "billing_provider_id",
        "rendering_id", "service_on", "service_through", "built_at__date", "place_of_service", "diagnoses",
        "total_amount",
    )[:AT_ONCE]  # fmt: skip
    return {key: WholeClaim(name, control, S(state), *rest) for key, name, control, state, *rest in found}


def _lines(practice: int, keys: list[int]) -> dict[int, list[WholeLine]]:
    found = ClaimLine.objects.filter(practice_id=practice, claim_id__in=keys, carried_to=None).order_by("pk")
    lines: dict[int, list[WholeLine]] = defaultdict(list)
    for key, *told in found.values_list("claim_id", "number", "code", "modifiers", "pointers", "units", "amount",
                                        "service_on", "place_of_service"):  # fmt: skip
        lines[key].append(WholeLine(*told))
    return lines


def _decisions(practice: int, keys: list[int]) -> dict[int, list[WholeDecision]]:
    found = Decision.objects.filter(practice_id=practice, claim_id__in=keys).order_by("pk")
    decisions: dict[int, list[WholeDecision]] = defaultdict(list)
    for key, source, on, number, *amounts in found.values_list(
        "claim_id", "source_id", "decided_on", "line__number", "paid_amount", "adjusted_amount", "patient_amount",
        "denied_amount",
    ):  # fmt: skip
        decisions[key].append(WholeDecision(source, on, number or 0, *amounts))
    return decisions
