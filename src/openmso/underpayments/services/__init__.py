"""The only writers of underpayments: `lines` finds, accepts, disputes; `differing` finds what differs otherwise;
`rulebook` writes posting rules and asks them; `deciding` does what a person decides about a proposal.
"""
