"""Judgement over plain values: what a denial is, by when it is answered, what it is worth, who caused it."""
