"""The repository works on any machine: no address and no path of the one it was written on."""

import os
import re
from pathlib import Path

import pytest

NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "htmlcov"}
A_PATH_OF_SOMEBODY = re.compile(r"(?<![\w./-])/(?:home|root|Users|work)/\w")
AN_INDEX = re.compile(
    r"(?<!-)--(?:extra-)?index-url|/\+?simple/?(?=[\s\"']|$)|python[h]osted", re.MULTILINE
)
A_PIN = re.compile(r"^[\w.\[\],-]+==[^\s;]+", re.MULTILINE)


def is_ours(folder):
    return folder not in NOT_OURS and not folder.endswith(("_cache", ".egg-info"))


def texts_of(root):
    """Yield every text file of the repository; what tools leave behind is passed over."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if is_ours(name) and name != ".hypothesis"]
        for file in files:
            path = Path(folder, file)
            try:
                yield path.relative_to(root).as_posix(), path.read_text()
            except UnicodeDecodeError:
                continue


def files_with(pattern, texts):
    return [
        f"{name}: {found[0]}" for name, text in texts.items() if (found := pattern.search(text))
    ]


def unhashed(lock):
    """Return the pins of a lock file that carry no hash."""
    entries = re.split(r"\n(?=\S)", lock)
    return [e for e in entries if A_PIN.match(e) and "--hash=sha256:" not in e]


@pytest.fixture(scope="module")
def texts(root):
    return dict(texts_of(root))


def test_no_file_names_a_path_of_one_machine(texts):
    assert files_with(A_PATH_OF_SOMEBODY, texts) == []


def test_no_file_names_a_package_index(texts):
    assert files_with(AN_INDEX, texts) == []


def test_every_pin_of_the_lock_file_carries_a_hash(texts):
    lock = texts["requirements.lock"]

    assert A_PIN.search(lock)
    assert unhashed(lock) == []


@pytest.mark.parametrize("folder", ["home", "root", "Users", "work"])
def test_a_path_of_one_machine_is_noticed(folder):
    assert files_with(A_PATH_OF_SOMEBODY, {"a": f'open("/{folder}/anna/orders.json")'})
    assert not files_with(A_PATH_OF_SOMEBODY, {"a": f"https://example.com/{folder}/anna"})


@pytest.mark.parametrize("option", ["index-url", "extra-index-url"])
def test_a_package_index_is_noticed(option):
    assert files_with(AN_INDEX, {"a": f"--{option} https://pypi.example"})
    assert files_with(AN_INDEX, {"a": "https://pypi.example/{}/".format("simple")})
    assert not files_with(AN_INDEX, {"a": f"uv pip compile --no-emit-{option}"})


def test_a_pin_without_a_hash_is_noticed():
    whole = "anyio==4.0 \\\n    --hash=sha256:00\n    # via httpx\n"

    assert unhashed(whole) == []
    assert unhashed(f"{whole}httpx==0.28 ; python_version > '3'\n    # via b1bridge\n")
