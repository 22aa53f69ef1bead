"""835, health care claim payment and advice: 005010X221A1.

Amounts are not among the elements that are needed: `edi.x12.remittance` says what is wrong with each.
"""

from edi.x12.grammar.tables import compile_guide

X221A1 = compile_guide(
    "835",
    "005010X221A1",
    "005010X221 005010X221A1",
    """
    BPR R 1  1 3 4 16  1=C/D/H/I/P/U/X 3=C/D 4=ACH/BOP/CHK/FWT/NON
    TRN R 1  1 2 3
    CUR S 1  1 2
    REF S 2  1 2
    DTM S 1  1 2
    1000A R 1:
      N1=PR R 1  1 2
      N3 R 1  1
      N4 R 1  1
      REF S 4  1 2
      PER=CX S 1  1
      PER=BL R >  1
      PER=IC S 1  1
      PER S >  1
    1000B R 1:
      N1=PE R 1  1 2 3 4  3=FI/XV/XX
      N3 S 1  1
      N4 S 1  1
      REF S >  1 2
      RDM S 1  1
    2000 S >:
      LX R 1  1
      TS3 S 1  1 2 3 4 5
      TS2 S 1
      2100 R >:
        CLP R 1  1 2 6 7  2=1/2/3/4/19/20/21/22/23/25 6=12/13/14/15/16/17/AM/CH/DS/HM/LM/MA/MB/MC/OF/TV/VA/WC/ZZ
        CAS S 99  1 2  1=CO/OA/PI/PR
        NM1=QC R 1  1 2
        NM1=IL S 1  1 2
        NM1=74 S 1  1 2
        NM1=82 S 1  1 2
        NM1=TT S 1  1 2
        NM1=PR S 1  1 2
        NM1=GB S 1  1 2
        MIA S 1  1
        MOA S 1
        REF S 15  1 2
        DTM S 4  1 2
        PER S 2  1
        AMT S 13  1 2
        QTY S 14  1 2
        2110 S 999:
          SVC R 1  1
          DTM S 2  1 2
          CAS S 99  1 2  1=CO/OA/PI/PR
          REF S 24  1 2
          AMT S 9  1 2
          QTY S 6  1 2
          LQ S 99  1 2
    PLB S >  1 2 3
    """,
)
