"""The EDMX document of both versions."""

from xml.dom import minidom

import pytest

pytestmark = pytest.mark.anyio


def properties(document, type_name):
    kinds = document.getElementsByTagName("EntityType") + document.getElementsByTagName(
        "ComplexType"
    )
    found = next(kind for kind in kinds if kind.getAttribute("Name") == type_name)
    return {
        p.getAttribute("Name"): p.getAttribute("Type")
        for p in found.getElementsByTagName("Property")
    }


async def test_version_2_renames_the_batch_number_and_its_date_types(v1, v2):
    first = minidom.parseString((await v1.get("$metadata")).content)  # noqa: S318  our own
    second = minidom.parseString((await v2.get("$metadata")).content)  # noqa: S318  our own

    assert "BatchNumber" in properties(first, "BatchNumber")
    assert "BatchNumberProperty" in properties(second, "BatchNumber")
    assert properties(first, "Document")["DocDate"] == "Edm.DateTime"
    assert properties(second, "Document")["DocDate"] == "Edm.DateTimeOffset"
    assert properties(second, "Document")["DocumentStatus"] == "SAPB1.BoStatus"
