"""Benchmarks: each figure beside a peer or a physical floor measured in the same run."""
