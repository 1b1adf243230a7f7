"""The EDMX document of both versions: what it says, and that it holds together."""

from xml.etree import ElementTree as ET

import pytest

pytestmark = pytest.mark.anyio

EDM3 = "{http://schemas.microsoft.com/ado/2009/11/edm}"
EDM4 = "{http://docs.oasis-open.org/odata/ns/edm}"
METADATA = "{http://schemas.microsoft.com/ado/2007/08/dataservices/metadata}"
SIMPLE = {
    *("Edm.String", "Edm.Int32", "Edm.Double", "Edm.DateTime", "Edm.Time", "Edm.Boolean"),
    *("Edm.DateTimeOffset", "Edm.TimeOfDay", "Edm.Stream", "Edm.Decimal", "Edm.Int16"),
    *("Edm.Int64", "Edm.Binary", "Edm.Date"),
}


@pytest.fixture
async def first(v1):
    return ET.fromstring((await v1.get("$metadata")).content)  # noqa: S314  our own


@pytest.fixture
async def second(v2):
    return ET.fromstring((await v2.get("$metadata")).content)  # noqa: S314  our own


async def asked(client, query):
    return ET.fromstring((await client.get(f"$metadata?{query}")).content)  # noqa: S314  our own


def named(document, tag, name):
    return next(found for found in document.iter(tag) if found.get("Name") == name)


def names(element, tag):
    return [found.get("Name") for found in element.iter(tag)]


def properties(document, edm, kind, type_name):
    found = named(document, edm + kind, type_name)
    return {p.get("Name"): p.get("Type") for p in found.findall(f"{edm}Property")}


async def test_version_2_renames_the_batch_number_and_its_date_types(first, second):
    assert "BatchNumber" in properties(first, EDM3, "ComplexType", "BatchNumber")
    assert "BatchNumberProperty" in properties(second, EDM4, "ComplexType", "BatchNumber")
    assert properties(first, EDM3, "EntityType", "Document")["DocDate"] == "Edm.DateTime"
    document = properties(second, EDM4, "EntityType", "Document")
    assert document["DocDate"] == "Edm.DateTimeOffset"
    assert document["DocTime"] == "Edm.TimeOfDay"
    assert document["DocumentStatus"] == "SAPB1.BoStatus"
    assert document["DocumentLines"] == "Collection(SAPB1.DocumentLine)"


async def test_enums_have_bare_members_in_version_1_and_ordinals_in_version_2(first, second):
    old = named(first, f"{EDM3}EnumType", "BoYesNoEnum")
    new = named(second, f"{EDM4}EnumType", "BoYesNoEnum")

    assert [member.attrib for member in old] == [{"Name": "tNO"}, {"Name": "tYES"}]
    assert [member.attrib for member in new] == [
        {"Name": "tNO", "Value": "0"},
        {"Name": "tYES", "Value": "1"},
    ]
    assert new.get("UnderlyingType") == "Edm.Int32"


def edm_of(document):
    return EDM3 if document.find(f".//{EDM3}Schema") is not None else EDM4


@pytest.fixture(params=["v1", "v2"])
async def either(request, v1, v2):
    client = {"v1": v1, "v2": v2}[request.param]
    return ET.fromstring((await client.get("$metadata")).content)  # noqa: S314  our own


async def test_every_type_that_is_named_is_described_once(either):
    edm = edm_of(either)
    kinds = [f"{edm}{kind}" for kind in ("EntityType", "ComplexType", "EnumType")]
    described = [found.get("Name") for kind in kinds for found in either.iter(kind)]
    used = {
        value.removeprefix("Collection(").removesuffix(")")
        for found in either.iter()
        for attribute in ("Type", "EntityType", "ReturnType")
        if (value := found.get(attribute))
    }

    assert len(set(described)) == len(described)
    assert used - SIMPLE <= {f"SAPB1.{name}" for name in described}


async def test_every_entity_has_a_key_among_its_properties(either):
    edm = edm_of(either)
    for entity in either.iter(f"{edm}EntityType"):
        own = names(entity, f"{edm}Property")
        assert len(set(own)) == len(own)
        key = [ref.get("Name") for ref in entity.find(f"{edm}Key")]
        assert key
        assert set(key) <= set(own)
        ways = [way.get("Name") for way in entity.findall(f"{edm}NavigationProperty")]
        assert not set(ways) & set(own)


async def test_version_2_says_where_navigation_leads(second):
    partner = named(second, f"{EDM4}EntityType", "Document").find(
        f"{EDM4}NavigationProperty[@Name='BusinessPartner']"
    )
    orders = named(second, f"{EDM4}EntityType", "BusinessPartner").find(
        f"{EDM4}NavigationProperty[@Name='Orders']"
    )
    constraint = partner.find(f"{EDM4}ReferentialConstraint")

    assert partner.get("Type") == "SAPB1.BusinessPartner"
    assert constraint.attrib == {"Property": "CardCode", "ReferencedProperty": "CardCode"}
    assert orders.get("Type") == "Collection(SAPB1.Document)"
    assert orders.get("Partner") == "BusinessPartner"
    sets = {found.get("Name"): found for found in second.iter(f"{EDM4}EntitySet")}
    for name, entity_set in sets.items():
        kind = named(second, f"{EDM4}EntityType", entity_set.get("EntityType").split(".")[1])
        ways = names(kind, f"{EDM4}NavigationProperty")
        for binding in entity_set.findall(f"{EDM4}NavigationPropertyBinding"):
            assert binding.get("Path") in ways, name
            assert binding.get("Target") in sets, name


async def test_version_1_says_it_with_associations(first):
    association = named(first, f"{EDM3}Association", "FK_Documents_BusinessPartners")
    ends = {end.get("Role"): end.get("Multiplicity") for end in association.iter(f"{EDM3}End")}
    known = {
        f"SAPB1.{found.get('Name')}": {end.get("Role") for end in found.findall(f"{EDM3}End")}
        for found in first.iter(f"{EDM3}Association")
    }

    assert ends == {"BusinessPartners": "0..1", "Documents": "*"}
    assert named(first, f"{EDM3}AssociationSet", "FK_Orders_BusinessPartners") is not None
    for way in first.iter(f"{EDM3}NavigationProperty"):
        assert {way.get("FromRole"), way.get("ToRole")} == known[way.get("Relationship")]
    for association_set in first.iter(f"{EDM3}AssociationSet"):
        roles = {end.get("Role") for end in association_set}
        assert roles == known[association_set.get("Association")]


async def test_the_source_of_tags_is_marked(first, second):
    version = named(first, f"{EDM3}EntityType", "Document").find(
        f"{EDM3}Property[@Name='DataVersion']"
    )
    annotation = named(second, f"{EDM4}EntitySet", "Orders").find(f"{EDM4}Annotation")

    assert version.get("ConcurrencyMode") == "Fixed"
    assert annotation.get("Term") == "Org.OData.Core.V1.OptimisticConcurrency"
    assert annotation.find(f".//{EDM4}PropertyPath").text == "DataVersion"
    payments = named(second, f"{EDM4}EntitySet", "IncomingPayments")
    assert payments.find(f"{EDM4}Annotation") is None


async def test_operations_are_imports_in_version_1_and_actions_in_version_2(first, second):
    close = [f for f in first.iter(f"{EDM3}FunctionImport") if f.get("Name") == "Close"]
    actions = [a for a in second.iter(f"{EDM4}Action") if a.get("Name") == "Close"]
    service = named(first, f"{EDM3}FunctionImport", "CompanyService_GetAdminInfo")

    assert "SAPB1.Document" in [f.find(f"{EDM3}Parameter").get("Type") for f in close]
    assert {f.get("IsBindable") for f in close} == {"true"}
    assert {a.get("IsBound") for a in actions} == {"true"}
    assert service.get("ReturnType") == "SAPB1.AdminInfo"
    assert service.get(f"{METADATA}HttpMethod") == "GET"
    imported = named(second, f"{EDM4}FunctionImport", "CompanyService_GetAdminInfo")
    assert imported.get("Function") == "SAPB1.CompanyService_GetAdminInfo"


async def test_user_defined_fields_are_described(world, v2):
    world.clerk.add_user_field("Document", "U_ShopRef")

    document = await asked(v2, "scope=entityset&entityset=Orders")

    assert properties(document, EDM4, "EntityType", "Document")["U_ShopRef"] == "Edm.String"


async def test_one_set_can_be_asked_for_with_what_it_needs(v2):
    alone = await asked(v2, "scope=entityset&entityset=BusinessPartners")
    whole = await asked(
        v2,
        "scope=entityset&annotation=labelWithField,labelWithTable"
        "&entityset=BusinessPartners&dependency=true",
    )

    assert names(alone, f"{EDM4}EntityType") == ["BusinessPartner"]
    assert names(alone, f"{EDM4}ComplexType") == []
    assert "ContactEmployee" in names(whole, f"{EDM4}ComplexType")
    assert "BoCardTypes" in names(whole, f"{EDM4}EnumType")
    code = named(whole, f"{EDM4}EntityType", "BusinessPartner").find(
        f"{EDM4}Property[@Name='CardCode']"
    )
    assert {a.get("Term"): a.get("String") for a in code} == {
        "Common.Label": "Card Code",
        "SAPB1.ColumnName": "CardCode",
    }
    member = named(whole, f"{EDM4}EnumType", "BoCardTypes")[0]
    assert member[0].attrib == {"Term": "SAPB1.ValidValue", "String": "C"}
    table = named(whole, f"{EDM4}EntitySet", "BusinessPartners")[1]
    assert table.attrib == {"Term": "SAPB1.TableName", "String": "OCRD"}


async def test_the_sets_alone_and_the_enums_alone(v2):
    sets = await asked(v2, "scope=entityset&annotation=label")
    enums = await asked(v2, "scope=enum")

    assert "Orders" in names(sets, f"{EDM4}EntitySet")
    assert names(sets, f"{EDM4}EntityType") == []
    assert "BoYesNoEnum" in names(enums, f"{EDM4}EnumType")
    assert names(enums, f"{EDM4}EntitySet") == []


@pytest.mark.parametrize("query", ["scope=all", "entityset=Unicorns", "annotation=colour"])
async def test_what_the_options_do_not_mean_is_refused(v2, query):
    reply = await v2.get(f"$metadata?{query}")

    code = "200" if "Unicorns" in query else "-1000"
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, code)


async def test_an_older_release_ignores_the_options(world, v2):
    world.quirks.metadata_scopes = False

    scoped = await v2.get("$metadata?scope=enum")

    assert scoped.content == (await v2.get("$metadata")).content


async def test_sets_that_no_table_keeps_are_described_as_well(v1, first):
    expose = [f for f in first.iter(f"{EDM3}FunctionImport") if f.get("Name") == "Expose"]

    assert named(first, f"{EDM3}EntitySet", "SQLViews").get("EntityType") == "SAPB1.SQLView"
    assert expose[0].find(f"{EDM3}Parameter").get("Type") == "SAPB1.SQLView"
    assert "SQLViews" in [entry["name"] for entry in (await v1.get("")).json()["value"]]
