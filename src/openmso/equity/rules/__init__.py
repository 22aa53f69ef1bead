"""Judgement of equity: plain values in, figures and reasons out."""
