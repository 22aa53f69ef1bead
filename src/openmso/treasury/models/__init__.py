"""What treasury keeps: standing instructions, runs with steps, loans with movements, payments, bank files, notes."""

from __future__ import annotations

from openmso.treasury.models.corrections import Correction
from openmso.treasury.models.instructions import Instruction, Move
from openmso.treasury.models.loans import DeficitLoan, LoanMovement
from openmso.treasury.models.paying import BankFile, Payment
from openmso.treasury.models.runs import Run, RunStep

__all__ = ["BankFile", "Correction", "DeficitLoan", "Instruction", "LoanMovement", "Move", "Payment", "Run", "RunStep"]
