"""The X12 codec against its peers and its floor, in one run.

Every figure is the CPU time of its own process, and comes with the peer's or the floor's figure from the same run;
the ratio is what counts. Peers that are not installed are said to be absent.
"""

from bench.x12.rows import run

__all__ = ["run"]
