"""Reads what SAP answers to a batch, in each of its recorded layouts (sap-service-layer.md 5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import httpx

_BOUNDARY = re.compile(r'boundary\s*=\s*"?([^";\s]+)"?', re.IGNORECASE)
_FIRST_LINE = re.compile(rb"\s*--([^\r\n]+?)\s*\r?\n")
_STATUS = re.compile(rb"^HTTP/\d(?:\.\d)?[ \t]+(\d{3})[^\r\n]*\r?\n?", re.MULTILINE)
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one part says; `content_id` is empty where SAP leaves it out, as for failures."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    content_id: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the operation was done."""
        return httpx.codes.is_success(self.status)


@dataclass(frozen=True, slots=True)
class Group:
    """The answer to one step: one answer, or those of a change set that was done."""

    answers: tuple[Answer, ...]
    is_change_set: bool


@dataclass(frozen=True, slots=True)
class BatchReply:
    """All that was answered; not `whole` when the reply broke off before its end."""

    groups: tuple[Group, ...]
    whole: bool


def read_reply(content_type: str, body: bytes) -> BatchReply:
    """Take a reply apart; line ends of any kind, Content-IDs in either head, or none at all."""
    parts, whole = _parts(content_type, body)
    groups: list[Group] = []
    for part in parts:
        group = _group(part)
        if group is None:
            return BatchReply(tuple(groups), whole=False)
        groups.append(group)
    return BatchReply(tuple(groups), whole)


def _group(part: bytes) -> Group | None:
    head = _headers(_until_blank(part))
    kind = head.get("content-type", "")
    if not kind.lower().startswith("multipart/"):
        answer = _answer(part)
        return None if answer is None else Group((answer,), is_change_set=False)
    parts, whole = _parts(kind, _after_blank(part))
    answers = [_answer(inner) for inner in parts]
    read = tuple(answer for answer in answers if answer is not None)
    return Group(read, is_change_set=True) if whole and len(read) == len(answers) else None


def _parts(content_type: str, body: bytes) -> tuple[list[bytes], bool]:
    """Split at the boundary, which a header or else the first line names."""
    named = _BOUNDARY.search(content_type)
    first = _FIRST_LINE.match(body)
    mark = named[1].encode() if named else first[1] if first else b""
    if not mark:
        return [], False
    pieces = _after_each(b"--" + mark, body)
    whole = bool(pieces) and pieces[-1].startswith(b"--")
    return [piece.lstrip(b"\r\n") for piece in (pieces[:-1] if whole else pieces)], whole


def _after_each(mark: bytes, body: bytes) -> list[bytes]:
    """Return what follows each mark that begins a line, without the line end before the next.

    A pattern that begins with the line end would take longer than SAP does on large replies.
    """
    found = [(_line_of(one.start(), body), one) for one in re.finditer(re.escape(mark), body)]
    at_begin = [(line, one.end()) for line, one in found if not body[line : one.start()].strip()]
    ends = [*(line for line, _ in at_begin[1:]), None]
    pieces = [body[begin:end] for (_, begin), end in zip(at_begin, ends, strict=False)]
    return [piece.removesuffix(b"\n").removesuffix(b"\r") for piece in pieces]


def _line_of(place: int, body: bytes) -> int:
    return body.rfind(b"\n", 0, place) + 1


def _answer(part: bytes) -> Answer | None:
    found = _STATUS.search(part)
    if found is None:
        return None
    outside, rest = _headers(part[: found.start()]), part[found.end() :]
    bare = rest.startswith((b"\r\n", b"\n"))
    inside = {} if bare else _headers(_until_blank(rest))
    content = rest if bare else _after_blank(rest)
    content_id = outside.get("content-id") or inside.get("content-id", "")
    return Answer(int(found[1]), inside, content.strip(), content_id)


def _until_blank(text: bytes) -> bytes:
    found = _BLANK.search(text)
    return text[: found.start()] if found else text


def _after_blank(text: bytes) -> bytes:
    found = _BLANK.search(text)
    return text[found.end() :] if found else b""


def _headers(head: bytes) -> dict[str, str]:
    return dict(_pairs(head))


def _pairs(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode("latin-1").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()
