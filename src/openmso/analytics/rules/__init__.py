"""Judgement about figures: what a claim counts for, what each figure is, and what it comes to."""
