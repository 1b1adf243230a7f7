"""Writes XML elements with the prefixes as SAP writes them."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, indent, tostring

Node = Element


def node(tag: str, children: Iterable[Node] = (), **attributes: str | None) -> Node:
    """Make an element; `m_HttpMethod` becomes `m:HttpMethod`, and None is left out."""
    named = {n.replace("_", ":", 1): v for n, v in attributes.items() if v is not None}
    made = Element(tag, named)
    made.extend(children)
    return made


def document(root: Node) -> str:
    """Print the whole document, two spaces a level."""
    indent(root, "  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "unicode") + "\n"
