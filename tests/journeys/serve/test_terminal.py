"""A person at a terminal: questions, answers that do not show, Ctrl-C."""

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# The blank after a question is written once the terminal shows no typing any more.
ACCOUNT_TOKEN, SIGNING_SECRET = "API account): ", "signs the notices): "
B1BRIDGE = Path(sys.executable).with_name("b1bridge")

pytestmark = pytest.mark.slow


@pytest.fixture
def terminal(typed, environment):
    """Return a `connect` that waits at its first hidden question, and the terminal it asks in."""
    assert typed("init").exit_code == 0
    ours, theirs = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own command, our own words
        [B1BRIDGE, "connect", "bigcommerce", "shop", "--set", "store_hash=abc", "--no-check"],
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    yield process, ours
    process.kill()
    process.wait()
    os.close(ours)


def read_until(terminal, words):
    """Read what the terminal shows until it shows these words."""
    shown = ""
    while words not in shown:
        assert select.select([terminal], [], [], 60)[0], f"never showed {words!r}: {shown}"
        shown += os.read(terminal, 4096).decode()
    return shown


def test_secrets_are_typed_unseen(terminal, typed):
    process, screen = terminal

    shown = read_until(screen, ACCOUNT_TOKEN)
    os.write(screen, b"t0ken-7f3a\n")
    shown += read_until(screen, SIGNING_SECRET)
    os.write(screen, b"s3cret-91bc\n")
    shown += read_until(screen, "is kept")

    assert process.wait(timeout=60) == 0
    assert "t0ken" not in shown
    assert "s3cret" not in shown
    assert "access_token, client_secret" in typed("connections").output


def test_ctrl_c_at_a_question_keeps_nothing(terminal, typed):
    process, screen = terminal
    read_until(screen, ACCOUNT_TOKEN)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=60) == 130
    assert typed("connections", "--json").output == "[]\n"
