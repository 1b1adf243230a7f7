"""Accounts in the books that may be one and the same customer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from b1bridge.domain.customers import BusinessPartner, normalised_email
from b1bridge.domain.matching import name_words


@dataclass(frozen=True, slots=True)
class Cluster:
    """Accounts that share what customers are known by; `keep` is the one to relink to."""

    keep: str
    shared: tuple[str, ...]
    partners: tuple[BusinessPartner, ...]


def clusters_of(partners: Iterable[BusinessPartner]) -> list[Cluster]:
    """Return accounts that share a tax id, an e-mail, or phone with name; the largest first."""
    every = {partner.code: partner for partner in partners}
    sharing = defaultdict[str, list[str]](list)
    for partner in every.values():
        for fact in facts_of(partner):
            sharing[fact].append(partner.code)
    root = {code: code for code in every}
    for codes in sharing.values():
        for code in codes[1:]:
            root[_root(root, code)] = _root(root, codes[0])
    groups = defaultdict[str, list[BusinessPartner]](list)
    for code, partner in every.items():
        groups[_root(root, code)].append(partner)
    found = [_cluster(group, sharing) for group in groups.values() if len(group) > 1]
    return sorted(found, key=lambda one: (-len(one.partners), one.keep))


def facts_of(partner: BusinessPartner) -> Iterator[str]:
    """Yield what this account may share with another, in words."""
    email = normalised_email(partner.email)
    if email:
        yield f"e-mail {email}"
    if partner.tax_id:
        yield f"tax id {partner.tax_id}"
    name = " ".join(sorted(name_words(partner.name)))
    if name:
        yield from (f"phone {phone} with name {name}" for phone in partner.phones)


def _root(root: dict[str, str], code: str) -> str:
    while root[code] != code:
        root[code] = root[root[code]]
        code = root[code]
    return code


def _cluster(group: list[BusinessPartner], sharing: dict[str, list[str]]) -> Cluster:
    facts = dict.fromkeys(fact for partner in group for fact in facts_of(partner))
    shared = tuple(fact for fact in facts if len(sharing[fact]) > 1)
    ordered = sorted(group, key=lambda one: (one.frozen, not one.balance, one.code))
    return Cluster(ordered[0].code, shared, tuple(ordered))
