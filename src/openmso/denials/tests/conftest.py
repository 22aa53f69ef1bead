"""The office of remittances, as denials sees it: what payers decide there is delivered at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from openmso.denials.models import Denial, DenialMove
from openmso.denials.states import S
from openmso.platform.access.contracts import Actor
from openmso.platform.outbox import services as outbox
from openmso.platform.tenancy.scope import atomic
from openmso.remittances import testing
from openmso.remittances.testing import ClaimPayment, claim, line
from openmso.remittances.tests.office import Office, open_office


@dataclass
class Desk:
    """Somebody who answers the denials of an office."""

    office: Office

    @property
    def actor(self) -> Actor:
        return self.office.actor

    def deny(
        self, *reasons: str, charge: str = "140.00", remarks: tuple[str, ...] = (), paid: str = "0", code: str = "99213",
        on: date = date(2026, 3, 12),
    ) -> Denial:  # fmt: skip
        """A claim of one line, sent and answered with these reasons; its denial."""
        sent = self.office.sent((code, charge))
        self.answer(said(sent.control, *reasons, charge=charge, remarks=remarks, paid=paid, code=code), on=on)
        return self.only(sent.public_id)

    def answer(self, *claims: ClaimPayment, on: date = date(2026, 3, 12)) -> None:
        """A remittance that decides these claims, told to the house."""
        self.office.pay(*claims, paid_on=on)
        outbox.deliver_pending(at=self.office.at)

    def only(self, claim: str) -> Denial:
        """The one denial of a claim that was not followed by another."""
        with self.office.reading():
            return Denial.objects.exclude(state=S.AGAIN).get(claim_name=claim)

    def now(self, one: Denial) -> Denial:
        with self.office.reading():
            return Denial.objects.get(pk=one.pk)

    def story(self, one: Denial) -> list[str]:
        with self.office.reading():
            return list(DenialMove.objects.filter(denial=one).order_by("pk").values_list("what", flat=True))

    @contextmanager
    def scope(self) -> Iterator[None]:
        with self.office.scope():
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self.office.scope(), atomic.open():
            yield

    def later(self, days: int) -> None:
        self.office.at += timedelta(days=days)


def said(
    control: str, *reasons: str, charge: str = "140.00", paid: str = "0", code: str = "99213",
    remarks: tuple[str, ...] = (), status: str = "1",
) -> ClaimPayment:  # fmt: skip
    """A claim of one line as a payer decides it."""
    one = replace(line(code, charge, paid=paid, reasons=reasons, control=f"{control}-01"), remarks=remarks)
    return claim(control, one, status=status)


@pytest.fixture(scope="module")
def _office(built_once: None) -> Office:
    return open_office()


@pytest.fixture
def desk(db: None, _office: Office) -> Desk:
    return Desk(replace(_office))


__all__ = ["Desk", "said", "testing"]
