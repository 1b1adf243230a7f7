"""Every block of the page about the client runs as it stands, in both versions."""

import ast
import inspect
import re
from pathlib import Path

import httpx
import pytest

from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.client.settings import ClientSettings
from b1sim.world import World

PAGE = Path(__file__).parents[5] / "docs" / "how-to" / "use-the-client.md"
BLOCKS = re.findall(
    r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)


async def run(block, names):
    compiled = compile(block, str(PAGE), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    running = eval(compiled, names)  # noqa: S307
    if inspect.isawaitable(running):
        await running


@pytest.mark.anyio
@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_every_block_after_the_first_runs_in_its_order(version, capsys):
    assert len(BLOCKS) > 8
    with World() as world:
        settings = ClientSettings(**world.settings(), version=version)
        transport = world.transport()
        async with httpx.AsyncClient(transport=transport, base_url=settings.url) as line:
            sap = ServiceLayer(line, settings)
            names = {"sap": sap, "item_code": world.company.query("Items", limit=1)[0]["ItemCode"]}
            for block in BLOCKS[1:]:
                await run(block, names)
            await sap.close()
        partners = {row["CardCode"] for row in world.company.query("BusinessPartners")}

    said = capsys.readouterr().out
    assert {"X100", "X101", "X102"} <= partners
    assert names["sent"] == {"EmailAddress": "anna@example.com"}
    assert "order" in said
    assert "The business partner does not exist" in said


def test_the_first_block_opens_the_line_of_the_simulators_own_company(monkeypatch, capsys):
    with World() as world:
        monkeypatch.setattr(
            "b1bridge.connectors.sap_b1.client.alone.open_line",
            lambda settings: httpx.AsyncClient(
                transport=world.transport(), base_url=settings.service_root
            ),
        )
        exec(compile(BLOCKS[0], str(PAGE), "exec"), {})  # noqa: S102

    assert len(capsys.readouterr().out.splitlines()) == 3
