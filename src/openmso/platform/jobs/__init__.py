"""Jobs: work that a transaction asks for and a worker does after the commit; a thin layer over procrastinate.

Owns: the declaration of jobs, deferring inside the caller's transaction, retries of passing faults, dead letters
and their replay, the worker and its rounds (outbox, seals of reads, chain heads).
Does not own: facts that went up (outbox); what a job does (one service of its app).
"""
