"""The rules of billing: plain values in, judgement out."""
