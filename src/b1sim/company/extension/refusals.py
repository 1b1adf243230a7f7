"""Refusals of user-defined fields, tables and keys; no text of them was captured (guess each)."""

from b1sim.company.refusals import Refusal, refused


def invalid_name(field: str, name: object) -> Refusal:
    """Refuse a name that a database would not take (guess: code and text)."""
    return refused(-1, f"Invalid name '{name or ''}'  [{field}]")


def unknown_table(name: object) -> Refusal:
    """Refuse a table that is not there, or takes no fields (guess: code and text)."""
    return refused(-5002, f"Table '{name or ''}' does not exist  [CUFD.TableID]")


def unknown_column(name: object) -> Refusal:
    """Refuse a key over a field that the table does not have (guess: code and text)."""
    return refused(-5002, f"Field '{name or ''}' does not exist  [UKD1.ColAlias]")


def missing_type() -> Refusal:
    """Refuse a field whose type is not said (guess: code and text)."""
    return refused(-5002, "Specify the type of the field  [CUFD.TypeID]")


def invalid_size(size: object) -> Refusal:
    """Refuse a width that no text field has, or less than it had (guess: code and text)."""
    return refused(-5002, f"Invalid field size '{size}'  [CUFD.EditSize]")


def invalid_default(value: object) -> Refusal:
    """Refuse a default that is none of the valid values (guess: code and text)."""
    return refused(-5002, f"Default value '{value}' is not a valid value  [CUFD.Dflt]")


def missing_default(name: str) -> Refusal:
    """Refuse a mandatory field that leaves older records empty (guess: code and text)."""
    return refused(-5002, f"Mandatory field '{name}' needs a default value  [CUFD.Dflt]")


def missing_value(name: str, type_name: str) -> Refusal:
    """Refuse a record without a value in a mandatory field (guess: code and text)."""
    return refused(-5002, f"Value is mandatory in property '{name}' of '{type_name}'")


def unlinked_value(name: str, table: str, value: object) -> Refusal:
    """Refuse a value that is no code of the linked table (guess: code and text)."""
    return refused(-5002, f"Value '{value}' of '{name}' is not in linked table {table}")
