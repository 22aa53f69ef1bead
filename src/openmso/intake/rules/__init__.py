"""Judgement of intake: what a record becomes, in plain values; FHIR, CSV and code maps."""
