"""Judgement over what payers say: plain values in, plain values out."""
