# Two commands do all the set-up: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3.11
PYTHON := $(shell command -v $(PYTHON) || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test faults fixture test-browser screenshots lint format docs site lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv from requirements.lock

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (about a minute, once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11 to 3.13 is needed; name one with: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) ## run the pipeline on data/raw/sample and show what came out
	@$(BIN)/onrecord run data/raw/sample

# Where the environment says that nothing compiled is to be kept, each of its processes would compile all anew.
test: $(READY) ## run the test suite
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

test-browser: $(READY) ## run the tests of the explorer in Chromium, which has to be installed
	@$(BIN)/python -m pytest -m browser tests/browser

screenshots: $(READY) ## take docs/images/*.png of the explorer over the sample, in Chromium
	@test -e data/processed/onrecord.duckdb || $(BIN)/onrecord run data/raw/sample
	@$(BIN)/python -m tests.browser.screenshots data/processed docs/images

lint: $(READY) ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(READY) ## format the code and fix what can be fixed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

faults: $(READY) ## kill runs, fill their disk, cut their power, hundreds of times (an hour)
	@$(BIN)/python -W ignore -m tests.faults --kills 200 --commands 10 --failures 50 --cuts 50 --stops 20 --articles 500
	@$(BIN)/python -W ignore -m tests.faults.readers --commits 100 --queries 1000

fixture: $(READY) ## keep a lake of this version's schema for the tests of later ones
	@$(BIN)/python tests/fixtures/lakes/make.py

docs: $(READY) ## write the pages anew that are made from schemas/: the data dictionary and SQL
	@$(BIN)/python -m schemas.dictionary
	@$(BIN)/python -m schemas.cookbook

site: $(READY) ## build the documentation into site/, the notebook run on the sample lake
	@test -e data/processed/onrecord.duckdb || $(BIN)/onrecord run data/raw/sample
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "site/index.html"

lock: ## resolve requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--extra dev pyproject.toml -o requirements.lock

clean: ## remove the environment, the lake and caches
	rm -rf $(VENV) site .cache data/processed/* .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
