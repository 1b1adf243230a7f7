"""The pages about the façade say what its routes and refusals are."""

import re
import runpy

import pytest

from b1bridge.connectors.sap_b1.table_columns import COLUMNS as TABLES
from b1bridge.domain.table_rows import Table
from b1bridge.web import problem_types
from b1bridge.web.compat.contacts import COLUMNS as CONTACTS

RUN = "run tools/api_pages.py"


@pytest.fixture(scope="module")
def tool(root):
    return runpy.run_path(str(root / "tools" / "api_pages.py"))


@pytest.fixture(scope="module")
def document(tool):
    return tool["the_document"]()


@pytest.fixture(scope="module")
def reference(root):
    return root / "docs" / "reference"


def test_the_page_of_addresses_is_what_the_api_says_of_itself(reference, tool, document):
    assert (reference / "api.md").read_text() == tool["api_page"](document), RUN


def test_the_page_of_problems_is_the_catalogue(reference, tool):
    page = (reference / "problems.md").read_text()

    assert page == tool["problems_page"](), RUN
    assert set(re.findall(r"^\| `urn:b1bridge:problem:([a-z-]+)`", page, re.MULTILINE)) == {
        kind.slug for kind in problem_types.ALL
    }


def test_every_link_within_the_page_of_addresses_has_its_section(reference):
    page = (reference / "api.md").read_text()
    sections = {name.lower() for name in re.findall(r"^### (\w+)$", page, re.MULTILINE)}

    assert set(re.findall(r"\]\(#(\w+)\)", page)) <= sections


def test_every_address_says_what_it_needs_and_what_it_takes(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            named = f"{method} {path}"
            assert "Needs the scope" in operation["description"], named
            assert method not in {"post", "put"} or _has_an_example(operation), named


def test_every_column_that_older_clients_may_ask_for_is_on_the_page(root):
    page = (root / "docs/how-to/come-from-sap-b1-restful.md").read_text()
    tables = {
        "ORDR, ODLN": [*TABLES[Table.ORDERS], *TABLES[Table.SHIPMENTS]],
        "DLN1": TABLES[Table.SHIPMENT_LINES],
        "OCPR": CONTACTS,
    }

    for name, columns in tables.items():
        [row] = re.findall(rf"^\| {name} \| (.+) \|$", page, re.MULTILINE)
        assert set(re.findall(r"`(\w+)`", row)) == set(columns), name


def _has_an_example(operation):
    if "requestBody" not in operation:
        return True
    return bool(operation["requestBody"]["content"]["application/json"]["example"])
