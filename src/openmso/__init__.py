"""OpenMSO: the platform a healthcare management services organization runs on.

The map of the house is in ARCHITECTURE.md; calls go down, facts go up.
"""
