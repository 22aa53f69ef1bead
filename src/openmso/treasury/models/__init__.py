"""What treasury keeps: standing instructions, runs and their steps, loans and their movements, payments, bank files."""

from __future__ import annotations

from openmso.treasury.models.instructions import Instruction, Move
from openmso.treasury.models.loans import DeficitLoan, LoanMovement
from openmso.treasury.models.paying import BankFile, Payment
from openmso.treasury.models.runs import Run, RunStep

__all__ = ["BankFile", "DeficitLoan", "Instruction", "LoanMovement", "Move", "Payment", "Run", "RunStep"]
