"""Health records that are not X12: FHIR R4 as a stream of entries and typed facts.

Pure: no Django, no database, nothing of the house. Owns reading; what a fact becomes is decided by whoever reads it.
"""
