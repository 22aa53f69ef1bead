from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from openmso.billing.providers import PaymentProvider


class BillingConfig(AppConfig):
    name = "openmso.billing"
    label = "billing"

    def ready(self) -> None:
        from django.conf import settings

        from openmso.agreements import registry as agreements
        from openmso.billing import contracts, mailing, menu, registry, subscribers  # noqa: F401 - subscribes
        from openmso.billing.queries import metered
        from openmso.ledger import registry as sources
        from openmso.platform.access import registry as access
        from openmso.platform.access import reserved
        from openmso.platform.audit import registry as audit
        from openmso.platform.documents import registry as documents
        from openmso.platform.work import registry as work

        access.add_permissions(contracts.PERMISSIONS)
        reserved.add_acts(contracts.ACTS)
        audit.add_sentences(contracts.SENTENCES)
        audit.add_ungranted(contracts.UNGRANTED)
        documents.add_purposes(contracts.PURPOSES)
        work.add_kinds(contracts.KINDS)
        sources.add_sources(
            {
                contracts.PAYMENT: ("billing:payment", "Patient's payment"),
                contracts.ACCOUNT: ("billing:account", "Patient's account"),
                contracts.SLIP: ("billing:slip", "Deposit of patients' payments"),
                contracts.PAYOUT: ("billing:payout", "Card payout"),
                contracts.REFUND: ("billing:refund", "Refund"),
                contracts.OVERPAYMENT: ("billing:overpayment", "Overpayment"),
            }
        )
        agreements.add_meters(
            agreements.Meter("statements", metered.statements, "billing:statement", contracts.READ.code)
        )
        if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
            registry.connect(mailing.Mail(), contracts.Way.EMAIL)
        if settings.OPENMSO_TEXTS:
            from openmso.billing.texting import Texts

            registry.connect(Texts(settings.OPENMSO_TEXTS, settings.OPENMSO_TEXTS_FROM), contracts.Way.TEXT)
        registry.take_cards(*_providers())
        menu.register()


def _providers() -> Iterator[PaymentProvider]:
    """Stripe, where its key is given; in the demo a test terminal, and nowhere else: books hold real money only."""
    from django.conf import settings

    if settings.OPENMSO_STRIPE_KEY:
        from openmso.billing.providers.stripe import Stripe

        yield Stripe(
            key=settings.OPENMSO_STRIPE_KEY, signing=settings.OPENMSO_STRIPE_SIGNING,
            accounts=settings.OPENMSO_STRIPE_ACCOUNTS,
        )  # fmt: skip
    if settings.DEMO:
        from openmso.billing.providers.terminal import TestTerminal

        yield TestTerminal()
