"""Claims: what we asked a payer to pay, and what became of the asking.

Owns: claims and their lines, the scrub rulebook and its findings, frozen submissions, 837 batches, acknowledgements.
Does not own: prices (charges), money received (remittances), appeals (denials), who may see what (platform.access).
"""
