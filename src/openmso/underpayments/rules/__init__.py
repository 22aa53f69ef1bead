"""Judgement about short payments: `short`, whether and why a line is; `posting`, what a rule proposes."""
