"""837 claims: professional 005010X222A1 and institutional 005010X223A2."""

from edi.x12.grammar.tables import compile_guide

_HEADER = """
    BHT R 1  1 2 3 4 5 6  1=0019 2=00/18 6=31/CH/RP
    1000A R 1:
      NM1=41 R 1  1 2 3 8 9
      PER R 2  1 3 4
    1000B R 1:
      NM1=40 R 1  1 2 3 8 9
    2000A R >:
      HL=20 R 1  1 3 4
      PRV S 1  1 2 3
      CUR S 1  1 2
      2010AA R 1:
        NM1=85 R 1  1 2 3
        N3 R 1  1
        N4 R 1  1
        REF R 4  1 2
        PER S 2  1 3 4
      2010AB S 1:
        NM1=87 R 1  1 2
        N3 R 1  1
        N4 R 1  1
      2010AC S 1:
        NM1=PE R 1  1 2 3 8 9
        N3 R 1  1
        N4 R 1  1
        REF R 3  1 2
      2000B R >:
        HL=22 R 1  1 2 3 4
        SBR R 1  1  1=A/B/C/D/E/F/G/H/P/S/T/U
        PAT S 1
        2010BA R 1:
          NM1=IL R 1  1 2 3
          N3 S 1  1
          N4 S 1  1
          DMG S 1  1 2 3
          REF S 2  1 2
          PER S 1  1
        2010BB R 1:
          NM1=PR R 1  1 2 3 8 9
          N3 S 1  1
          N4 S 1  1
          REF S 5  1 2
        +2300
        2000C S >:
          HL=23 R 1  1 2 3 4
          PAT R 1  1
          2010CA R 1:
            NM1=QC R 1  1 2 3
            N3 R 1  1
            N4 R 1  1
            DMG R 1  1 2 3
            REF S 3  1 2
            PER S 1  1
          +2300
"""

_OTHER_SUBSCRIBER = """
      2330A R 1:
        NM1=IL R 1  1 2 3 8 9
        N3 S 1  1
        N4 S 1  1
        REF S 2  1 2
      2330B R 1:
        NM1=PR R 1  1 2 3 8 9
        N3 S 1  1
        N4 S 1  1
        DTP S 1  1 2 3
        REF S 6  1 2
"""

_PROFESSIONAL = f"""
2300 S 100:
    CLM R 1  1 5 6 7 8 9  7=A/B/C 8=N/W/Y 9=I/Y
    DTP S 20  1 2 3
    PWK S 10  1 2
    CN1 S 1  1
    AMT S 1  1 2
    REF S 20  1 2
    K3 S 10  1
    NTE S 1  1 2
    CR1 S 1
    CR2 S 1
    CRC S 8  1 2 3
    HI R 4  1
    HCP S 1  1 2
    2310A S 2:
      NM1=DN/P3 R 1  1 2 3
      REF S 3  1 2
    2310B S 1:
      NM1=82 R 1  1 2 3
      PRV S 1  1 2 3
      REF S 4  1 2
    2310C S 1:
      NM1=77 R 1  1 2
      N3 R 1  1
      N4 R 1  1
      REF S 3  1 2
      PER S 1  1
    2310D S 1:
      NM1=DQ R 1  1 2 3
      REF S 4  1 2
    2310E S 1:
      NM1=PW R 1  1 2
      N3 R 1  1
      N4 R 1  1
    2310F S 1:
      NM1=45 R 1  1 2
      N3 R 1  1
      N4 R 1  1
    2320 S 10:
      SBR R 1  1 2  1=A/B/C/D/E/F/G/H/P/S/T/U
      CAS S 5  1 2 3  1=CO/CR/OA/PI/PR
      AMT S 3  1 2
      OI R 1  3 6
      MOA S 1
{_OTHER_SUBSCRIBER}
      2330C S 2:
        NM1=DN/P3 R 1  1 2
        REF R 3  1 2
      2330D S 1:
        NM1=82 R 1  1 2
        REF R 3  1 2
      2330E S 1:
        NM1=77 R 1  1 2
        REF R 3  1 2
      2330F S 1:
        NM1=DQ R 1  1 2
        REF R 3  1 2
      2330G S 1:
        NM1=85 R 1  1 2
        REF R 2  1 2
    2400 R 50:
      LX R 1  1
      SV1 R 1  1 3 4
      SV5 S 1
      PWK S 10  1 2
      CR1 S 1
      CR3 S 1
      CRC S 5  1 2 3
      DTP R 15  1 2 3
      QTY S 2  1 2
      MEA S 5  1 2 3
      CN1 S 1  1
      REF S 20  1 2
      AMT S 2  1 2
      K3 S 10  1
      NTE S 2  1 2
      PS1 S 1  1 2
      HCP S 1  1 2
      2410 S 1:
        LIN R 1  2 3
        CTP R 1  4 5
        REF S 1  1 2
      2420A S 1:
        NM1=82 R 1  1 2 3
        PRV S 1  1 2 3
        REF S 20  1 2
      2420B S 1:
        NM1=QB R 1  1 2
        REF S 20  1 2
      2420C S 1:
        NM1=77 R 1  1 2
        N3 R 1  1
        N4 R 1  1
        REF S 3  1 2
      2420D S 1:
        NM1=DQ R 1  1 2 3
        REF S 20  1 2
      2420E S 1:
        NM1=DK R 1  1 2 3
        N3 S 1  1
        N4 S 1  1
        REF S 20  1 2
        PER S 1  1
      2420F S 2:
        NM1=DN/P3 R 1  1 2 3
        REF S 20  1 2
      2420G S 1:
        NM1=PW R 1  1 2
        N3 R 1  1
        N4 R 1  1
      2420H S 1:
        NM1=45 R 1  1 2
        N3 R 1  1
        N4 R 1  1
      2430 S 15:
        SVD R 1  1 2 3 5
        CAS S 5  1 2 3  1=CO/CR/OA/PI/PR
        DTP R 1  1 2 3
        AMT S 1  1 2
      2440 S >:
        LQ R 1  1 2
        FRM R 99  1
"""

_INSTITUTIONAL = f"""
2300 S 100:
    CLM R 1  1 5 7 8 9  7=A/B/C 8=N/W/Y 9=I/Y
    DTP R 4  1 2 3
    CL1 R 1  1 3
    PWK S 10  1 2
    CN1 S 1  1
    AMT S 1  1 2
    REF S 20  1 2
    K3 S 10  1
    NTE S 11  1 2
    CRC S 3  1 2 3
    HI R 30  1
    HCP S 1  1 2
    2310A S 1:
      NM1=71 R 1  1 2 3
      PRV S 1  1 2 3
      REF S 4  1 2
    2310B S 1:
      NM1=72 R 1  1 2 3
      REF S 4  1 2
    2310C S 1:
      NM1=ZZ R 1  1 2 3
      REF S 4  1 2
    2310D S 1:
      NM1=82 R 1  1 2 3
      REF S 4  1 2
    2310E S 1:
      NM1=77 R 1  1 2
      N3 R 1  1
      N4 R 1  1
      REF S 3  1 2
    2310F S 1:
      NM1=DN R 1  1 2 3
      REF S 3  1 2
    2320 S 10:
      SBR R 1  1 2  1=A/B/C/D/E/F/G/H/P/S/T/U
      CAS S 5  1 2 3  1=CO/CR/OA/PI/PR
      AMT S 3  1 2
      OI R 1  3 6
      MIA S 1
      MOA S 1
{_OTHER_SUBSCRIBER}
      2330C S 7:
        NM1=71/72/77/82/85/DN/ZZ R 1  1 2
        REF R 4  1 2
    2400 R 999:
      LX R 1  1
      SV2 R 1  1 4 5
      PWK S 10  1 2
      DTP S 1  1 2 3
      REF S 4  1 2
      AMT S 2  1 2
      NTE S 1  1 2
      HCP S 1  1 2
      2410 S 1:
        LIN R 1  2 3
        CTP R 1  4 5
        REF S 1  1 2
      2420 S 4:
        NM1=72/82/DN/ZZ R 1  1 2 3
        REF S 20  1 2
      2430 S 15:
        SVD R 1  1 2 4 5
        CAS S 5  1 2 3  1=CO/CR/OA/PI/PR
        DTP R 1  1 2 3
        AMT S 1  1 2
"""

X222A1 = compile_guide("837", "005010X222A1", "005010X222 005010X222A1 005010X222A2", _HEADER, define=_PROFESSIONAL)
X223A2 = compile_guide(
    "837", "005010X223A2", "005010X223 005010X223A1 005010X223A2 005010X223A3", _HEADER, define=_INSTITUTIONAL
)
