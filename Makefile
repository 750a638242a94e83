# From a fresh machine: `make app` opens the page, `make test` checks everything.

PYTHON ?= python3
PORT ?= 8501
TORCH ?= $(shell grep '^torch==' requirements.lock)
BIN := .venv/bin
SAMPLES_INDEX := build/samples-index
PIP := $(BIN)/python -m pip -qq
FRESH := build/lock/bin/python -m pip -qq
# A pin without the build's label (+cpu): each machine takes the build that its registry gives.
FREEZE := $(FRESH) freeze --all --exclude pip --exclude news-search | sed 's/+.*//'

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install app test browser lint types format lock bench-quick peers screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "make app CORPUS=path   adds your articles (a file or a folder). The samples, which are fiction, have"
	@echo "                       an index of their own. PORT=8501 and NEWS_SEARCH_INDEX=index are the defaults."
	@echo "make install PYTHON=python3.12   chooses the Python, from 3.11 up."
	@echo "make install TORCH=path/to.whl   takes this build of torch, say one without CUDA."

install: .venv/installed ## put news-search and what it needs into .venv

app: install ## open the page on 127.0.0.1: your archive, or where there is none the samples
	@if [ -n "$$CORPUS" ]; then $(BIN)/news-search add "$$CORPUS"; \
	elif [ ! -e "$${NEWS_SEARCH_INDEX:-index}/CURRENT" ]; then \
		export NEWS_SEARCH_INDEX=$(SAMPLES_INDEX); $(BIN)/news-search add --quiet samples/; fi; \
	exec $(BIN)/news-search serve --port "$(PORT)"

test: lint types browser ## check style, imports and types, then run the tests (REQUIRE_BROWSER=1: all of them)
	$(BIN)/pytest -q -rs

browser: ## install Chromium for the tests of the page, where apt-get may
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing chromium" && { apt-get -qq update && \
		DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium fonts-noto-core; } >/dev/null; } || \
		{ echo "There is no chromium to test the page in; try: apt-get install chromium"; \
		[ -z "$$REQUIRE_BROWSER" ]; }

lint: .venv/installed-dev ## check style and which module imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: .venv/installed-dev ## check types
	$(BIN)/mypy

format: .venv/installed-dev ## write the code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## pin the newest versions that pyproject.toml allows
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	$(FRESH) install --upgrade pip
	# First, because a resolve that starts without torch takes its newest build, gigabytes of CUDA.
	$(FRESH) install $(TORCH)
	$(FRESH) install --only-binary :all: . hatchling editables
	$(FREEZE) > build/lock/run
	$(FRESH) install --only-binary :all: --constraint build/lock/run --group dev '.[sign-in]'
	$(FREEZE) | grep -vxFf build/lock/run > build/lock/dev
	sed -i '/^[^#]/d' requirements.lock requirements-dev.lock
	cat build/lock/run >> requirements.lock
	cat build/lock/dev >> requirements-dev.lock

bench-quick: .venv/installed-dev ## print the main ratios of speed, in under three minutes
	$(BIN)/python benchmarks/quick.py

peers: benchmarks/peers/.venv/installed ## install what benchmarks/compare.py holds news-search against

screenshots: .venv/installed-dev browser ## make the pictures of docs/images anew, from samples/
	$(BIN)/python docs/screenshots.py

clean: ## remove .venv and what the tools cached; the index stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find search tests -name __pycache__ -prune -exec rm -rf {} +

# Every step prints one line; the mark comes last, so an interrupted install starts again.
.venv/installed: requirements.lock pyproject.toml | .venv/bin/pip
	@echo "Installing $(TORCH)"
	@$(PIP) install $(TORCH) --constraint requirements.lock
	@echo "Installing the rest of requirements.lock"
	@$(PIP) install --only-binary :all: --requirement requirements.lock
	@echo "Installing news-search"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	@echo "Installing the developer's tools of requirements-dev.lock"
	@$(PIP) install --only-binary :all: --requirement requirements-dev.lock
	@touch $@

# An environment of its own: nothing of it is ever needed by news-search.
benchmarks/peers/.venv/installed: benchmarks/peers/requirements.txt
	@echo "Making $(@D)"
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip -qq install $$(grep '^torch==' $<)
	@$(@D)/bin/python -m pip -qq install --only-binary :all: --requirement $<
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; try: make install PYTHON=python3.12"; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv
