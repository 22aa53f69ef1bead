"""Outbox: facts that went up. A lower app tells what happened; higher apps that subscribed act on it once.

Owns: facts (in the transaction that makes them true), deliveries, dead letters and their replay.
Does not own: what subscribers do; jobs that are asked for by name (jobs).
"""
