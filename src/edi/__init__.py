"""EDI: the codecs of the field, pure and apart from the house: X12, bank files, health records.

Owns: reading bytes into typed records, judging their form, writing records as bytes.
Does not own: what a practice does with them.
"""
