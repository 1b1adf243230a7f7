"""What the warehouse refuses (codes and texts: sap-service-layer.md 3.2 and 9.4)."""

from b1sim.company.refusals import Refusal, refused


def unknown_unit(table: str, line: int, unit: object) -> Refusal:
    """Refuse a unit that is not of the item's group (guess: text)."""
    return refused(-5002, f"Invalid UoM code  [{table}.UomEntry][line: {line}] , '{unit}'")
