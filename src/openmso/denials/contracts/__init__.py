"""What leaves denials: denials as lists and pages show them, the words of categories and causes, permissions, work."""

from __future__ import annotations

from openmso.denials.contracts.appeals import Appeal as Appeal
from openmso.denials.contracts.appeals import AppealRow as AppealRow
from openmso.denials.contracts.appeals import AppealState as AppealState
from openmso.denials.contracts.appeals import EnclosureRow as EnclosureRow
from openmso.denials.contracts.appeals import Overturned as Overturned
from openmso.denials.contracts.denials import Alike as Alike
from openmso.denials.contracts.denials import Answered as Answered
from openmso.denials.contracts.denials import Denial as Denial
from openmso.denials.contracts.denials import DenialRow as DenialRow
from openmso.denials.contracts.denials import Happened as Happened
from openmso.denials.contracts.denials import No as No
from openmso.denials.contracts.denials import WriteOffRow as WriteOffRow
from openmso.denials.contracts.judging import Judged as Judged
from openmso.denials.contracts.judging import MapRule as MapRule
from openmso.denials.contracts.judging import Record as Record
from openmso.denials.contracts.judging import Worth as Worth
from openmso.denials.contracts.permissions import APPEAL as APPEAL
from openmso.denials.contracts.permissions import APPROVE as APPROVE
from openmso.denials.contracts.permissions import DENIAL as DENIAL
from openmso.denials.contracts.permissions import FIRST_TOUCH as FIRST_TOUCH
from openmso.denials.contracts.permissions import KINDS as KINDS
from openmso.denials.contracts.permissions import LINE as LINE
from openmso.denials.contracts.permissions import PERMISSIONS as PERMISSIONS
from openmso.denials.contracts.permissions import PHI as PHI
from openmso.denials.contracts.permissions import PURPOSES as PURPOSES
from openmso.denials.contracts.permissions import READ as READ
from openmso.denials.contracts.permissions import SENTENCES as SENTENCES
from openmso.denials.contracts.permissions import SETUP as SETUP
from openmso.denials.contracts.permissions import TO_APPROVE as TO_APPROVE
from openmso.denials.contracts.permissions import TO_WORK as TO_WORK
from openmso.denials.contracts.permissions import WORK as WORK
from openmso.denials.contracts.permissions import WRITE_OFF as WRITE_OFF
from openmso.denials.contracts.reports import CauseRow as CauseRow
from openmso.denials.contracts.reports import Measure as Measure
from openmso.denials.contracts.reports import Promised as Promised
from openmso.denials.contracts.reports import PromisedRow as PromisedRow
from openmso.denials.contracts.reports import SuggestedRule as SuggestedRule
from openmso.denials.contracts.reports import Suggestion as Suggestion
from openmso.denials.contracts.words import Act as Act
from openmso.denials.contracts.words import Category as Category
from openmso.denials.contracts.words import Cause as Cause
from openmso.denials.contracts.words import Method as Method
from openmso.denials.contracts.words import Owner as Owner
