"""A test terminal: it moves no money, and says so; the demo pays by it, and so may whoever tries things out."""

from __future__ import annotations

from datetime import date, datetime

from openmso.billing.providers import Ask, KeptCard, NotGenuine, Opened, Payout, Told
from openmso.billing.states import Paying
from openmso.kit.money import ZERO, Money

WORKS = KeptCard("test_customer", "test_card_works", "Test card", "4242", date(2031, 12, 31))
DECLINES = KeptCard("test_customer", "test_card_declines", "Test card", "0002", date(2031, 12, 31))
DECLINED = "The card was declined."


class TestTerminal:
    """Pays or declines as it is told to, on a page of ours."""

    __test__ = False
    name, origin, is_test = "test", "", True

    def serves(self, practice: str) -> bool:
        """Everybody."""
        return True

    def open(self, ask: Ask) -> Opened:
        """The page with its two buttons, where the patient would come back to."""
        return Opened(f"test_{ask.name}", ask.back.replace("?back=", "?terminal="))

    def look(self, practice: str, reference: str) -> Told:
        """Nothing but what its page told already."""
        return Told(Paying.STARTED, ZERO)

    def pressed(self, name: str, amount: Money, *, works: bool) -> Told:
        """What its page tells when a button is pressed."""
        if works:
            return Told(Paying.PAID, amount, f"test_{name}", card=WORKS)
        return Told(Paying.DECLINED, amount, words=DECLINED)

    def charge(self, ask: Ask, card: KeptCard) -> tuple[str, Told]:
        """Pays by one of its two cards, declines by the other."""
        return f"test_{ask.name}", self.pressed(ask.name, ask.amount, works=card.method != DECLINES.method)

    def refund(self, *, name: str, practice: str, receipt: str, amount: Money) -> str:
        """As if it were given back."""
        return f"test_{name}"

    def heard(self, body: bytes, signature: str) -> str:
        """It sends no messages."""
        raise NotGenuine("The test terminal sends no messages.")

    def payouts(self, practice: str, since: datetime) -> list[Payout]:
        """It is off line: its payouts come as files."""
        return []
