"""What leaves settlement: statements and invoices, disputes of them, months under other terms, permissions."""

from __future__ import annotations

from openmso.settlement.contracts.ageing import AGES as AGES
from openmso.settlement.contracts.ageing import Age as Age
from openmso.settlement.contracts.ageing import Aged as Aged
from openmso.settlement.contracts.ahead import FeeAhead as FeeAhead
from openmso.settlement.contracts.disputes import Dispute as Dispute
from openmso.settlement.contracts.disputes import DisputeRow as DisputeRow
from openmso.settlement.contracts.disputes import Memo as Memo
from openmso.settlement.contracts.disputes import Paper as Paper
from openmso.settlement.contracts.disputes import Said as Said
from openmso.settlement.contracts.permissions import ANSWER as ANSWER
from openmso.settlement.contracts.permissions import ANSWERING as ANSWERING
from openmso.settlement.contracts.permissions import APPROVE as APPROVE
from openmso.settlement.contracts.permissions import DISPUTE as DISPUTE
from openmso.settlement.contracts.permissions import DISPUTED as DISPUTED
from openmso.settlement.contracts.permissions import EVIDENCE as EVIDENCE
from openmso.settlement.contracts.permissions import PAY as PAY
from openmso.settlement.contracts.permissions import PERMISSIONS as PERMISSIONS
from openmso.settlement.contracts.permissions import PURPOSES as PURPOSES
from openmso.settlement.contracts.permissions import READ as READ
from openmso.settlement.contracts.permissions import RESOLVING as RESOLVING
from openmso.settlement.contracts.permissions import RUN as RUN
from openmso.settlement.contracts.permissions import SENTENCES as SENTENCES
from openmso.settlement.contracts.permissions import SOURCE as SOURCE
from openmso.settlement.contracts.permissions import WORK_KINDS as WORK_KINDS
from openmso.settlement.contracts.restating import Agreed as Agreed
from openmso.settlement.contracts.restating import BreakEven as BreakEven
from openmso.settlement.contracts.restating import Crossing as Crossing
from openmso.settlement.contracts.restating import RestatedMonth as RestatedMonth
from openmso.settlement.contracts.restating import Restatement as Restatement
from openmso.settlement.contracts.statements import Fees as Fees
from openmso.settlement.contracts.statements import FeeStep as FeeStep
from openmso.settlement.contracts.statements import Input as Input
from openmso.settlement.contracts.statements import Move as Move
from openmso.settlement.contracts.statements import Row as Row
from openmso.settlement.contracts.statements import Run as Run
from openmso.settlement.contracts.statements import Settlement as Settlement
from openmso.settlement.contracts.statements import SettlementRow as SettlementRow
from openmso.settlement.contracts.statements import Statement as Statement
from openmso.settlement.contracts.statements import Unsettled as Unsettled
from openmso.settlement.states import D as D
