"""Who keeps the definitions of fields, tables and keys, and the records of user tables."""

from b1sim.company.extension.fields_keeper import FieldKeeper
from b1sim.company.extension.keys_keeper import KeyKeeper
from b1sim.company.extension.records import RecordKeeper
from b1sim.company.extension.tables_keeper import TableKeeper
from b1sim.company.keeper import Keeper

KEEPERS: dict[str, Keeper] = {
    "UserTablesMD": TableKeeper(),
    "UserFieldsMD": FieldKeeper(),
    "UserKeysMD": KeyKeeper(),
}
RECORDS: Keeper = RecordKeeper()
