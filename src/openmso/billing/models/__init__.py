"""Tables of billing, by meaning."""

from __future__ import annotations

from openmso.billing.models.accounts import Account as Account
from openmso.billing.models.accounts import Payment as Payment
from openmso.billing.models.accounts import Settlement as Settlement
from openmso.billing.models.charges import Charge as Charge
from openmso.billing.models.collecting import (
    Agency as Agency,
)
from openmso.billing.models.collecting import (
    AgencyFile as AgencyFile,
)
from openmso.billing.models.collecting import (
    Chase as Chase,
)
from openmso.billing.models.collecting import (
    Placement as Placement,
)
from openmso.billing.models.collecting import (
    Sweep as Sweep,
)
from openmso.billing.models.collecting import (
    SweptAccount as SweptAccount,
)
from openmso.billing.models.common import CENTS as CENTS
from openmso.billing.models.consents import TextConsent as TextConsent
from openmso.billing.models.deposits import Slip as Slip
from openmso.billing.models.helping import Assistance as Assistance
from openmso.billing.models.helping import Proof as Proof
from openmso.billing.models.payouts import Payout as Payout
from openmso.billing.models.payouts import PayoutLine as PayoutLine
from openmso.billing.models.plans import Card as Card
from openmso.billing.models.plans import OnlinePayment as OnlinePayment
from openmso.billing.models.plans import Plan as Plan
from openmso.billing.models.repaying import Overpayment as Overpayment
from openmso.billing.models.repaying import Refund as Refund
from openmso.billing.models.statements import Notice as Notice
from openmso.billing.models.statements import PolicyVersion as PolicyVersion
from openmso.billing.models.statements import Statement as Statement
from openmso.billing.models.statements import StatementRun as StatementRun
from openmso.billing.models.tables import RuleTable as RuleTable
