"""Looks at a connection: token, fields, webhooks, and what is left of the day."""

from __future__ import annotations

from collections.abc import AsyncIterator

from b1bridge.connectors.pipedrive.account import Company
from b1bridge.connectors.pipedrive.budget import SYSTEM
from b1bridge.connectors.pipedrive.fields import KEYS
from b1bridge.connectors.pipedrive.operations import ME
from b1bridge.connectors.pipedrive.settings import Settings
from b1bridge.connectors.pipedrive.subscriptions import Subscriptions
from b1bridge.connectors.pipedrive.webhooks import SUBJECTS
from b1bridge.connectors.pipedrive.wire import WireUser
from b1bridge.errors import BridgeError, ConnectionBroken
from b1bridge.sdk.connector import Finding
from b1bridge.sdk.doctor import sick, well
from b1bridge.sdk.door import look_at_the_door
from b1bridge.sdk.reading import read


async def look(company: Company, settings: Settings) -> AsyncIterator[Finding]:
    """Yield findings; without a company that answers, nothing further is asked."""
    try:
        answer = await company.client.call(ME)
    except ConnectionBroken as exc:
        yield sick("token", str(exc), "enter an API token of this company, or install the app anew")
        return
    except BridgeError as exc:
        yield sick("company", str(exc), "check api_url and this machine's way to the internet")
        return
    user = read(WireUser, answer.get("data"), system=SYSTEM, record="our user")
    yield well("token", f"we write as {user.name} (user {user.id}) in {user.company_name}")
    try:
        yield await _fields(company)
        yield await _budget(company)
        async for finding in _webhooks(company, settings):
            yield finding
    except BridgeError as exc:
        yield sick("company", str(exc), "Pipedrive stopped answering; look again later")


async def _fields(company: Company) -> Finding:
    found = await company.fields.codes(KEYS.values())
    absent = [one.name for one in KEYS.values() if one not in found]
    if absent:
        fix = f"run `b1bridge provision {company.connection}`"
        return sick("custom fields", f"missing: {', '.join(absent)}", fix)
    return well("custom fields", "our keys have their fields")


async def _budget(company: Company) -> Finding:
    report = await company.client.budget.report()
    text = f"{report.used} of {report.daily} tokens used, {report.forecast} expected by midnight"
    if report.is_high or report.forecast > report.daily:
        return sick("budget", text, "look less often, load less, or book more seats or tokens")
    return well("budget", text)


async def _webhooks(company: Company, settings: Settings) -> AsyncIterator[Finding]:
    if not settings.webhook_url:
        yield well("webhooks", "polled only: changes are found when a sync looks")
        return
    yield await look_at_the_door(company.client.http, settings.webhook_url)
    there = await Subscriptions(company, settings).subscriptions()
    ours = {one.subject for one in there if one.destination == settings.webhook_url and one.active}
    absent = [subject for subject in SUBJECTS if subject not in ours]
    if absent:
        fix = f"run `b1bridge webhooks register {company.connection}`"
        yield sick("webhooks", f"not registered: {', '.join(absent)}", fix)
    else:
        yield well("webhooks", f"registered for {', '.join(SUBJECTS)}")
