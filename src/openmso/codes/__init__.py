"""Codes: the reference data that claims are judged and priced by, each table as its publisher released it.

Owns: the register of loads and the rows they brought: NCCI edits, relative values, localities, places, telehealth.
Does not own: what a finding on a claim says (claims), a practice's prices (charges), what payers pay (contracting).

A load is one edition of one kind: read whole, checked, and kept or refused whole. Its rows never change; undoing it
takes the load out of the count, and what held before holds again.
"""
