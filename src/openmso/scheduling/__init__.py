"""Scheduling: when a patient meets a clinician, where, and whether they did.

Owns: visits.
Does not own: what was done there and what it costs (charges), who the people are (patients, parties).
"""
