"""Rules of what is hidden: shapes stay, equal stays equal, keys never meet, forms never break."""

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from b1sim.recording.pseudonyms import Pseudonyms
from b1sim.recording.redaction import Redaction

NAMES = Pseudonyms(b"a secret of tests")
REDACTION = Redaction(NAMES)
HIDING = Redaction(NAMES, hide_amounts=True)
CODES = st.text(alphabet="ABCabc0123-_", min_size=4, max_size=20)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def kind_of(sign):
    return "digit" if sign.isdecimal() else "letter" if sign.isalnum() else sign


def hidden(kind, body, redaction=REDACTION):
    return redaction.message([("Content-Type", kind)], body.encode(), len(body)).body


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=80))
def test_a_pseudonym_has_the_shape_of_what_it_stands_for(value):
    assert list(map(kind_of, NAMES.hidden(value))) == list(map(kind_of, value))


@given(CODES, CODES)
def test_two_keys_never_meet(one, other):
    assume(one != other)

    assert NAMES.hidden(one) != NAMES.hidden(other)


@given(CODES, st.integers(1, 20))
def test_keys_that_begin_alike_still_begin_alike(code, length):
    assert NAMES.hidden(code).startswith(NAMES.hidden(code[:length]))


@given(st.dictionaries(st.text(), JSON))
def test_json_stays_json_with_the_same_members_in_the_same_order(body):
    written = hidden("application/json", json.dumps(body, indent="\t"))

    def shape(value):
        if isinstance(value, dict):
            return {name: shape(item) for name, item in value.items()}
        return [shape(item) for item in value] if isinstance(value, list) else type(value)

    names = {"passw", "secret", "token", "credential", "apikey", "api_key"}
    assume(not any(word in json.dumps(body).lower() for word in names))
    found = json.loads(written)
    assert shape(found) == shape(body)
    assert list(found) == list(body)


@given(st.binary(max_size=300), st.sampled_from(["application/json", "multipart/mixed;boundary=b"]))
def test_any_bytes_are_taken(body, kind):
    message = REDACTION.message([("Content-Type", kind)], body, len(body))

    assert message.body is not None or message.left_out == len(body)


@given(st.text(max_size=100))
def test_any_target_is_taken(target):
    assert isinstance(REDACTION.target("/b1s/v2/" + target), str)


@pytest.mark.parametrize(
    "kept",
    [
        "tYES",
        "cCustomer",
        "2026-11-20",
        "2026-11-20T00:00:00Z",
        "20261120",
        "16:00:00",
        "EUR",
        "01",
        "Orders",
        "_SYS00000000101",
    ],
)
def test_what_a_replay_needs_is_kept(kept):
    assert NAMES.text(kept, "Anything") == kept


@pytest.mark.parametrize("name", ["CardName", "FirstName", "Phone1", "Street", "E_Mail", "Remarks"])
def test_short_texts_about_people_are_hidden_all_the_same(name):
    assert NAMES.text("Eva", name) != "Eva"


@pytest.mark.parametrize(
    ("target", "secret"),
    [
        ("/b1s/v2/BusinessPartners('C20000')", "C20000"),
        ("/b1s/v2/BusinessPartners(%27C20000%27)", "C20000"),
        ("/b1s/v2/BusinessPartners(CardCode='C20000')", "C20000"),
        ("/b1s/v2/Items?$filter=ItemName%20eq%20'Anvil'", "Anvil"),
        ("/b1s/v2/Items?$filter=startswith(ItemName,'Anv''il')", "Anv"),
        ("/b1s/v2/ContactEmployees?$filter=FirstName eq 'Eva'", "Eva"),
        ("/b1s/v2/SQLQueries('q')/List?name='Miller'", "Miller"),
        ("/b1s/v2/Attachments2(3)/$value?filename=miller.pdf", "miller"),
    ],
)
def test_literals_of_a_url_are_hidden_and_join(target, secret):
    assert secret not in REDACTION.target(target)


def test_a_key_with_a_quote_or_a_slash_stays_one_key():
    found = REDACTION.target("/b1s/v2/Items('AB%2FCD''EF')?$select=ItemCode")

    assert re.fullmatch(
        r"/b1s/v2/Items\('[A-Z]{2}%2F[A-Z]{2}%27%27[A-Z]{2}'\)\?\$select=ItemCode", found
    )


def test_a_number_that_a_client_sends_as_text_is_an_amount():
    body = json.dumps({"CreditLimit": "98765.43", "Phone1": "98765432"})

    kept, hides = (json.loads(hidden("application/json", body, r)) for r in (REDACTION, HIDING))

    assert kept["CreditLimit"] == "98765.43"
    assert hides["CreditLimit"] != "98765.43"
    assert kept["Phone1"] != "98765432"


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("No matching records found (ODBC -2028)", True),
        ("1320000140 - Business partner code must be unique", True),
        ("Invalid BP code  [OPDN.CardCode][line: 1]", True),
        ("Quantity of item I-100 falls below zero", False),
        ("Send it to eva@example.com", False),
    ],
)
def test_refusals_keep_sap_s_numbers_and_hints_only(sentence, kept):
    body = json.dumps({"error": {"code": "-10", "message": sentence}})

    assert (json.loads(hidden("application/json", body))["error"]["message"] == sentence) is kept


@pytest.mark.parametrize(
    ("kind", "body", "written"),
    [
        ("text/plain", "42", "42"),
        (
            "text/html",
            "<html><title>502 Proxy Error</title>at sap.acme.com",
            "<title>502 Proxy Error</title>",
        ),
        ("application/xml", "<edmx/>", None),
        ("application/pdf", "%PDF", None),
    ],
)
def test_what_is_no_json_is_kept_where_it_says_nothing(kind, body, written):
    assert hidden(kind, body) == written
