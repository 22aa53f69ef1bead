"""Judgement about estimates: plain values in, answers out."""
