# The two commands of the README, and those of a contributor. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
PIP_TOOLS := pip-tools==7.6.2
export PYTHONUTF8 := 1

.PHONY: run test check bench lint format build lock clean help

run: $(READY) ## build the atlas and open the dashboard
	@$(BIN)/lanzarote build
	@exec $(BIN)/lanzarote app

# A file of tests at a time: what a file shares, such as a server, is started once. Three workers, since two processors
# stand idle half of the time while two of them wait for browsers.
test: $(READY) ## run the tests; ARGS="-k word" passes options to pytest
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadfile $(ARGS)

check: $(READY) ## validate data, ontology and queries: one line a fault
	@$(BIN)/lanzarote check

bench: $(READY) ## measure build, queries and search
	@$(BIN)/python -m benchmarks $(ARGS)

lint: $(READY) ## style, formatting, types and layers
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(VENV)/layers.txt || { cat $(VENV)/layers.txt; exit 1; }
	@echo "style, types and layers: no fault"

format: $(READY) ## let ruff mend what it can
	@$(BIN)/ruff check --fix --exit-zero --quiet
	@$(BIN)/ruff format --quiet

build: $(READY) ## the wheel and the source archive, in dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist

# Slow, and rarely needed: after a change of the dependencies in pyproject.toml.
lock: ## pin every dependency anew, with hashes, in requirements.lock
	@work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	$(PYTHON) -m venv "$$work/venv"; \
	"$$work/venv/bin/python" -m pip --quiet --quiet install $(PIP_TOOLS); \
	"$$work/venv/bin/pip-compile" --quiet --extra dev --generate-hashes --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file "$$work/lock" pyproject.toml; \
	{ sed '/^#/!Q' requirements.lock; cat "$$work/lock"; } > "$$work/new"; \
	cp "$$work/new" requirements.lock

clean: ## remove everything that a command here can make again
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/make \1\t\2/p' Makefile | expand -t 14

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Lanzarote Atlas needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
			"Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@echo "Installing into $(VENV) (once, and again when requirements.lock or pyproject.toml changes)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
