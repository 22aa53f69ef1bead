"""Pricing: plain values in, amounts with their steps out."""
