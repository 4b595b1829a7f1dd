# Set-up, tests and the main job. Needs make and Python 3.11 or later; everything else goes into .venv.
#
#   make demo        the main job: a simulated firm, read, changed and read again
#   make test        the tests, with the branch-coverage gate
#   make check       ruff, mypy, pyright, generated code, the table of faults
#   make test-all    the tests on Python 3.11, 3.12 and 3.13, as far as they are installed
#   make bench       the benchmarks
#   make soak SECONDS=60         long runs, so many seconds in all; with WHOLE=--whole all of them, which takes an hour
#   make replay SEED=7           one run of them again
#   make docs        the API reference, from docstrings, as pages in api-docs/
#   make dist        the wheel and the sdist, in dist/
#   make dist-test   both, installed in environments of their own, and used there
#   make clean       remove what these commands made

.POSIX:
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: demo test check test-all test-on bench soak replay docs dist dist-test clean

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet
SECONDS = 60
WORKERS = 2
WHOLE =
SPEC = ../shared/clio/openapi-2026-04-08.json
FAULTS = ../shared/FAULTS.md
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
	$(BIN)/python -m tests.faults.table --gaps --rows $(FAULTS)
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

# About a quarter of an hour; best on a machine with two cores that nobody else uses. GROUPS=reads measures that alone.
bench: $(VENV)/ready-bench
	$(BIN)/python -m benchmarks $(GROUPS)
	$(BIN)/python -m benchmarks.report --write

# The time is shared among all parts; what they did is in soak.log.
soak: $(VENV)/ready-test
	$(BIN)/python -m tests.soak --seconds $(SECONDS) $(WHOLE)

replay: $(VENV)/ready-test
	$(BIN)/python -m tests.simulation --seed $(SEED)

# api-docs/index.html leads to a page for each package, one for the verbs of each resource, and one for its records.
docs: $(VENV)/ready-docs
	@rm -rf api-docs
	$(BIN)/python -W error -m clio_async._codegen.reference api-docs

dist: $(VENV)/ready-dist
	@rm -rf dist
	$(BIN)/python -m build --outdir dist .

dist-test: dist $(VENV)/ready-test
	$(BIN)/python -m tests.published dist

clean:
	rm -rf .venv .venv-3.* dist api-docs htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

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

$(VENV)/ready-docs: $(VENV)/ready-run
	@$(PIP) install --group docs
	@touch $@

$(VENV)/ready-dist: $(VENV)/ready-run
	@$(PIP) install --group dist
	@touch $@
