"""Bank: what banks send, read into one shape: statements and their entries, with findings in words.

Owns: OFX and QFX, CSV with a mapping, BAI2, CAMT.052/053/054, NACHA files (CCD+ addenda above all), and the reading of
a reassociation trace number (TRN) out of any of them.
Does not own: whose account it is, what is kept, what is posted (openmso.banking). Nothing here raises for data.
"""
