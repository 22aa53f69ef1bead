"""Compliance: the master register of arrangements with referral sources, and the gate that payments to them pass.

Owns: arrangements, the versions of their terms, opinions of fair market value, the checklists of safe harbours and
exceptions with what shows each element, and payment runs with what became of every line.
Does not own: the service agreement between MSO and practice and its rules of law (agreements), who is a clinician
where (parties), making the payments themselves.
"""
