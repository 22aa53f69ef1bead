"""What leaves treasury: standing instructions, runs, loans, payments and bank files; permissions and sentences."""

from __future__ import annotations

from openmso.treasury.contracts.facts import Account as Account
from openmso.treasury.contracts.facts import BankFile as BankFile
from openmso.treasury.contracts.facts import Correction as Correction
from openmso.treasury.contracts.facts import Given as Given
from openmso.treasury.contracts.facts import Instruction as Instruction
from openmso.treasury.contracts.facts import Loan as Loan
from openmso.treasury.contracts.facts import LoanMove as LoanMove
from openmso.treasury.contracts.facts import Payment as Payment
from openmso.treasury.contracts.facts import Run as Run
from openmso.treasury.contracts.facts import RunRow as RunRow
from openmso.treasury.contracts.facts import Step as Step
from openmso.treasury.contracts.facts import Told as Told
from openmso.treasury.contracts.permissions import APPROVE as APPROVE
from openmso.treasury.contracts.permissions import BANK_FILE as BANK_FILE
from openmso.treasury.contracts.permissions import FILES as FILES
from openmso.treasury.contracts.permissions import INSTRUCT as INSTRUCT
from openmso.treasury.contracts.permissions import KINDS as KINDS
from openmso.treasury.contracts.permissions import LOANS as LOANS
from openmso.treasury.contracts.permissions import PERMISSIONS as PERMISSIONS
from openmso.treasury.contracts.permissions import PREPARE as PREPARE
from openmso.treasury.contracts.permissions import PURPOSES as PURPOSES
from openmso.treasury.contracts.permissions import READ as READ
from openmso.treasury.contracts.permissions import RELEASE as RELEASE
from openmso.treasury.contracts.permissions import RETURNS as RETURNS
from openmso.treasury.contracts.permissions import RUN as RUN
from openmso.treasury.contracts.permissions import RUNS as RUNS
from openmso.treasury.contracts.permissions import SEND as SEND
from openmso.treasury.contracts.permissions import SENTENCES as SENTENCES
from openmso.treasury.states import Formula as Formula
