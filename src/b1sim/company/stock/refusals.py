"""What the warehouse refuses (codes and texts: sap-service-layer.md 3.2 and 9.4)."""

from b1sim.company.refusals import Refusal, refused


def unknown_unit(table: str, line: int, unit: object) -> Refusal:
    """Refuse a unit that is not of the item's group (guess: text)."""
    return refused(-5002, f"Invalid UoM code  [{table}.UomEntry][line: {line}] , '{unit}'")


def blocked_batch(number: str) -> Refusal:
    """Refuse to take a batch that is locked or not accessible (guess: code and text)."""
    return refused(-10, f"Batch {number} is not released; choose another batch")


def serial_there_already(line: int, number: str) -> Refusal:
    """Refuse to receive a serial number that lies in stock (guess: code and text)."""
    return refused(-10, f"Serial number {number} already exists in stock  [line: {line}]")


def incomplete_bins(line: int, item: str) -> Refusal:
    """Refuse a row in a warehouse with bins that does not allocate them whole (guess: text)."""
    return refused(-10, f"Fully allocate item '{item}' to bin locations  [line: {line}]")


def no_bins_here(line: int, warehouse: str) -> Refusal:
    """Refuse bins where the warehouse has none (guess: code and text)."""
    return refused(-10, f"Bin locations are not enabled in warehouse {warehouse}  [line: {line}]")


def unknown_bin(line: int, entry: object) -> Refusal:
    """Refuse a bin that is not of the row's warehouse, or not active (guess: text)."""
    return refused(-5002, f"Invalid bin location  [BinAbsEntry][line: {line}] , '{entry}'")


def negative_bin(line: int, item: str, bin_code: str) -> Refusal:
    """Refuse to take more than lies in the bin (guess: text)."""
    return refused(-10, f"Insufficient quantity of item {item} in bin {bin_code}  [line: {line}]")


def not_stocked(table: str, line: int, code: str) -> Refusal:
    """Refuse to move an item that is not an inventory item (guess: text)."""
    return refused(
        -5002, f"Item is not an inventory item  [{table}.ItemCode][line: {line}] , '{code}'"
    )


def same_warehouse(table: str, line: int) -> Refusal:
    """Refuse a transfer from a warehouse into itself, unless it has bins (guess: text)."""
    return refused(
        -10, f"'From' and 'To' warehouses must be different  [{table}.WhsCode][line: {line}]"
    )


def not_a_bin_warehouse(warehouse: object) -> Refusal:
    """Refuse a bin in a warehouse without bins (guess: code and text)."""
    return refused(
        -10, f"Bin locations are not enabled in warehouse  [OBIN.WhsCode] , '{warehouse}'"
    )


def bin_in_use(code: str) -> Refusal:
    """Refuse to delete a bin that holds goods, or the system bin (guess: code and text)."""
    return refused(-10, f"Cannot remove bin location '{code}': it is in use")
