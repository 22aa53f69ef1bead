# OpenMSO: `make` lists what can be done. Everything is set up on first use; only Python 3.11+ and make are needed.
# The newest working interpreter is chosen by running it, not by its name (version-manager shims may be dead).
PY := $(shell for p in $$OPENMSO_PYTHON python3.13 python3.12 python3.11 python3 python; do command -v $$p >/dev/null 2>&1 && $$p -c "import sys,venv,ensurepip;sys.exit(not (3,11)<=sys.version_info[:2]<(3,14))" >/dev/null 2>&1 && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
WORKERS ?= auto
.DEFAULT_GOAL := help
# What one process has compiled the next one finds, also where the shell says otherwise: a suite starts many processes.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n",$$1,$$2}' Makefile

demo: $(VENV)/.run ## build the demo network, run its month, serve it (ARGS="--no-serve --json" for scripts)
	@exec $(BIN)/openmso demo $(ARGS)

up: $(VENV)/.run ## serve what is there: database, migrations, web, worker
	@exec $(BIN)/openmso up $(ARGS)

test: $(VENV)/.dev browser ## run the whole suite, in parallel, browser tests included (ARGS="-k ledger" to narrow)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-15: $(VENV)/.dev browser ## run the suite on the oldest supported PostgreSQL (Debian: apt install postgresql-15)
	@OPENMSO_PG_BIN=/usr/lib/postgresql/15/bin OPENMSO_TEST_HOME=$(CURDIR)/var/test-15 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.dev ## format, lint, types, import rules, migrations, security, generated docs and API description
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/bandit -q -ll -c pyproject.toml -r src
	@$(BIN)/openmso migrate --check
	@$(BIN)/openmso docs --check

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## rewrite docs/generated (state diagrams, module map, API description)
	@$(BIN)/openmso docs

bench: $(VENV)/.bench ## measure against peers and floors in one run (ARGS="x12 ledger" to narrow)
	@$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/.uv ## resolve the dependencies anew into requirements/
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements/run.lock
	@$(BIN)/uv pip compile pyproject.toml --group test --group check $(LOCK) -o requirements/dev.lock
	@$(BIN)/uv pip compile pyproject.toml --group test --group check --group bench $(LOCK) -o requirements/bench.lock
LOCK := --quiet --universal --python-version 3.11 --no-header --no-annotate --generate-hashes --no-emit-index-url

clean: ## remove the virtual environment and the embedded database
	@test ! -x $(BIN)/openmso || $(BIN)/openmso db stop || true
	rm -rf $(VENV) var

browser:
	@sh tests/browser/find_chromium.sh

$(VENV)/.uv: requirements/uv.lock
	@test -n "$(PY)" || { echo "OpenMSO needs Python 3.11, 3.12 or 3.13 with venv; none was found on PATH. Set OPENMSO_PYTHON to one."; exit 1; }
	@echo "Setting up $(VENV) with $$($(PY) --version)" >&2
	@$(PY) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

INSTALL = $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r $(1) || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1)
EDITABLE = $(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e . || $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .

$(VENV)/.run: $(VENV)/.uv requirements/run.lock pyproject.toml
	@$(call INSTALL,requirements/run.lock)
	@$(EDITABLE)
	@touch $@

$(VENV)/.dev: $(VENV)/.uv requirements/dev.lock pyproject.toml
	@$(call INSTALL,requirements/dev.lock)
	@$(EDITABLE)
	@touch $@ $(VENV)/.run

$(VENV)/.bench: $(VENV)/.dev requirements/bench.lock
	@$(call INSTALL,requirements/bench.lock)
	@touch $@

.PHONY: help demo up test test-15 check format docs bench lock clean browser
