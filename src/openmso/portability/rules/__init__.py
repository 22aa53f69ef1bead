"""Pure judgement of portability: what an export holds and leaves out, its manifest, and how two states compare."""
