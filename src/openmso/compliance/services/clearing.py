"""The one door of money: every service that moves or instructs it between a practice, the MSO and others asks here.

`tests/architecture/payments.py` lists those services, and those that post money and have nothing to ask, with the
reason; a test finds one that is in neither list.
"""

from __future__ import annotations

from datetime import datetime

from openmso.agreements.services.law import NotLawful
from openmso.compliance.queries import clearing as queries
from openmso.compliance.rules.clearing import REASSIGNED as REASSIGNED
from openmso.compliance.rules.clearing import Asked, Cleared
from openmso.compliance.rules.clearing import Owner as Owner
from openmso.compliance.states import Flow as Flow
from openmso.platform.tenancy.scope import atomic


@atomic
def clear(
    *, flow: Flow, practice: int, at: datetime, agreement: str = "", account: str = "", ordered_by: str = "",
    owners: tuple[Owner, ...] = (),
) -> Cleared:  # fmt: skip
    """Ask whether money may move, and refuse it (`NotLawful`) with the rule, its citation and what is done about it.

    `account` is the account of the practice that the money leaves, `ordered_by` the account of whoever orders that.
    """
    asked = Asked(flow, practice, agreement, account, ordered_by, owners)
    found = queries.told(asked, at=at)
    if found.stops:
        first = found.stops[0]
        more = f" {len(found.stops) - 1} more stand on the page of payments and the law." if found.stops[1:] else ""
        raise NotLawful(first.says, fix=f"{first.fix}{more}")
    return found
