"""What the company allows: numbers, rates and switches."""

from b1sim.company.shape.area import Area

RULES = Area(
    support="""
CREATE TABLE ORTT (RateDate TEXT, Currency TEXT, Rate REAL,
  PRIMARY KEY (Currency, RateDate)) WITHOUT ROWID;
CREATE TABLE NNM1 (Series INTEGER PRIMARY KEY, ObjectCode TEXT, SeriesName TEXT,
  NextNumber INTEGER);
""",
)
