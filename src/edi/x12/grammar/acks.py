"""Acknowledgements: 999 (005010X231A1) and 277CA (005010X214)."""

from edi.x12.grammar.tables import compile_guide

X231A1 = compile_guide(
    "999",
    "005010X231A1",
    "005010X231 005010X231A1",
    """
    AK1 R 1  1 2 3
    2000 S >:
      AK2 R 1  1 2
      2100 S >:
        IK3 R 1  1 2
        CTX S 10  1
        2110 S >:
          IK4 R 1  1 3
          CTX S 10  1
      IK5 R 1  1  1=A/E/M/R/W/X
    AK9 R 1  1 2 3 4  1=A/E/M/P/R/W/X
    """,
)

X214 = compile_guide(
    "277",
    "005010X214",
    "005010X214 005010X214E1 005010X214E2",
    """
    BHT R 1  1 2 3 4 5 6  1=0085 2=08 6=TH
    2000A R 1:
      HL=20 R 1  1 3 4
      2100A R 1:
        NM1=AY/PR R 1  1 2 3 8 9
      2200A R 1:
        TRN R 1  1 2
        DTP R 2  1 2 3
      2000B R 1:
        HL=21 R 1  1 2 3 4
        2100B R 1:
          NM1=41 R 1  1 2 8 9
        2200B R 1:
          TRN R 1  1 2
          STC R >  1 2 3 4
          QTY S 2  1 2
          AMT S 2  1 2
        2000C S >:
          HL=19 R 1  1 2 3 4
          2100C R 1:
            NM1=85 R 1  1 2 3 8 9
          2200C S 1:
            TRN R 1  1 2
            STC S >  1 3
            REF S 3  1 2
            QTY S 2  1 2
            AMT S 2  1 2
          2000D S >:
            HL=PT R 1  1 2 3
            2100D R 1:
              NM1=QC R 1  1 2 3
            2200D R >:
              TRN R 1  1 2
              STC R >  1 2 3
              REF S 3  1 2
              DTP R 1  1 2 3
              2220D S >:
                SVC R 1  1 2
                STC R >  1 3
                REF S 3  1 2
                DTP S 1  1 2 3
    """,
)
