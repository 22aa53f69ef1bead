"""278, request for review and its response: 005010X217, one table for both.

What a response alone says (HCR, AAA) is situational here; BHT02 tells which of the two a set is.
"""

from edi.x12.grammar.tables import compile_guide

VERSION = "005010X217"
_VERSIONS = "005010X217 005010X217E1 005010X217E2"
_AAA = "AAA S 9  1 3  1=N/Y 4=C/G/N/P/R/S/W/X/Y"
_ROLES = "1P/1T/71/72/73/77/AAJ/DD/DK/DN/DQ/FA/G3/P3/QB/QV/SJ"
_PLACES = "45/FS/ND/PW/R3"


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines() if line.strip())


_WHO_ASKS = f"""
REF S 8  1 2
N3 S 1  1
N4 S 1
PER S 3  1
{_AAA}
PRV S 1  1
"""
_PERSON = f"""
REF S 9  1 2
N3 S 1  1
N4 S 1
PER S 3  1
{_AAA}
DMG S 1
INS S 1  1 2
DTP S 9  1 2 3
"""
_SAID = f"""
TRN S 3  1 2 3  1=1/2
{_AAA}
UM {{um}} 1  1  1=AR/HS/IN/SC
HCR S 1  1
REF S 9  1 2
DTP S 12  1 2 3
HI S 1  1
HSD S 1
CRC S 9  1 2 3
CL1 S 1
CR1 S 1
CR2 S 1
CR4 S 1
CR5 S 1
CR6 S 1
PWK S 10  1
MSG S 1  1
"""


def _parties(loop: str) -> str:
    return f"""
{loop}A S 14:
  NM1={_ROLES} R 1  1 2
  REF S 8  1 2
  N3 S 1  1
  N4 S 1
  PER S 3  1
  {_AAA}
  PRV S 1  1
{loop}B S 14:
  NM1={_PLACES} R 1  1 2
  N3 S 1  1
  N4 S 1
  {_AAA}
{loop}C S 3:
  NM1=CA/L5/PR/X3 R 1  1 2
  REF S 8  1 2
  N3 S 1  1
  N4 S 1
  PER S 3  1
"""


_EVENT = f"""
2000E S >:
  HL=EV R 1  1 2 3 4
{_indented(_SAID.format(um="S"), 2)}
{_indented(_parties("2010E"), 2)}
  2000F S >:
    HL=SS R 1  1 2 3 4
{_indented(_SAID.format(um="S"), 4)}
    SV1 S 1  1
    SV2 S 1
    SV3 S 1  1
    TOO S 32  1 2
{_indented(_parties("2010F"), 4)}
"""

X217 = compile_guide(
    "278",
    VERSION,
    _VERSIONS,
    f"""
    BHT R 1  1 2 3 4 5  1=0007 2=01/11/13/18/36
    2000A R 1:
      HL=20 R 1  1 3 4
      {_AAA}
      2010A R 1:
        NM1=X3 R 1  1 2 8 9
        PER S 3  1
        {_AAA}
      2000B S 1:
        HL=21 R 1  1 2 3 4
        2010B R 1:
          NM1=1P/FA R 1  1 2
{_indented(_WHO_ASKS, 10)}
        2000C S 1:
          HL=22 R 1  1 2 3 4
          2010C R 1:
            NM1=IL R 1  1 2
{_indented(_PERSON, 12)}
{_indented(_EVENT, 10)}
          2000D S 1:
            HL=23 R 1  1 2 3 4
            2010D R 1:
              NM1=QC R 1  1 2
{_indented(_PERSON, 14)}
{_indented(_EVENT, 12)}
    """,
)
