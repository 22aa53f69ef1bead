"""Agreements: what was promised between the MSO and a practice, as data beside its signed document.

Owns: service agreements and their versions, scopes, promises and clocks, fee terms and the fee engine, business
associate agreements. Writes the scope grants that access decides by.
Does not own: the decision itself (platform.access), invoices and statements (settlement), what payers agreed to
(contracting), reserved decisions as they are made (governance).
"""
