"""What a payer wants before a service: authorizations and referrals (2300 REF*G1 and REF*9F)."""

from __future__ import annotations

from collections.abc import Iterator

from openmso.claims.rules import facts
from openmso.claims.rules.findings import Said, Severity, blocks
from openmso.claims.rules.sheet import ClaimSheet, Context

FIELDS = {"authorization": "prior_authorization", "referral": "referral_number"}


@blocks("Payers' rules on authorizations and referrals; denials CARC 197, 198, 287, 288", when=facts.PERMITTED)
def authorization(sheet: ClaimSheet, context: Context) -> Iterator[Said]:
    """A service that its payer wants authorized or referred bears a number that holds for it."""
    for one in context.permits:
        severity = None if one.blocks else Severity.WARN
        yield Said(one.words, one.fix, FIELDS[one.kind.value], one.line, severity)


RULES = (authorization,)
