"""What a company adds of its own: queries."""

from b1sim.company.shape.area import Area

EXTENSION = Area(
    tables={
        "SQLQueries": "OSQL",
    },
    columns={
        "SQLQuery": "SqlCode SqlName SqlText ParamList CreateDate UpdateDate",
    },
    read_only={
        "SQLQuery": "CreateDate UpdateDate",
    },
    max_lengths={
        "SQLQuery": {"SqlCode": 50, "SqlName": 100},
    },
)
