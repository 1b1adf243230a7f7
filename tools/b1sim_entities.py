"""Makes src/b1sim/company/shape/entities.json: names, types and enum codes.

It holds every entity set of the facts with all that hangs on it; which of them b1sim keeps is said
in src/b1sim/company/shape/areas.

Run: B1BRIDGE_SHARED=../shared .venv/bin/python tools/b1sim_entities.py
"""

import json
import os
from pathlib import Path
from typing import Any

OUTPUT = Path("src/b1sim/company/shape/entities.json")


def main() -> None:
    """Write the file anew."""
    folder = Path(os.environ.get("B1BRIDGE_SHARED", "../shared")) / "facts"
    facts = json.loads((folder / "sap-entities.json").read_text(encoding="utf-8"))
    sets = {name: _set(entry) for name, entry in facts["sets"].items()}
    types = _types(facts["types"], [entry["type"] for entry in sets.values()])
    used = {kind for properties in types.values() for kind in properties.values()}
    enums = {name: _codes(rows) for name, rows in facts["enums"].items() if name in used}
    lines = [_block("sets", sets), _block("types", types), _block("enums", enums)]
    OUTPUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _types(known: dict[str, Any], names: list[str]) -> dict[str, dict[str, str]]:
    """Name the properties of the types and of every type that one of them holds."""
    found: dict[str, dict[str, str]] = {}
    while names:
        name = names.pop(0)
        if name in found or name not in known:
            continue
        found[name] = _properties(name, known[name]["props"])
        held = [kind.removeprefix("Collection(").rstrip(")") for kind in found[name].values()]
        names += [kind.removeprefix("SAPB1.") for kind in held if not kind.startswith("Edm.")]
    return found


def _set(entry: dict[str, Any]) -> dict[str, Any]:
    operations = entry["operations"] or []
    actions = [text.rsplit("/", 1)[1] for text in operations if ")/" in text]
    return {
        "type": entry["type"],
        "key": entry["key"],
        "etag": entry["etag"],
        "actions": actions,
        "deletable": not operations or any(text.startswith("DELETE") for text in operations),
    }


def _properties(type_name: str, props: dict[str, Any]) -> dict[str, str]:
    """Name each property as version 1 does, with its version 1 type.

    Version 2 renames a property that equals its type's name (sap-service-layer.md 1.1).
    """
    renamed = {f"{type_name}Property": type_name}
    return {renamed.get(name, name): _type(found) for name, found in props.items()}


def _type(found: dict[str, Any]) -> str:
    return str(found.get("t") or found.get("v1") or found["v2"])


def _codes(rows: list[dict[str, Any]]) -> dict[str, str | None]:
    return {row["name"]: row.get("code") for row in rows}


def _block(name: str, entries: dict[str, Any]) -> str:
    body = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in entries.items())
    return f"{json.dumps(name)}: {{\n{body}\n}}"


if __name__ == "__main__":
    main()
