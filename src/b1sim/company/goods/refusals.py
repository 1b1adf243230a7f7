"""What is refused of bills of materials, items and units (guess: codes and texts)."""

from b1sim.company.refusals import Refusal, refused


def unknown_tree_item(field: str, code: object) -> Refusal:
    """Refuse a parent or a component that is no item."""
    return refused(-5002, f"Item does not exist  [{field}.Code] , '{code}'")


def no_tree_type() -> Refusal:
    """Refuse a tree that says of no kind it is."""
    return refused(-5002, "Choose a BOM type  [OITT.TreeType]")


def no_components() -> Refusal:
    """Refuse a tree without rows."""
    return refused(-5002, "A bill of materials needs components  [ITT1.Code]")


def tree_quantity(field: str) -> Refusal:
    """Refuse a quantity of zero or less."""
    return refused(-5002, f"Quantity must be greater than zero  [{field}]")


def circular_tree(code: str, component: str) -> Refusal:
    """Refuse a tree that contains itself."""
    return refused(-5002, f"'{component}' contains '{code}' itself  [ITT1.Code]")


def fixed_by_transactions(column: str, code: str) -> Refusal:
    """Refuse to count an item otherwise than its documents did (guess: code and text)."""
    return refused(-10, f"Cannot change item '{code}': it has transactions  [OITM.{column}]")


def not_positive(field: str) -> Refusal:
    """Refuse a count that must be more than zero."""
    return refused(-5002, f"Enter a value greater than zero  [{field}]")


def unknown_of_unit(field: str, code: object) -> Refusal:
    """Refuse a unit group or a bar code that points at nothing."""
    return refused(-5002, f"Invalid value  [{field}] , '{code}'")
