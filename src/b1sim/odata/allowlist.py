"""Which tables and columns stored queries may read: the published list of SAP's (4.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# The published list, in families; stock journals (OINM, OIVL, OIBT), CRD2 and log tables are not
# on it. CRD1 to OITT stand in both the guide and facts 4.3; OCRP is the guide's own.
_MASTER = """CINF OADM ADM1 OADP OCRN OCRD OCRP CRD1 OCPR ODSC DSC1 OHFC OFPR OACP OBPL OHLD HLD1
OITM OITW OIBQ OBIN OBTQ OBBQ OBTN OSRQ OSBQ OSRN OCLG OCLT OCLS ATC1 ORTT ORSC RSC1 RSC2 RSC3
RSC4 RSC5 RSC6 ORST OITT ITT1 ITT2 OWOR WOR1 WOR4 ORCJ ORCM OPLN ITM1 OJDT JDT1 OCRC OCRH ODPS ECM2
ORCT RCT1 RCT2 RCT3 RCT4 OVPM VPM1 VPM2 VPM3 VPM4"""
_MARKETING = "QUT RDR DLN RRR RDN DPI INV RIN PRQ PQT POR PDN PRR RPD DPO PCH RPC DRF"
PUBLISHED = frozenset(
    _MASTER.split()
    + [f"O{family}" for family in _MARKETING.split()]
    + [f"{family}{number}" for family in _MARKETING.split() for number in range(1, 15)]
)


@dataclass(frozen=True, eq=False)
class Allowlist:
    """The file b1s_sqltable.conf of one installation."""

    tables: frozenset[str] = PUBLISHED
    """SAP supports taking tables off; integrators do put OIBT on."""
    excluded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """ColumnExcludeList: by table, columns that answer 703."""

    def allows(self, table: str) -> bool:
        """Tell whether a table may be read; user tables may since FP 2102."""
        return table in self.tables or table.startswith("@")

    def shows(self, table: str, column: str) -> bool:
        """Tell whether a column of an allowed table may be read."""
        return column not in self.excluded.get(table, frozenset())
