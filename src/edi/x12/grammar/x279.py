"""270 and 271, eligibility inquiry and response: 005010X279A1.

A dependent is NM1*03; the QC that some senders write is known for what it is meant to be, and said.
"""

from edi.x12.grammar.tables import compile_guide

_VERSIONS = "005010X279 005010X279A1"
_SOURCES = "2B/36/GP/P5/PR"
_RECEIVERS = "1P/2B/36/80/FA/GP/P5/PR"
_LEVELS = "CHD/DEP/ECH/EMP/ESP/FAM/IND/SPC/SPO"
_AAA = "AAA S 9  1 3 4  1=N/Y 4=C/N/P/R/S/W/X/Y"
_INFORMATION = "1/2/3/4/5/6/7/8/A/B/C/CB/D/E/F/G/H/I/J/K/L/M/MC/N/O/P/Q/R/S/T/U/V/W/X/Y"
_PERIODS = "6/7/13/21/22/23/24/25/26/27/28/29/30/31/32/33/34/35/36"
_RELATED = "13/1I/1P/2B/36/73/FA/GP/GW/I3/IL/LR/OC/P3/P4/P5/PR/PRP/SEP/TTP/VN/VY/X3"


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines() if line.strip())


_ASKED_PERSON = """
      REF S 9  1 2
      N3 S 1  1
      N4 S 1
      PRV S 1  1
      DMG S 1
      INS S 1  1 2
      HI S 1  1
      DTP S 2  1 2 3
"""

X279A1_270 = compile_guide(
    "270",
    "005010X279A1",
    _VERSIONS,
    f"""
    BHT R 1  1 2 3 4 5  1=0022 2=01/13/36
    2000A R >:
      HL=20 R 1  1 3 4
      2100A R 1:
        NM1={_SOURCES} R 1  1 2 8 9  2=1/2
      2000B R >:
        HL=21 R 1  1 2 3 4
        2100B R 1:
          NM1={_RECEIVERS} R 1  1 2 8 9  2=1/2
          REF S 9  1 2
          N3 S 1  1
          N4 S 1
          PRV S 1  1
        2000C R >:
          HL=22 R 1  1 2 3 4
          TRN S 2  1 2 3
          2100C R 1:
            NM1=IL R 1  1 2  2=1/2
{_indented(_ASKED_PERSON, 6)}
            2110C S 99:
              EQ R 1
              AMT S 2  1 2
              III S 10  1 2
              REF S 1  1 2
              DTP S 1  1 2 3
          2000D S >:
            HL=23 R 1  1 2 3 4
            TRN S 2  1 2 3
            2100D R 1:
              NM1=03/QC R 1  1 2  1=03 2=1
{_indented(_ASKED_PERSON, 8)}
              2110D R 99:
                EQ R 1
                III S 10  1 2
                REF S 1  1 2
                DTP S 1  1 2 3
    """,
)


def _benefits(letter: str) -> str:
    """Loop 2110 of the subscriber (C) or the dependent (D), with what stands in it."""
    return f"""
2110{letter} S >:
  EB R 1  1  1={_INFORMATION} 2={_LEVELS} 6={_PERIODS} 11=N/U/Y 12=N/U/W/Y
  HSD S 9
  REF S 9  1 2
  DTP S 20  1 2 3
  {_AAA}
  MSG S 10  1
  2115{letter} S 10:
    III R 1
  LS S 1  1
  2120{letter} S 23:
    NM1={_RELATED} R 1  1 2
    N3 S 1  1
    N4 S 1
    PER S 3  1
    PRV S 1  1
  LE S 1  1
"""


_TOLD_PERSON = f"""
      REF S 9  1 2
      N3 S 1  1
      N4 S 1
      {_AAA}
      PRV S 1  1
      DMG S 1
      INS S 1  1 2
      HI S 1  1
      DTP S 9  1 2 3
      MPI S 1  1 2 3
"""


X279A1_271 = compile_guide(
    "271",
    "005010X279A1",
    _VERSIONS,
    f"""
    BHT R 1  1 2 3 4 5  1=0022 2=06/11
    2000A R >:
      HL=20 R 1  1 3 4
      {_AAA}
      2100A R 1:
        NM1={_SOURCES} R 1  1 2 8 9  2=1/2
        PER S 3  1
        {_AAA}
      2000B S >:
        HL=21 R 1  1 2 3 4
        2100B R 1:
          NM1={_RECEIVERS} R 1  1 2 8 9  2=1/2
          REF S 9  1 2
          N3 S 1  1
          N4 S 1
          {_AAA}
          PRV S 1  1
        2000C S >:
          HL=22 R 1  1 2 3 4
          TRN S 3  1 2 3
          2100C R 1:
            NM1=IL R 1  1 2  2=1/2
{_indented(_TOLD_PERSON, 6)}
            +2110C
          2000D S >:
            HL=23 R 1  1 2 3 4
            TRN S 3  1 2 3
            2100D R 1:
              NM1=03/QC R 1  1 2  1=03 2=1
{_indented(_TOLD_PERSON, 8)}
              +2110D
    """,
    define=_benefits("C") + _benefits("D"),
)
