"""Claim status, inquiry and response (276 and 277, 005010X212): models, reading, writing.

A 277 of guide X214 is another thing, the acknowledgement of claims: see `edi.x12.ack`.
"""
