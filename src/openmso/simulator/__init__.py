"""Simulator: a demo network of practices, and payers that answer their claims as real ones do.

Owns: invented people and visits, the payers' behaviour (deterministic by seed), the demo month, its checks.
Does not own: any rule of the product; it speaks to it only through files and services, as the world does.
"""
