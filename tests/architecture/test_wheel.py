"""What is shipped: the wheel has all that the program needs, and none of what only we need."""

import subprocess
import sys
import zipfile

import pytest

TESTS_AND_FIXTURES = ("/tests/", "/fixtures/")


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """Build the wheel, without network."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(  # noqa: S603 - our own interpreter and the build back end of pyproject
        build, cwd=root, check=True, capture_output=True, timeout=120
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def shipped(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_tests_and_fixtures_stay_at_home(shipped):
    assert [name for name in shipped if any(part in name for part in TESTS_AND_FIXTURES)] == []


def test_simulators_migrations_and_type_marks_are_shipped(shipped):
    assert {
        "b1bridge/py.typed",
        "b1sim/py.typed",
        "b1sim/odata/known_names.txt",
        "b1bridge/connectors/bigcommerce/simulator/__init__.py",
        "b1bridge/storage/migrations/env.py",
        "b1bridge/storage/migrations/versions/0001_first_shape.py",
    } <= set(shipped)


def test_every_source_file_but_tests_is_shipped(root, product, shipped):
    sources = {source.path.relative_to(root / "src").as_posix() for source in product}

    assert sources - set(shipped) == set()


def test_what_was_unpacked_works_without_the_checkout(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    # -I leaves out PYTHONPATH and the current folder; the first entry of sys.path wins.
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import b1bridge, b1sim
from b1bridge.cli import main
from b1bridge.connectors import discover
print(b1bridge.__file__, b1sim.__file__, *sorted(discover()))
"""
    said = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-I", "-c", program],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    bridge, sim, *connectors = said.stdout.split()
    assert all(place.startswith(str(tmp_path)) for place in (bridge, sim))
    assert connectors == ["bigcommerce", "pipedrive", "rest", "sap-b1"]
