"""276 and 277, claim status inquiry and response: 005010X212."""

from edi.x12.grammar.tables import compile_guide

VERSION = "005010X212"
_VERSIONS = "005010X212 005010X212E1 005010X212E2"


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines() if line.strip())


def _asked(letter: str) -> str:
    return f"""
2200{letter} {"S" if letter == "D" else "R"} >:
  TRN=1 R 1  1 2
  REF S 9  1 2
  AMT S 1  1 2
  DTP S 2  1 2 3
  2210{letter} S >:
    SVC R 1  1 2
    REF S 1  1 2
    DTP S 1  1 2 3
"""


def _told(letter: str) -> str:
    return f"""
2200{letter} {"S" if letter == "D" else "R"} >:
  TRN=2 R 1  1 2
  STC R >  1 2
  REF S 9  1 2
  DTP S 2  1 2 3
  2220{letter} S >:
    SVC R 1  1 2
    STC R >  1 2
    REF S 1  1 2
    DTP S 1  1 2 3
"""


X212_276 = compile_guide(
    "276",
    VERSION,
    _VERSIONS,
    f"""
    BHT R 1  1 2 3 4 5  1=0010 2=13
    2000A R >:
      HL=20 R 1  1 3 4
      2100A R 1:
        NM1=PR R 1  1 2 3 8 9
      2000B R >:
        HL=21 R 1  1 2 3 4
        2100B R 1:
          NM1=41 R 1  1 2 8 9
        2000C R >:
          HL=19 R 1  1 2 3 4
          2100C R 2:
            NM1=1P R 1  1 2 8 9
          2000D R >:
            HL=22 R 1  1 2 3 4
            DMG S 1  1 2
            2100D R 1:
              NM1=IL R 1  1 2 3 8 9
{_indented(_asked("D"), 12)}
            2000E S >:
              HL=23 R 1  1 2 3
              DMG S 1  1 2
              2100E R 1:
                NM1=QC R 1  1 2 3
{_indented(_asked("E"), 14)}
    """,
)

X212_277 = compile_guide(
    "277",
    VERSION,
    _VERSIONS,
    f"""
    BHT R 1  1 2 3 4 5 6  1=0010 2=08 6=DG
    2000A R >:
      HL=20 R 1  1 3 4
      2100A R 1:
        NM1=PR R 1  1 2 3 8 9
        PER S 1  1
      2000B R >:
        HL=21 R 1  1 2 3 4
        2100B R 1:
          NM1=41 R 1  1 2 8 9
        2200B S 1:
          TRN R 1  1 2
          STC R >  1 2
        2000C S >:
          HL=19 R 1  1 2 3 4
          2100C R 2:
            NM1=1P R 1  1 2 8 9
          2200C S 1:
            TRN=1 R 1  1 2
            STC R >  1 2
          2000D S >:
            HL=22 R 1  1 2 3 4
            2100D R 1:
              NM1=IL R 1  1 2 3 8 9
{_indented(_told("D"), 12)}
            2000E S >:
              HL=23 R 1  1 2 3
              2100E R 1:
                NM1=QC R 1  1 2 3
{_indented(_told("E"), 14)}
    """,
)
