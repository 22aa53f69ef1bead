"""Bank: what banks send, read into one shape: statements and their entries, with findings in words; and what they get.

Owns: OFX and QFX, CSV with a mapping, BAI2, CAMT.052/053/054, NACHA files (CCD+ addenda above all), and the reading of
a reassociation trace number (TRN) out of any of them; NACHA files to be sent, and the returns of their entries.
Does not own: whose account it is, what is kept, what is posted (openmso.banking). Nothing that reads raises for data.
"""
