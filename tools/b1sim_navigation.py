"""Makes src/b1sim/odata/reading/navigation.json: the navigation properties of each entity set.

Run: B1BRIDGE_SHARED=../shared .venv/bin/python tools/b1sim_navigation.py
"""

import json
import os
from pathlib import Path

OUTPUT = Path("src/b1sim/odata/reading/navigation.json")


def main() -> None:
    """Write the file anew."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "facts"
    facts = json.loads((folder / "sap-entities.json").read_text(encoding="utf-8"))
    found = {name: entry["expandable"] for name, entry in facts["sets"].items()}
    lines = [f"{json.dumps(name)}: {json.dumps(names)}" for name, names in found.items() if names]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
