"""The checks that the page on callbacks shows take what we sign, and nothing else."""

import base64
import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from b1bridge.sdk.standard_webhooks import headers, key_of

PAGE = (Path(__file__).parents[3] / "docs/reference/callbacks.md").read_text()
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(32)).decode()
BODY = '{"reference":"WEB-1001","name":"Żółć"}'.encode()


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


def in_python(secret, signed, body):
    names = {}
    exec(block("python"), names)  # noqa: S102  # what a reader of the page would do
    return names["is_from_the_hub"](secret, signed, body)


def in_node(secret, signed, body):
    if not shutil.which("node"):
        assert not os.environ.get("CI"), "in CI the page's code for Node must run, not be skipped"
        pytest.skip("node is not installed")
    given = json.dumps([secret, signed, base64.b64encode(body).decode()])
    ask = f"const [s, h, b] = {given}; console.log(isFromTheHub(s, h, Buffer.from(b, 'base64')));"
    done = subprocess.run(  # noqa: S603
        ["node", "--input-type=module", "-e", f"{block('javascript')}\n{ask}"],  # noqa: S607
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    return {"true": True, "false": False}[done.stdout.strip()]


@pytest.fixture(params=[in_python, in_node], ids=["python", "node"])
def check(request):
    return request.param


def signed(secret=SECRET, ago=0):
    now = datetime.now(UTC) - timedelta(seconds=ago)
    return headers(key_of(secret), "msg_1", BODY, now)


def test_what_we_sign_is_taken(check):
    assert check(SECRET, signed(), BODY)


def test_one_signature_that_fits_is_enough(check):
    both = signed() | {
        "webhook-signature": f"{signed(OTHER)['webhook-signature']} {signed()['webhook-signature']}"
    }

    assert check(SECRET, both, BODY)


def test_another_body_another_secret_and_another_hour_are_not(check):
    assert not check(SECRET, signed(), BODY + b" ")
    assert not check(SECRET, signed(OTHER), BODY)
    assert not check(SECRET, signed(ago=400), BODY)
    assert not check(SECRET, signed() | {"webhook-id": "msg_2"}, BODY)
    assert not check(SECRET, signed() | {"webhook-signature": "v1,"}, BODY)
