"""The implementation guides as tables: loops, segments, elements, usage.

Owns: one table per transaction, written to be read beside the guide, and their compilation.
Does not own: walking them (`edi.x12.walk`), or typed records.

A table is text. A line ending in a colon opens a loop, `id usage max:`; what is indented under it belongs to it, and
its first segment begins it. Every other line is a segment: `TAG usage max  required element positions`. Usage is R
(required) or S (situational); max is a number or `>` (no limit). `NM1=QC/IL` wants the qualifier (element 1; 3 for
HL) to be one of those. `2=A/B` after the positions says that element 2 has these codes. `+2300` puts in the loop of
that name, which is then described once under `define`.
"""
