"""What leaves agreements: terms, versions, promises, permissions and the audit's sentences."""

from __future__ import annotations

from openmso.agreements.contracts.permissions import COUNSEL as COUNSEL
from openmso.agreements.contracts.permissions import DRAFT as DRAFT
from openmso.agreements.contracts.permissions import EXECUTE as EXECUTE
from openmso.agreements.contracts.permissions import FACTS as FACTS
from openmso.agreements.contracts.permissions import KINDS as KINDS
from openmso.agreements.contracts.permissions import LAW as LAW
from openmso.agreements.contracts.permissions import LAW_WORK as LAW_WORK
from openmso.agreements.contracts.permissions import NOTICE as NOTICE
from openmso.agreements.contracts.permissions import PERMISSIONS as PERMISSIONS
from openmso.agreements.contracts.permissions import PURPOSES as PURPOSES
from openmso.agreements.contracts.permissions import READ as READ
from openmso.agreements.contracts.permissions import RENEWAL_WORK as RENEWAL_WORK
from openmso.agreements.contracts.permissions import SENTENCES as SENTENCES
from openmso.agreements.contracts.permissions import TERMINATE as TERMINATE
from openmso.agreements.contracts.promises import DENIED_BY_US as DENIED_BY_US
from openmso.agreements.contracts.promises import REWORKED as REWORKED
from openmso.agreements.contracts.promises import Level as Level
from openmso.agreements.contracts.promises import Measured as Measured
from openmso.agreements.contracts.promises import Promise as Promise
from openmso.agreements.contracts.states import DoneBy as DoneBy
from openmso.agreements.contracts.states import Held as Held
from openmso.agreements.contracts.states import InForce as InForce
from openmso.agreements.contracts.states import Mode as Mode
from openmso.agreements.contracts.states import S as S
from openmso.agreements.contracts.states import Shown as Shown
from openmso.agreements.contracts.states import Side as Side
from openmso.agreements.contracts.states import Unit as Unit
from openmso.agreements.contracts.terms import Hours as Hours
from openmso.agreements.contracts.terms import Line as Line
from openmso.agreements.contracts.terms import Party as Party
from openmso.agreements.contracts.terms import Quorum as Quorum
from openmso.agreements.contracts.terms import Terms as Terms
from openmso.agreements.contracts.versions import Agreement as Agreement
from openmso.agreements.contracts.versions import AgreementRow as AgreementRow
from openmso.agreements.contracts.versions import Baa as Baa
from openmso.agreements.contracts.versions import Draft as Draft
from openmso.agreements.contracts.versions import LineToday as LineToday
from openmso.agreements.contracts.versions import Move as Move
from openmso.agreements.contracts.versions import Notice as Notice
from openmso.agreements.contracts.versions import SignedDocument as SignedDocument
from openmso.agreements.contracts.versions import Signer as Signer
from openmso.agreements.contracts.versions import Version as Version
