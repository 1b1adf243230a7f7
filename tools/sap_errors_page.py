"""Writes docs/reference/sap-errors.md from the catalogue: python tools/sap_errors_page.py."""

from pathlib import Path

from b1bridge.connectors.sap_b1.client.catalogue import as_page

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "sap-errors.md"

if __name__ == "__main__":
    PAGE.write_text(as_page(), encoding="utf-8")
