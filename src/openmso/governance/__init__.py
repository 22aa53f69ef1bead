"""Governance: the decisions that stay with a practice, and how they are made.

Owns: proposals for reserved decisions, what the practice's licensees decided and why, and what shows whether it decides
for itself (autonomy index).
Does not own: which decisions an agreement or a law reserves (agreements), the acts that follow from a decision
(contracting, charges, scheduling), who holds which role (access).
"""
