"""Lists, pages, counts, single entities and single properties in both spellings."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def customers(world):
    """45 customers, C001 to C045; every ninth is a lead, the last has awkward letters."""
    for number in range(1, 46):
        world.company.create(
            "BusinessPartners",
            {
                "CardCode": f"C{number:03}",
                "CardName": 'Zoë\'s "Café" \\ 100%\t✓' if number == 45 else f"Customer {number}",
                "CardType": "cLid" if number % 9 == 0 else "cCustomer",
            },
        )


def codes(reply):
    return [row["CardCode"] for row in reply.json()["value"]]


async def walk(client, link, **options):
    """Follow the next links as a client does and return every code with the number of pages."""
    found, pages = [], 0
    while link:
        reply = await client.get(link, **options)
        found += codes(reply)
        pages += 1
        link = reply.json().get("odata.nextLink") or reply.json().get("@odata.nextLink")
    return found, pages


EVERY_CODE = [f"C{number:03}" for number in range(1, 46)]
CUSTOMERS = "BusinessPartners?$select=CardCode"


@pytest.mark.usefixtures("customers")
async def test_a_page_has_twenty_rows_and_the_links_lead_through_all(v1, v2):
    assert await walk(v1, CUSTOMERS) == (EVERY_CODE, 3)
    assert await walk(v2, CUSTOMERS) == (EVERY_CODE, 3)


@pytest.mark.usefixtures("customers")
async def test_the_next_link_is_relative_and_keeps_the_query(v2):
    asked = "BusinessPartners?$select=CardCode&$filter=startswith(CardName,'Customer')"

    reply = await v2.get(asked)

    assert reply.json()["@odata.nextLink"] == (
        "BusinessPartners?$select=CardCode&$filter=startswith(CardName,'Customer')&$skip=20"
    )


@pytest.mark.usefixtures("customers")
async def test_the_preferred_page_size_is_echoed_and_wins(v1):
    headers = {"Prefer": "odata.maxpagesize=30", "B1S-PageSize": "10"}

    reply = await v1.get(CUSTOMERS, headers=headers)

    assert len(codes(reply)) == 30
    assert reply.headers["Preference-Applied"] == "odata.maxpagesize=30"
    assert len(codes(await v1.get(CUSTOMERS, headers={"B1S-PageSize": "10"}))) == 10


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize("header", [{"Prefer": "odata.maxpagesize=0"}, {"B1S-PageSize": "0"}])
async def test_page_size_zero_disables_paging(v2, header):
    assert await walk(v2, CUSTOMERS, headers=header) == (EVERY_CODE, 1)


@pytest.mark.usefixtures("customers")
async def test_top_is_one_page_at_most_and_zero_is_honoured(v2):
    small = await v2.get(CUSTOMERS + "&$top=5")
    large = await v2.get(CUSTOMERS + "&$top=30")
    none = await v2.get(CUSTOMERS + "&$top=0&$count=true")

    assert len(codes(small)) == 5
    assert "@odata.nextLink" not in small.json()
    assert len(codes(large)) == 20
    assert "@odata.nextLink" in large.json()
    assert (codes(none), none.json()["@odata.count"]) == ([], 45)
    assert (await walk(v2, CUSTOMERS + "&$top=30"))[0] == EVERY_CODE[:30]


@pytest.mark.usefixtures("customers")
async def test_skip_applies_before_top(v1):
    assert codes(await v1.get(CUSTOMERS + "&$skip=40&$top=3")) == ["C041", "C042", "C043"]


@pytest.mark.usefixtures("customers")
async def test_the_inline_count_is_a_text_in_version_1_and_a_number_in_version_2(v1, v2):
    leads = CUSTOMERS + "&$filter=CardType eq 'cLid'"

    first = await v1.get(leads + "&$inlinecount=allpages")
    second = await v2.get(leads + "&$count=true")

    assert first.json()["odata.count"] == "5"
    assert second.json()["@odata.count"] == 5
    assert "odata.count" not in (await v1.get(leads)).json()


@pytest.mark.usefixtures("customers")
async def test_count_answers_plain_text(v1):
    everyone = await v1.get("BusinessPartners/$count")
    leads = await v1.get("BusinessPartners/$count?$filter=CardType eq 'L'")

    assert (everyone.text, leads.text) == ("45", "5")
    assert everyone.headers["Content-Type"].startswith("text/plain")


@pytest.mark.usefixtures("customers")
async def test_order_and_its_refusal(v2):
    backwards = await v2.get(CUSTOMERS + "&$orderby=CardType desc,CardCode desc&$top=2")
    wrong = await v2.get(CUSTOMERS + "&$orderby=Colour")

    assert codes(backwards) == ["C036", "C027"] or codes(backwards) == ["C045", "C036"]
    assert wrong.json()["error"]["code"] == "-1000"


@pytest.mark.usefixtures("customers")
async def test_unknown_properties_have_one_code_in_select_and_another_in_filter(v1):
    select = await v1.get("BusinessPartners?$select=CardCode,Colour")
    condition = await v1.get("BusinessPartners?$filter=Colour eq 'x'")

    assert (select.status_code, condition.status_code) == (400, 400)
    assert select.json()["error"] == {
        "code": -1000,
        "message": {"lang": "en-us", "value": "Property 'Colour' of 'BusinessPartner' is invalid"},
    }
    assert condition.json()["error"] == {
        "code": 201,
        "message": {"lang": "en-us", "value": "Property 'Colour' is invalid"},
    }


@pytest.mark.usefixtures("customers")
async def test_one_entity_is_printed_with_tabs_and_its_context(v2):
    reply = await v2.get("BusinessPartners('C001')")

    lines = reply.text.split("\n")
    context = "https://b1sim.test:50000/b1s/v2/$metadata#BusinessPartners/$entity"
    assert lines[0] == "{"
    assert lines[1] == f'\t"@odata.context" : "{context}",'
    assert lines[2].startswith('\t"@odata.etag" : "W/\\"')
    assert lines[3] == '\t"CardCode" : "C001",'
    assert reply.headers["Content-Type"] == (
        "application/json;odata.metadata=minimal;charset=utf-8"
    )
    assert reply.headers["OData-Version"] == "4.0"


@pytest.mark.usefixtures("customers")
async def test_a_list_puts_its_value_on_a_line_of_its_own(v1):
    reply = await v1.get("BusinessPartners?$top=1&$select=CardCode")

    assert '\t"value" : \n\t[\n\t\t{\n\t\t\t"odata.etag" : ' in reply.text
    assert '\n\t\t\t"CardCode" : "C001"\n\t\t}\n\t]\n}\n' in reply.text


@pytest.mark.usefixtures("customers")
async def test_awkward_text_arrives_unharmed(v1):
    reply = await v1.get("BusinessPartners('C045')?$select=CardName")

    assert reply.json()["CardName"] == 'Zoë\'s "Café" \\ 100%\t✓'


@pytest.mark.usefixtures("customers")
async def test_dates_and_amounts_are_spelled_per_version(v1, v2):
    asked = "BusinessPartners('C001')?$select=CreateDate,CreateTime,CreditLimit"

    first, second = await v1.get(asked), await v2.get(asked)

    assert first.json()["CreateDate"] == "2026-11-20"
    assert second.json()["CreateDate"] == "2026-11-20T00:00:00Z"
    assert first.json()["CreateTime"] == second.json()["CreateTime"]
    assert len(first.json()["CreateTime"]) == len("10:00:00")
    assert '"CreditLimit" : 0.0' in first.text


@pytest.mark.parametrize("key", ["'O''Neil/1'", "CardCode='O''Neil/1'", "%27O%27%27Neil%2F1%27"])
async def test_a_quote_and_a_slash_belong_to_the_key(world, v2, key):
    world.company.create(
        "BusinessPartners",
        {"CardCode": "O'Neil/1", "CardName": "O'Neil", "CardType": "cCustomer"},
    )

    reply = await v2.get(f"BusinessPartners({key})?$select=CardCode")

    assert reply.json()["CardCode"] == "O'Neil/1"


@pytest.mark.usefixtures("customers")
async def test_a_property_can_be_read_alone_or_raw(v1, v2):
    assert (await v1.get("BusinessPartners('C001')/CardName")).json() == {"value": "Customer 1"}
    assert (await v1.get("BusinessPartners('C001')/CardName/$value")).text == "Customer 1"
    assert (await v1.get("BusinessPartners('C001')/Notes")).json() == {"odata.null": True}
    assert (await v2.get("BusinessPartners('C001')/Notes")).json() == {"@odata.null": True}
    raw_null = await v2.get("BusinessPartners('C001')/Notes/$value")
    assert (raw_null.status_code, raw_null.json()["error"]["code"]) == (404, "-2028")


async def test_a_key_that_names_nothing_is_not_found(v1, v2):
    first, second = await v1.get("Orders(99)"), await v2.get("BusinessPartners('nobody')")

    assert (first.status_code, second.status_code) == (404, 404)
    assert first.json()["error"]["code"] == -2028
    assert second.json()["error"] == {
        "code": "-2028",
        "message": "No matching records found (ODBC -2028)",
    }


@pytest.mark.parametrize("key", ["'1'", "x", "1,2", "DocNum=1", ""])
async def test_a_key_of_another_form_is_refused(v2, key):
    reply = await v2.get(f"Orders({key})")

    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "-1000")


@pytest.mark.parametrize(
    "path",
    [
        "ServiceCalls",
        "CompanyService_GetPathAdmin",
    ],
)
async def test_what_sap_has_and_b1sim_has_not_answers_loudly(v2, path):
    reply = await v2.get(path)

    assert reply.status_code == 501
    assert "b1sim does not simulate" in reply.json()["error"]["message"]


async def test_nonsense_is_refused(v2, stranger):
    assert (await v2.get("Unicorns")).status_code == 400
    assert (await stranger.get("/elsewhere")).status_code == 404


async def test_the_service_document_lists_the_sets(v2):
    sets = (await v2.get("")).json()["value"]

    assert {"name": "Orders", "kind": "EntitySet", "url": "Orders"} in sets


@pytest.mark.usefixtures("customers")
async def test_case_can_be_ignored_on_request(v1):
    asked = CUSTOMERS + "&$filter=CardName eq 'CUSTOMER 7'"

    assert codes(await v1.get(asked)) == []
    assert codes(await v1.get(asked, headers={"B1S-CaseInsensitive": "true"})) == ["C007"]


@pytest.mark.usefixtures("customers")
async def test_a_company_on_sql_server_ignores_case_always(world, v1):
    world.clerk.change_settings(case_sensitive=False)

    assert codes(await v1.get(CUSTOMERS + "&$filter=CardName eq 'CUSTOMER 7'")) == ["C007"]
    assert (await v1.get("BusinessPartners('c007')/CardName")).json() == {"value": "Customer 7"}


@pytest.mark.usefixtures("customers")
@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("U_Shop eq 'north'", ["C001"]),
        ("contains(U_Shop,'out')", ["C002"]),
        ("U_Score gt 4.5", ["C002"]),
        ("U_Since ge datetime'2026-02-01' and U_Since le '20260301'", ["C002"]),
        ("U_Rank eq 7", ["C001"]),
        ("U_Shop ne null", ["C001", "C002"]),
    ],
)
async def test_user_defined_fields_filter_and_order_like_saps_own(world, v1, v2, condition, found):
    for name, kind in (
        ("U_Shop", "Edm.String"),
        ("U_Score", "Edm.Double"),
        ("U_Since", "Edm.DateTime"),
        ("U_Rank", "Edm.Int32"),
    ):
        world.clerk.add_user_field("BusinessPartner", name, kind)
    for code, values in (
        ("C001", {"U_Shop": "north", "U_Score": "4.5", "U_Since": "2026-01-31", "U_Rank": 7}),
        ("C002", {"U_Shop": "south", "U_Score": "9", "U_Since": "2026-02-28", "U_Rank": 8}),
    ):
        await v1.patch(f"BusinessPartners('{code}')", json=values)

    for client in (v1, v2):
        reply = await client.get(CUSTOMERS + f"&$filter={condition}&$orderby=U_Rank")

        assert codes(reply) == found
