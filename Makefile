# Everything a newcomer needs; each target sets itself up with only Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv does in seconds what takes pip most of a minute; neither needs the other.
ifneq ($(shell uv --version 2>/dev/null),)
INSTALL := uv pip install --quiet --python $(BIN)/python --compile-bytecode
else
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
endif
# Many tests start processes; without kept bytecode each of them compiles all of src anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test lint types contracts unit bench lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.ready  ## make .venv and install what requirements.lock names

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "b1bridge needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## the main job: shop orders become SAP documents, proved to the cent
	$(BIN)/b1bridge demo

test: setup lint types contracts unit  ## lint, types, import contracts and all tests

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

# On a busy machine mypy's workers may start later than it waits for them: that ends with 2, and it goes alone.
types: setup
	$(BIN)/mypy --num-workers 2 || { test $$? -eq 2 && $(BIN)/mypy; }

contracts: setup
	$(BIN)/lint-imports --no-cache

# Nearly half of the time is spent waiting for processes, sockets and databases: two workers a core.
unit: setup
	$(BIN)/pytest -n 4 --dist worksteal

bench: setup  ## measure speed and memory; prints figures, asserts nothing
	$(BIN)/python -m bench

lock:  ## pin the dependencies again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev --no-header --no-emit-index-url pyproject.toml --output-file requirements.lock

clean:  ## remove what the other targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
