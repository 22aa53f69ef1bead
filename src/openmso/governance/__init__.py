"""Governance: the decisions that stay with a practice, how they are made, and what practice and MSO decide together.

Owns: proposals for reserved decisions, what the practice's licensees decided and why, and what shows whether it decides
for itself (autonomy index); joint boards with charters, seats, meetings, votes and minutes; disclosed interests;
budgets by account and month; what the practice thinks of its MSO, messages between them, promises beside the contract.
Does not own: which decisions an agreement or a law reserves (agreements), the acts that follow from a decision
(contracting, charges, scheduling), disputes of invoices (settlement), who holds which role (access).
"""
