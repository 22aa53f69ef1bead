"""Portability: a practice takes its revenue cycle away, whole and in formats that others read.

Owns: what is in the archive, how it is written, who may take it.
Does not own: the data (each part is asked of the app that owns it), the formats (X12 files leave as they were sent or
received).
"""
