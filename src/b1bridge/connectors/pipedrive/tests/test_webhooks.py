"""Webhooks in both forms: recognised, named once for all tries, echoes left out."""

import hashlib
import hmac
import json

import pytest

from b1bridge.connectors.pipedrive import CONNECTOR
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.connectors.pipedrive.simulator.letters import written
from b1bridge.connectors.pipedrive.simulator.records import Hook
from b1bridge.domain.identity import Ref
from b1bridge.errors import ContractBroken, Untrusted

pytestmark = pytest.mark.anyio
NOW = None
KEY = "k" * 40


def heard(office, headers, body, **own):
    settings = Settings(**(office.world.settings() | own))
    return CONNECTOR.notices("crm", settings, headers, body, NOW)


@pytest.fixture(params=["2.0", "1.0"])
def version(request):
    return request.param


async def test_a_won_deal_is_told(office, version):
    deal = office.world.win_deal(office.world.add_deal("Big"))

    (notice,) = heard(office, *office.world.notice(version=version))

    assert notice.ref == Ref("crm", "deal", str(deal))


async def test_every_try_to_tell_one_change_has_one_name(office, version):
    office.world.win_deal(office.world.add_deal("Big"))
    tries = [office.world.notice(version=version, attempt=n) for n in (1, 2, 3)]

    names = {heard(office, *one)[0].delivery for one in tries}

    assert len(names) == 1


async def test_two_changes_have_two_names(office, version):
    deal = office.world.add_deal("Big")
    office.world.win_deal(deal)
    office.world.reopen_deal(deal)

    tries = [office.world.notice(change, version=version) for change in (-1, -2)]

    assert len({heard(office, *one)[0].delivery for one in tries}) == 2


@pytest.mark.parametrize("changed", ["user", "password", "nothing", "no ascii"])
async def test_another_password_is_refused(office, changed):
    office.world.add_deal("Big")
    headers, body = office.world.notice()
    own = {}
    if changed == "user":
        own = {"webhook_user": "somebody"}
    elif changed == "password":
        own = {"webhook_password": "q" * 40}
    elif changed == "nothing":
        del headers["authorization"]
    else:
        headers["authorization"] = "Basic ÄÖÜ"

    with pytest.raises(Untrusted):
        heard(office, headers, body, **own)


async def test_without_any_secret_every_notice_is_refused(office):
    office.world.add_deal("Big")

    with pytest.raises(Untrusted, match="webhook_password is not set"):
        heard(office, *office.world.notice(), webhook_password=None)


async def test_a_gateways_signature_is_required_as_well(office):
    office.world.add_deal("Big")
    headers, body = office.world.notice()
    signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()

    signed = headers | {"X-Signature-256": f"sha256={signature}"}

    assert len(heard(office, signed, body, gateway_secret=KEY)) == 1
    for spoiled in (headers, signed | {"X-Signature-256": "sha256=" + "0" * 64}):
        with pytest.raises(Untrusted, match="signature"):
            heard(office, spoiled, body, gateway_secret=KEY)
    with pytest.raises(Untrusted):
        heard(office, signed, body + b" ", gateway_secret=KEY)


async def test_our_own_note_on_a_deal_is_no_news(office, crm):
    deal = office.world.add_deal("Big")
    await crm.annotate_deal(Ref("crm", "deal", str(deal)), {"SAP order": "4711"})

    assert heard(office, *office.world.notice()) == []


async def test_a_form_that_names_no_owner_leaves_it_to_the_flow(office, crm):
    deal = office.world.add_deal("Big")
    await crm.annotate_deal(Ref("crm", "deal", str(deal)), {"SAP order": "4711"})

    assert len(heard(office, *office.world.notice(version="1.0"))) == 1


@pytest.mark.parametrize("left_out", ["webhook_owner_id", "user_id"])
async def test_what_does_not_say_who_wrote_it_is_news(office, crm, left_out):
    deal = office.world.add_deal("Big")
    await crm.annotate_deal(Ref("crm", "deal", str(deal)), {"SAP order": "4711"})
    headers, body = office.world.notice()
    told = json.loads(body)
    del told["meta"][left_out]

    assert len(heard(office, headers, json.dumps(told).encode())) == 1


@pytest.mark.usefixtures("crm")
async def test_another_app_that_fills_the_same_field_is_heard(office, version):
    deal, code = office.world.add_deal("Big"), own_field(office)
    change = {"custom_fields": {code: "theirs"}}
    await office.ask("PATCH", f"/api/v2/deals/{deal}", json=change)

    assert len(heard(office, *office.world.notice(version=version))) == 1


@pytest.mark.usefixtures("crm")
async def test_a_person_who_fills_the_same_field_is_heard(office, version):
    deal, code = office.world.add_deal("Big"), own_field(office)
    office.world.change_deal(deal, custom_fields={code: "mine"})

    assert len(heard(office, *office.world.notice(version=version))) == 1


@pytest.mark.usefixtures("crm")
@pytest.mark.parametrize("more", [{"status": "won"}, {"title": "Bigger"}, {"value": 7}])
async def test_our_user_who_changes_more_is_heard(office, version, more):
    deal = office.world.add_deal("Big")
    change = {"custom_fields": {own_field(office): "4711"}, **more}
    token = office.world.settings()["api_token"]
    await office.ask("PATCH", f"/api/v2/deals/{deal}", json=change, token=token)

    assert len(heard(office, *office.world.notice(version=version))) == 1


def own_field(office):
    fields = office.world.company.custom_fields("deal")
    return next(code for code, field in fields.items() if field.name == "SAP order")


async def test_a_merger_names_both(office, version):
    loser, winner = office.world.add_organization("A"), office.world.add_organization("B")
    office.world.merge_organizations(loser, winner)

    changes = office.world.company.changes
    gone = next(n for n, change in enumerate(changes) if change.merged_to)
    (notice,) = heard(office, *office.world.notice(gone, version=version))

    assert notice.ref == Ref("crm", "merge", f"organization/{loser}/{winner}")


async def test_what_we_do_not_read_is_passed_over(office, version):
    organization = office.world.add_organization("Acme")
    await office.ask("POST", "/v1/notes", json={"content": "Hello", "org_id": organization})

    assert heard(office, *office.world.notice(version=version)) == []


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"meta": {"entity": "deal"}}', b"<html>"])
async def test_what_nobody_can_read_is_a_broken_contract(office, body):
    office.world.add_deal("Big")
    headers, _ = office.world.notice()

    with pytest.raises(ContractBroken):
        heard(office, headers, body)


def test_captured_and_printed_webhooks_are_read(shared_payloads, make_office):
    office = make_office()
    hook = Hook(1, "", "*", "*", "", "2.0", 101, 101, "pipedrive", "p" * 40, office.clock())
    office.world.add_deal("Big")
    headers, _ = written(office.world.company, office.world.company.changes[-1], hook)
    seen = {}
    for file in shared_payloads:
        kept = json.loads(file.read_text())
        said = kept.get("body", kept)
        if isinstance(said, dict) and isinstance(said.get("meta"), dict):
            seen[file.name] = heard(office, headers, json.dumps(said).encode())

    assert len(seen) > 30
    assert [n.ref.id for n in seen["change.deal_won_SYNTHETIC.json"]] != []
    assert len(seen["change.deal_echo_of_own_api_write_SYNTHETIC.json"]) == 1  # of its value
    assert seen["change.organization_merged_SYNTHETIC.json"][0].ref.kind == "merge"
