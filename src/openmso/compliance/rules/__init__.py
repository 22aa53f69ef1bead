"""Judgement of compliance, pure: the formula of the pay, whom a payee is, what stops a payment, what a list lacks."""
