"""Makes src/b1sim/odata/edmx/facts.json: what `$metadata` says beyond names and types.

Numbers of enum members where they are not simply counted up, which types are open, the bound
operations and the signatures of the services.

Run: B1BRIDGE_SHARED=../shared .venv/bin/python tools/b1sim_edmx.py
"""

import json
import os
from pathlib import Path
from typing import Any

OUTPUT = Path("src/b1sim/odata/edmx/facts.json")


def main() -> None:
    """Write the file anew."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "facts"
    facts = json.loads((folder / "sap-entities.json").read_text(encoding="utf-8"))
    parts = {
        "numbers": {name: found for name, rows in facts["enums"].items() if (found := _odd(rows))},
        "open": sorted(name for name, found in facts["types"].items() if found["open"]),
        "bound": facts["bound_actions"],
        "services": facts["services"],
    }
    lines = [f"{json.dumps(name)}: {_printed(part)}" for name, part in parts.items()]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _odd(rows: list[dict[str, Any]]) -> list[int] | None:
    """Name the numbers of version 2 where they are not simply counted."""
    numbers = [int(row["v2"]) for row in rows if row.get("v2") is not None]
    return None if numbers == list(range(len(rows))) or len(numbers) < len(rows) else numbers


def _printed(part: Any) -> str:
    if isinstance(part, list):
        return json.dumps(part)
    return "{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in part.items()) + "\n}"


if __name__ == "__main__":
    main()
