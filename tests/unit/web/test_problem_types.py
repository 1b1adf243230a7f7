"""Kinds of problems are told apart by names that stay."""

import re

from b1bridge.web.problem_types import ALL


def test_every_kind_has_a_name_of_its_own():
    names = [kind.slug for kind in ALL]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_every_kind_is_a_refusal_that_says_the_way_out():
    for kind in ALL:
        assert 400 <= kind.status < 600, kind.slug
        assert kind.title[0].isupper(), kind.slug
        assert kind.cure.endswith("."), kind.slug
        assert kind.urn == f"urn:b1bridge:problem:{kind.slug}"
