"""What SAP refuses: locked periods, approvals, frozen accounts, doubtful shoppers."""

import httpx
import pytest

from b1sim.company import clerk

pytestmark = pytest.mark.anyio


@pytest.fixture
async def approver(office):
    """Return a client with which an approver adds drafts in SAP."""
    settings = office.sap.settings()
    base = f"{settings['url']}/b1s/v2/"
    async with httpx.AsyncClient(transport=office.sap.transport(), base_url=base) as http:
        login = {"CompanyDB": settings["company_db"], "UserName": settings["user"]}
        answer = await http.post("Login", json=login | {"Password": settings["password"]})
        assert answer.status_code == 200
        yield http


async def test_a_locked_period_is_opened_and_retried(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], placed_at="2026-09-15T10:00:00+00:00")
    clerk.lock_period(office.company, "2026-09")

    case = await office.stuck(order)
    assert (case.reason, office.holds_nothing(order)) == ("PERIOD_LOCKED", True)
    clerk.unlock_period(office.company, "2026-09")
    await office.retry(case)

    assert str(office.invoice(order)["DocDate"]) == "2026-09-15"


async def test_a_draft_that_is_approved_and_added_is_linked_and_not_doubled(
    office, store, approver
):
    clerk.require_approval(office.company, "Invoices", from_total="1000")
    order = store.shopper_orders([("MUG", 1000, "4.00", "20")])
    store.pays(order)

    case = await office.stuck(order)
    assert case.reason == "AWAITS_APPROVAL"
    await office.bring(order)  # a repeated notice makes no second draft
    (draft,) = office.documents(order, kind="Drafts")
    assert f"draft {draft['DocEntry']}" in case.message
    clerk.approve_draft(office.company, draft["DocEntry"])
    answer = await approver.post(
        "DraftsService_SaveDraftToDocument", json={"Document": {"DocEntry": draft["DocEntry"]}}
    )
    assert answer.status_code < 300, answer.text
    await office.retry(case)
    clerk.drop_approvals(office.company)

    assert office.total(order) == "4800.00"
    assert office.payments(order) == [4800]
    assert store.store.orders[order].external_order_id == str(office.invoice(order)["DocNum"])


async def test_a_rejected_draft_says_so(office, store):
    clerk.require_approval(office.company, "Invoices", from_total="1000")
    order = store.shopper_orders([("MUG", 1000, "4.00", "20")])
    await office.stuck(order)
    (draft,) = office.documents(order, kind="Drafts")
    clerk.reject_draft(office.company, draft["DocEntry"])
    clerk.drop_approvals(office.company)

    case = await office.stuck(order)

    assert (case.reason, "was rejected" in case.message) == ("AWAITS_APPROVAL", True)
    assert office.documents(order) == []


async def test_two_accounts_with_one_email_are_named_and_one_is_chosen(office, store):
    clerk.add_partner(office.company, "C1", "One", EmailAddress="both@x.com")
    clerk.add_partner(office.company, "C2", "Two", EmailAddress="Both@X.com")
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email="both@x.com")

    case = await office.stuck(order)
    assert case.reason == "AMBIGUOUS_CUSTOMER"
    assert "C1 (One, both@x.com), C2 (Two, Both@X.com)" in case.message
    await office.hub.set_crosswalk("customer", "both@x.com", "C2")
    await office.retry(case)

    assert office.invoice(order)["CardCode"] == "C2"


async def test_a_frozen_account_is_released_and_retried(office, store):
    clerk.add_partner(office.company, "COLD", "Cold", EmailAddress="cold@x.com")
    clerk.freeze(office.company, "BusinessPartners", "COLD")
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email="cold@x.com")

    case = await office.stuck(order)
    assert (case.reason, "COLD (Cold, cold@x.com) is frozen" in case.message) == (
        "PARTNER_FROZEN",
        True,
    )
    clerk.freeze(office.company, "BusinessPartners", "COLD", frozen=False)
    await office.retry(case)

    assert office.invoice(order)["CardCode"] == "COLD"


async def test_a_frozen_collective_account_is_a_case_that_names_it(office, store):
    clerk.freeze(office.company, "BusinessPartners", "POOL")
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email="")

    case = await office.stuck(order, at="club")
    assert "'POOL'" in case.message
    clerk.freeze(office.company, "BusinessPartners", "POOL", frozen=False)
    await office.retry(case)

    assert office.invoice(order, "club")["CardCode"] == "POOL"


async def test_a_guest_without_email_goes_to_the_collective_account_or_waits(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email=" \t")

    await office.bring(order, at="club")
    case = await office.stuck(order)

    assert office.invoice(order, "club")["CardCode"] == "POOL"
    assert case.reason == "NO_PARTNER"
    assert "collective_partner" in case.fix
    store.store.orders[order].billing["email"] = "named@x.com"
    await office.retry(case)
    assert office.total(order) == "4.80"


async def test_an_account_that_is_a_supplier_is_not_sold_to(office, store):
    clerk.add_partner(office.company, "VENDOR", kind="cSupplier", EmailAddress="vendor@x.com")
    order = store.shopper_orders([("MUG", 1, "4.00", "20")], email="vendor@x.com")

    await office.bring(order)

    assert office.invoice(order)["CardCode"] != "VENDOR"


async def test_a_rule_of_the_company_is_named_by_its_number(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.sap.refuse("Invoices", -1, "(7701) Orders of mugs need a manager", method="POST")

    case = await office.stuck(order)
    assert case.reason == "COMPANY_RULE"
    assert "7701" in case.fix
    await office.retry(case)

    assert office.total(order) == "4.80"


async def test_a_refusal_that_nobody_foresaw_is_shown_in_saps_own_words(office, store):
    order = store.shopper_orders([("MUG", 1, "4.00", "20")])
    office.sap.refuse("Invoices", -9999, "Something [ODBC -1] odd", method="POST")

    case = await office.stuck(order)
    assert case.reason == "REJECTED"
    assert "Something [ODBC -1] odd (-9999)" in case.message
    await office.retry(case)

    assert office.total(order) == "4.80"
