# newsclaims: `make run` serves the graph of the seed articles, `make test` passes the tests.

PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3,$(shell command -v $(p) 2>/dev/null)))
BIN := .venv/bin
STORE ?= store
HOST ?= 127.0.0.1
PORT ?= 8000
PIP := $(BIN)/python -m pip --disable-pip-version-check
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup run test lint train bench lock clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: .venv/.ready ## make .venv with everything in it; the command is then .venv/bin/kg

.venv/.ready: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was expected, none found - install it or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer was expected, found $$("$(PYTHON)" -V 2>&1) at $(PYTHON) - say make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv || { echo "a virtual environment could not be made with $(PYTHON) - install its venv package (Debian: python3-venv)" >&2; exit 1; }
	@echo "installing into .venv (once, a minute or two) ..." >&2
	@$(PIP) install -qq -c constraints.txt --upgrade pip
	@$(PIP) install -qq -c constraints.txt hatchling editables
	@$(PIP) install -qq -c constraints.txt --no-build-isolation -e . --group dev
	@touch $@

run: setup ## build the graph of seeds/ and serve it at http://$(HOST):$(PORT)/
	@$(BIN)/kg build seeds --store $(STORE)
	@$(BIN)/kg reconcile --store $(STORE)
	@exec $(BIN)/kg serve --store $(STORE) --host $(HOST) --port $(PORT)

test: setup ## run the tests
	$(BIN)/python -m pytest -q -n 2 --dist loadscope -m "not bench"

lint: setup ## style, types and the order of imports
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

train: setup ## train the English model anew (installs the training packages; about an hour on two cores)
	@$(PIP) install -qq -c constraints.txt --no-build-isolation -e '.[train]'
	$(BIN)/python -m kg.train

bench: setup ## print figures: quality where ../shared is there, speed on this machine
	$(BIN)/python -m pytest -q -s -m bench tests

lock: setup ## write constraints.txt from what is installed
	@{ sed -n '1,/^[^#]/{/^#/p}' constraints.txt; $(PIP) freeze --all --exclude-editable | LC_ALL=C sort -f; } > build.lock && mv build.lock constraints.txt

clean: ## remove what was built, not .venv
	rm -rf $(STORE) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
