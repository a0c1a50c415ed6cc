# Two commands on a fresh machine with Python 3.11, make and git: `make audit` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/dev.txt
LOADING := .venv-load
ASKING := .venv-parts
READY := $(VENV)/.ready

# The tests start hundreds of processes: each module is compiled once, whatever the caller's settings.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help site assets audit review test slow quick lint docs real bench national load parts ratios conformance nights kill fuzz study markup lock clean setup

help:
	@echo "make audit   set up, make a force of 20,000 incidents, audit it, print the summary and the report's path"
	@echo "make review  a made-up audit with a drawn sample in the review room, with people of every role, served here"
	@echo "make site    the public pages of 43 made-up forces, and of published results (a few minutes the first time)"
	@echo "make test    all checks: ruff, mypy, import-linter, pytest, documentation"
	@echo "make quick   the same without the browser and the documentation"
	@echo "make slow    the long tests: both engines side by side, kills, whole nights, every screen in a browser"
	@echo "make real    audit the real logs beside this repository, where they are present"
	@echo "make bench   time and memory at one million incidents, written into docs/speed.md"
	@echo "make national  43 forces from exports to report, rank and frame, written into docs/scale.md (INCIDENTS=1000000 KEEP=FOLDER)"
	@echo "make load    50 auditors at once in the review room, kills included, written into docs/speed.md"
	@echo "make parts   the review room's parts as a CycloneDX list in dist/, and which have a known fault (asks the network)"
	@echo "make conformance  the tables of 100,000 incidents from DuckDB and from Spark, compared row by row"
	@echo "make ratios  a small audit's steps as ratios to a plain scan: fails where one is slower by half"
	@echo "make nights  a night's exports beside an audit from nothing: processor time, and the same bytes, written into docs/speed.md"
	@echo "make kill    kill a large audit at fifty random moments, run again, compare the bytes, written into docs/speed.md"
	@echo "make fuzz    feed the readers of logs and verdicts with inputs nobody would write (four minutes)"
	@echo "make markup  html-validate over every published page and the report (needs npm)"
	@echo "make study   coverage of every interval over the whole grid, written into docs/ (about half an hour)"
	@echo "make assets  build the review room's style sheet and scripts again (needs Node)"
	@echo "make lock    renew the lock files"

$(VENV)/bin/uv: requirements/bootstrap.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

$(READY): $(VENV)/bin/uv $(LOCK) pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCK)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY)

audit: $(READY)
	@$(BIN)/python scripts/demo_audit.py

review: $(READY)
	@$(BIN)/python scripts/demo_review.py

site: $(READY)
	@$(BIN)/python scripts/demo_site.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow"
	$(MAKE) --no-print-directory ratios
	$(MAKE) --no-print-directory docs

ratios: $(READY)
	@$(BIN)/python benchmarks/ratios.py

slow: $(READY)
	$(BIN)/pytest -n 2 --dist loadfile -m slow

quick: lint
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not browser"

docs: $(READY)
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -b html docs docs/_build/html

real: $(READY)
	@$(BIN)/python scripts/real_logs.py

bench: $(READY)
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/counting.py
	@$(BIN)/python scripts/speed_page.py

INCIDENTS ?= 1000000
national: $(READY)
	@$(BIN)/python benchmarks/national.py --incidents $(INCIDENTS) $(if $(KEEP),--keep $(KEEP))
	@$(BIN)/python scripts/scale_page.py

# Locust has a lock file and an environment of its own: nothing else needs it.
$(LOADING)/.ready: $(READY) requirements/load.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LOADING)
	$(BIN)/uv pip install --quiet --python $(LOADING)/bin/python --require-hashes -r requirements/load.txt
	$(BIN)/uv pip install --quiet --python $(LOADING)/bin/python --no-deps --editable .
	@touch $@

load: $(LOADING)/.ready
	@$(LOADING)/bin/python benchmarks/review_load.py
	@$(BIN)/python scripts/speed_page.py

# So have the two tools that ask about parts.
$(ASKING)/.ready: $(READY) requirements/parts.txt
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(ASKING)
	$(BIN)/uv pip install --quiet --python $(ASKING)/bin/python --require-hashes -r requirements/parts.txt
	@touch $@

parts: $(ASKING)/.ready
	@mkdir -p dist
	@$(ASKING)/bin/cyclonedx-py requirements --output-reproducible --pyproject pyproject.toml \
		--output-file dist/opencdi-review.cdx.json requirements/review.txt
	@echo "Parts with versions and hashes: dist/opencdi-review.cdx.json"
	@$(ASKING)/bin/pip-audit --disable-pip --require-hashes -r requirements/review.txt

conformance: $(READY)
	@$(BIN)/python benchmarks/conformance.py --incidents 100000
	@$(BIN)/python scripts/scale_page.py

nights: $(READY)
	@$(BIN)/python benchmarks/nightly.py --incidents 300000 --check
	@$(BIN)/python benchmarks/nightly.py --incidents 1000000
	@$(BIN)/python benchmarks/nightly.py --incidents 3000000
	@$(BIN)/python scripts/speed_page.py

kill: $(READY)
	@$(BIN)/python benchmarks/kills.py
	@$(BIN)/python scripts/speed_page.py

fuzz: $(READY)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/fuzz.txt
	@$(BIN)/python scripts/fuzz.py

study: $(READY)
	$(BIN)/opencdi study coverage --grid full --replicates 600 --write docs

markup: $(READY)
	cd tests/markup && npm ci --ignore-scripts --silent
	$(BIN)/pytest -q -n 0 tests/publication/test_markup.py tests/report/test_markup.py

assets:
	cd assets && npm ci --ignore-scripts && node build.mjs

lock: $(VENV)/bin/uv
	echo "hatchling>=1.27" | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" - -o requirements/build.txt
	echo uv | $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" - -o requirements/bootstrap.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml --extra train --extra review --extra publish --extra pdf --extra spark --extra postgres \
		--group dev -o $(LOCK)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml -o requirements/core.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml --extra review -o requirements/review.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" pyproject.toml --extra review --group load -o requirements/load.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" --group fuzz -o requirements/fuzz.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" --group parts -o requirements/parts.txt

clean:
	rm -rf $(VENV) $(LOADING) $(ASKING) docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
