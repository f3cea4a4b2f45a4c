# `make` alone lists the targets. `make run` and `make test` need git, make and Python 3.11 or later.

PYTHON ?= python3
VENV ?= .venv
# Twice as many as two processors can work on: tests of whole servers mostly wait.
TEST_WORKERS ?= 4
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install --no-compile

# Each stamp stands for something installed; make compares it with the files it was made from.
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
DOCS := $(VENV)/.docs
PROJECT := $(VENV)/.project
COMPILED := $(VENV)/.compiled

# pip compiles nothing; what is imported is compiled once and kept, or every start would pay again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test fmt lint types unit bench fuzz mutants docs lock build browser clean
.DELETE_ON_ERROR:

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  PYTHON=python3.13 VENV=.venv-3.13 make ...    another Python, in an environment of its own"

run: $(PROJECT) ## Serve a demo shop on http://127.0.0.1:8000, with a PostgreSQL of its own
	@grep -qs '^ *ECOMMERCE_DEMO=' .env || export ECOMMERCE_DEMO="$${ECOMMERCE_DEMO:-1}"; \
	exec $(BIN)/ecommerce serve --prepare

# step,<what>,<command>: a line for what passes, everything it said for what does not.
define step
	@from=$$(date +%s); if said=$$($(2) 2>&1); \
	then printf '  ok      %-28s %3s s\n' '$(1)' $$(($$(date +%s) - from)); \
	else printf '%s\n  FAILED  %s: %s\n' "$$said" '$(1)' '$(2)'; exit 1; fi
endef

BANDIT := $(BIN)/bandit --quiet --configfile pyproject.toml --recursive src migrations

test: $(DEV) $(PROJECT) ## Formatting, lint, types, import contracts and every test
	$(call step,formatting,$(BIN)/ruff format --check --quiet --output-format concise .)
	$(call step,lint,$(BIN)/ruff check --quiet .)
	$(call step,import contracts,$(BIN)/lint-imports)
	@# These are looked at meanwhile: tests of whole servers leave the processors time for it.
	@# And the first time, everything is compiled before there are workers that would each do it.
	@said=$$(mktemp); trap 'rm -f "$$said"' EXIT; \
	{ $(BIN)/mypy && $(BANDIT); } > "$$said" 2>&1 & meanwhile=$$!; \
	[ -e $(COMPILED) ] || { $(BIN)/pytest -q --collect-only > /dev/null 2>&1; touch $(COMPILED); }; \
	$(BIN)/pytest -q -n $(TEST_WORKERS) --dist loadscope --no-loadscope-reorder; tests=$$?; \
	if wait $$meanwhile; then printf '  ok      types, security lint\n'; \
	else cat "$$said"; printf '  FAILED  %s && %s\n' '$(BIN)/mypy' '$(BANDIT)'; exit 1; fi; exit $$tests

fmt: $(DEV) ## Format the code and mend what lint can mend
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lint: $(DEV) $(PROJECT) ## Formatting, lint and import contracts
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BANDIT) && $(BIN)/lint-imports

types: $(DEV) $(PROJECT) ## mypy --strict
	@$(BIN)/mypy

unit: $(DEV) $(PROJECT) ## The tests that need no database
	@$(BIN)/pytest -q tests/unit

bench: $(DEV) $(PROJECT) ## Measure searches, listings, the cache, imports, logins and writes
	@$(BIN)/python -m benchmarks

fuzz: $(DEV) $(PROJECT) ## Send 20,000 made-up requests to every operation (CASES=100000: more)
	@FUZZ_CASES=$(or $(CASES),20000) $(BIN)/pytest -q -s tests/e2e/test_fuzz.py

mutants: $(DEV) $(PROJECT) ## Change identity, money and stock code here and there: do tests notice?
	@$(BIN)/mutmut run --max-children 2 > mutants.log; \
	$(BIN)/mutmut export-cicd-stats > /dev/null && $(BIN)/python -c 'import json; \
	s = json.load(open("mutants/mutmut-cicd-stats.json")); \
	print("%d of %d noticed: %.1f %%; the others: mutmut results" % \
	(s["killed"], s["total"], 100 * s["killed"] / s["total"]))'

docs: $(DOCS) ## Build the documentation, API reference included, into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --clean
	@$(BIN)/ecommerce openapi --output site/reference/openapi.json
	@cp src/ecommerce/entrypoints/http/service/swagger_ui/swagger-ui* site/reference/
	@echo "site/index.html"

build: $(RUN) ## Build the wheel into dist/
	@$(BIN)/python -m hatchling build --target wheel

browser: ## Say how to get the browser that one test drives
	@echo "Debian, Ubuntu: apt-get install chromium    macOS: brew install --cask chromium"
	@echo "Elsewhere: CHROMIUM=/path/to/chromium make test"

lock: $(BIN)/python ## Pin what pyproject.toml asks for (UPGRADE=1: newest versions)
	@$(PIP) uv
	@$(MAKE) --no-print-directory $(addprefix lock-,dev docs run production build)

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate $(if $(UPGRADE),--upgrade)
AS_DEV = --constraint requirements/dev.txt

.PHONY: lock-dev lock-docs lock-run lock-production lock-build
lock-dev:
	$(LOCK) --extra dev pyproject.toml --output-file requirements/dev.txt
lock-docs:
	$(LOCK) $(AS_DEV) --extra docs pyproject.toml --output-file requirements/docs.txt
lock-run:
	$(LOCK) $(AS_DEV) --extra embedded pyproject.toml --output-file requirements/run.txt
lock-production:
	$(LOCK) $(AS_DEV) pyproject.toml --output-file requirements/production.txt
lock-build:
	printf 'hatchling>=1.27\neditables\n' | $(LOCK) $(AS_DEV) - --output-file requirements/build.txt

clean: ## Remove what was made, except the shop's data and .env
	@rm -rf $(VENV) dist build site mutants mutants.log .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c '' 2> /dev/null || { \
	  echo "error: $(PYTHON) was not found or does not run. Install Python 3.11 or later, or name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: $(PYTHON) is $$($(PYTHON) -V 2>&1), and 3.11 or later is needed. Name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
	  echo "error: $(PYTHON) comes without the venv and ensurepip modules. Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv --clear $(VENV)

# The locks are complete, so pip has nothing to resolve: --no-deps.
$(RUN): requirements/run.txt requirements/build.txt $(BIN)/python
	@echo "installing the pinned dependencies"
	@$(PIP) --no-deps --require-hashes -r requirements/run.txt -r requirements/build.txt
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "installing the development tools"
	@$(PIP) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

$(DOCS): requirements/docs.txt $(PROJECT)
	@echo "installing the documentation tools"
	@$(PIP) --no-deps --require-hashes -r requirements/docs.txt
	@touch $@

$(PROJECT): pyproject.toml $(RUN)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
