"""Payments of runs and the files that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from openmso.governance.contracts.interests import PaidTo
from openmso.kit.errors import NotFound
from openmso.kit.money import Money
from openmso.kit.periods import Month
from openmso.parties.contracts import AccountUse
from openmso.platform.ui.contracts import Filters, Page, PageAsk
from openmso.platform.ui.narrowing import by_terms
from openmso.treasury import models, rules
from openmso.treasury.contracts import BankFile, Correction, Payment
from openmso.treasury.states import SWEEPS, TO_PAY, Changed, F, Noted, P, Pays, R

SORTS = {
    "prepared_at": "prepared_at", "practice_name": "practice__name", "account_name": "account_name", "state": "state",
    "amount": "amount", "entries": "entries", "effective_on": "effective_on",
}  # fmt: skip
_TO_PAY = [one.value for one in TO_PAY]


def payments_of(practice: int, run: str) -> list[Payment]:
    """The payments of a run, in the order of the run."""
    return [_payment(row) for row in _payments().filter(practice_id=practice, run__public_id=run)]


def payments_in(practice: int, file: str) -> list[Payment]:
    """The payments that a file holds, or held."""
    return [_payment(row) for row in _payments().filter(practice_id=practice, file__public_id=file)]


def to_pay(*, account: str = "") -> list[Payment]:
    """What waits to be put into a file, by practice and account."""
    found = _payments().filter(state__in=_TO_PAY)
    if account:
        found = found.filter(from_account=account)
    return [_payment(row) for row in found.order_by("practice__name", "from_account", "run__month", "pk")]


def stopped(practice: int) -> dict[Pays, Money]:
    """What posted runs counted on to be swept and a revocation stopped, by kind."""
    found = models.Payment.objects.filter(
        practice_id=practice, run__state=R.POSTED.value, state=P.STOPPED.value, kind__in=[one.value for one in SWEEPS]
    )
    sums = dict(found.order_by().values_list("kind").annotate(sum=Sum("amount")))
    return {kind: Money.of(sums.get(kind.value, 0)) for kind in sorted(SWEEPS)}


def paid(practice: int) -> list[PaidTo]:
    """What runs of payments paid to whom, for whoever asks what related parties were paid."""
    found = _payments().filter(practice_id=practice, state=P.SENT.value).select_related("file")
    return [
        PaidTo(
            row.to_holder, row.file.effective_on if row.file else row.run.month, Money.of(row.amount),
            f"{Pays(row.kind).label}, {Month.of(row.run.month).words}",
            reverse("treasury:run", args=[row.run.public_id]),
        )
        for row in found
    ]  # fmt: skip


def last_account(practice: int, *, kind: str, before: int) -> str:
    """The account that the last payment of a kind went to."""
    found = models.Payment.objects.filter(practice_id=practice, kind=kind, state=P.SENT.value, pk__lt=before)
    return found.order_by("-pk").values_list("to_account", flat=True).first() or ""


def files(filters: Filters, ask: PageAsk) -> Page[BankFile]:
    """Bank files in scope, the latest first."""
    found = models.BankFile.objects.select_related("practice")
    if states := filters.many("is"):
        found = found.filter(state__in=states)
    if codes := filters.many("practice"):
        found = found.filter(practice__code__in=[code.upper() for code in codes])
    found = found.filter(by_terms(filters, {"effective": "effective_on", "amount": "amount"}))
    if filters.text:
        found = found.filter(Q(practice__name__icontains=filters.text) | Q(name__icontains=filters.text)
                             | Q(public_id__istartswith=filters.text))  # fmt: skip
    key = SORTS.get(ask.sort, "prepared_at")
    sums = found.aggregate(n=Count("pk"), amount=Sum("amount"))
    rows = list(found.order_by(f"-{key}" if ask.desc else key, "-pk")[ask.offset : ask.offset + ask.size])
    flags = _flags(rows)
    return Page(
        tuple(_file(row, flags.get(row.pk, (0, 0))) for row in rows), sums["n"], ask,
        {"amount": Money.of(sums["amount"] or 0)},
    )  # fmt: skip


def file(public_id: str) -> BankFile:
    """A bank file by its public id; raises `NotFound`."""
    row = models.BankFile.objects.select_related("practice").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such bank file among the practices you may see.")
    return _file(row, _flags([row]).get(row.pk, (0, 0)))


def modifiers_of(practice: int, account: str, made_on: date) -> set[str]:
    """The modifiers that files of an account have on a day."""
    found = models.BankFile.objects.filter(practice_id=practice, account=account, made_on=made_on)
    return set(found.values_list("modifier", flat=True))


def _payments() -> QuerySet[models.Payment]:
    return models.Payment.objects.select_related("practice", "run", "file").order_by("pk")


def _flags(rows: list[models.BankFile]) -> Mapping[int, tuple[int, int]]:
    found = (
        models.Payment.objects.filter(file__in=[row.pk for row in rows])
        .values_list("file")
        .annotate(other=Count("pk", filter=Q(changed=Changed.OTHER.value)),
                  back=Count("pk", filter=Q(state=P.RETURNED.value)))
    )  # fmt: skip
    return {key: (other, back) for key, other, back in found}


def _payment(row: models.Payment) -> Payment:
    return Payment(
        row.public_id, row.practice_id, row.practice.name, row.run.public_id, Month.of(row.run.month), Pays(row.kind),
        Money.of(row.amount), row.from_account, row.from_name, AccountUse(row.from_use), row.from_mso, row.to_account,
        row.to_name, row.to_holder, row.to_bank, row.reference, P(row.state), row.file.public_id if row.file else "",
        row.trace, Changed(row.changed), row.returned_code, rules.returned_words(row.returned_code), _needs(row),
    )  # fmt: skip


def _needs(row: models.Payment) -> str:
    if row.state != P.RETURNED.value:
        return ""
    return rules.why_not_again(row.returned_code, is_other_account=False, is_authorized=row.authorized_at is not None)


def corrections(*, practice: int | None = None, file: str = "", state: Noted | None = None) -> list[Correction]:
    """What banks note of accounts, the latest first: of a practice, by payments of a file, in a state."""
    found = models.Correction.objects.select_related("practice", "payment__file").order_by("-pk")
    if practice is not None:
        found = found.filter(practice_id=practice)
    if file:
        found = found.filter(payment__file__public_id=file)
    if state is not None:
        found = found.filter(state=state.value)
    return [_correction(row) for row in found]


def correction(public_id: str) -> Correction:
    """One of them by its public id; raises `NotFound`."""
    row = models.Correction.objects.select_related("practice", "payment__file").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("There is no such note of a bank among the practices you may see.")
    return _correction(row)


def _correction(row: models.Correction) -> Correction:
    return Correction(
        row.public_id, row.practice_id, row.practice.name, row.payment.public_id,
        row.payment.file.public_id if row.payment.file else "", row.code, rules.change_words(row.code), row.account,
        row.account_name, row.from_mso, row.was, row.becomes, Noted(row.state), row.told_at, row.told_by,
        row.told_by_user, row.decided_by, row.decided_at, row.why,
    )  # fmt: skip


def _file(row: models.BankFile, flags: tuple[int, int]) -> BankFile:
    return BankFile(
        row.public_id, row.practice_id, row.practice.name, row.account, row.account_name, AccountUse(row.use),
        row.from_mso, row.name, row.effective_on, row.entries, Money.of(row.amount), row.hash, row.sha256,
        row.document, F(row.state), row.prepared_at, row.prepared_by, row.prepared_by_user, row.approved_by,
        row.approved_at, row.sent_at, *flags,
    )  # fmt: skip
