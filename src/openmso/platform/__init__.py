"""Platform: what every app stands on, without one business noun.

Owns: database, tenancy, audit, identity, access, outbox, jobs, documents, work, ui (each a package of its own).
Does not own: practices as businesses (parties), agreements, or anything that has a price.
"""
