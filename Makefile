# Set-up, tests and the main job. Needs make and Python 3.11 or later; everything else goes into .venv.
#
#   make demo        the main job: a simulated firm, read, changed and read again
#   make test        the tests, with the branch-coverage gate
#   make check       ruff, mypy, pyright, generated code
#   make test-all    the tests on Python 3.11, 3.12 and 3.13, as far as they are installed
#   make bench       the benchmarks
#   make soak SECONDS=60         long runs: so many seconds each; with WHOLE=--whole all of it, which takes most of an hour
#   make clean       remove what these commands made

.POSIX:
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: demo test check test-all test-on bench soak clean

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
SECONDS = 60
WORKERS = 2
WHOLE =
SPEC = ../shared/clio/openapi-2026-04-08.json
VERSIONS = 3.11 3.12 3.13

demo: $(VENV)/ready-run
	$(BIN)/clio-async demo

# The simulation runs every order of events: measuring it would cost as long again and cover nothing else.
test: $(VENV)/ready-test
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --ignore=tests/simulation
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -m pytest -n $(WORKERS) tests/simulation

check: $(VENV)/ready-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	@if [ -f $(SPEC) ]; then \
	    echo "$(BIN)/python -m clio_async._codegen $(SPEC) --check" && \
	    $(BIN)/python -m clio_async._codegen $(SPEC) --check; \
	else \
	    echo "generated code not compared: $(SPEC) is not here (make check SPEC=path/to/openapi.json)"; \
	fi

# Each version gets its own environment. One that is not installed is named at the end and is no failure.
test-all:
	@missing= failed=; \
	for version in $(VERSIONS); do \
	    found=; \
	    for python in python$$version "$(HOME)"/.pyenv/versions/$$version.*/bin/python; do \
	        if "$$python" -c "import ensurepip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$$version')" 2>/dev/null; \
	        then found=$$python; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then missing="$$missing $$version"; continue; fi; \
	    echo "== Python $$version: $$found"; \
	    $(MAKE) --no-print-directory test-on VENV=.venv-$$version PYTHON="$$found" || failed="$$failed $$version"; \
	done; \
	if [ -n "$$missing" ]; then echo "NOT TESTED, no such Python here:$$missing"; fi; \
	if [ -n "$$failed" ]; then echo "FAILED on Python:$$failed"; exit 1; fi

test-on: $(VENV)/ready-test
	$(BIN)/python -m pytest

# Every module of benchmarks/ that can be run, one after the other.
bench: $(VENV)/ready-bench
	@for file in $$(grep -l '^if __name__ == "__main__":' benchmarks/*.py); do \
	    module=benchmarks.$$(basename "$$file" .py); \
	    echo "== $$module"; $(BIN)/python -m $$module || exit 1; \
	done

soak: $(VENV)/ready-test
	$(BIN)/python -m tests.soak --seconds $(SECONDS)
	$(BIN)/python -m tests.soak --writers --seconds $(SECONDS)
	@for part in threads forks async-forks sqlite redis limiters; do \
	    $(BIN)/python -m tests.soak --part $$part --seconds $(SECONDS) $(WHOLE) || exit 1; \
	done

clean:
	rm -rf .venv .venv-3.* dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

# What is installed: enough to run, and more to test and to measure. It is done again when pyproject.toml changes.

$(VENV)/ready-run: pyproject.toml
	@python="$(PYTHON)"; \
	for name in python3 python3.13 python3.12 python3.11 python; do \
	    if [ -n "$$python" ]; then break; fi; \
	    if $$name -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "No Python >= 3.11 with the venv module was found. Name one: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "setting up $(VENV) with $$python"; \
	"$$python" -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@$(PIP) install --editable '.[httpx2,cli]'
	@touch $@

# Some tests run the linter and the type checkers, too.
$(VENV)/ready-test: $(VENV)/ready-run
	@$(PIP) install --group test --group check
	@touch $@

$(VENV)/ready-bench: $(VENV)/ready-run
	@$(PIP) install --group bench
	@touch $@
