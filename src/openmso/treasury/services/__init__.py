"""Verbs: instruct and revoke; propose, approve, post and reverse a run; prepare, approve and send bank files."""
