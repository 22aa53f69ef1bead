"""Judgement about claims: the sheet that is judged, the rulebook, and how a sheet is said in the loops of an 837P."""
