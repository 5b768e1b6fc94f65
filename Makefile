# make run: a telephone in your browser. make test: everything that must hold. make help: the rest.
PYTHON ?= $(or $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done), \
	$(error Python 3.11 or newer is needed, with its venv module))
# Python's images switch bytecode files off; a process that finds them starts in half the time, and the suite starts many.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
PIP := -m pip install --disable-pip-version-check
UV := .venv/uv/bin/uv
# uv takes a tenth of pip's time; it reads no pip.conf, so that pip has to do where that names the only way out.
install = $(UV) pip install --python $(1)/bin/python --no-deps $(2) || $(1)/bin/python $(PIP) --no-deps --no-compile $(2)
LOCK = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(NEWER)
RUNS := .venv/.runs
TESTS := .venv/.tests
LONG := $(addprefix tests/, test_package.py processes worker/test_kill.py bench/test_bench.py chaos/test_faults.py)
# What another Python may do otherwise: reading the source and importing it all, dates, enums, dataclasses, SQLite, asyncio.
# Flows, rules, pages and what commands print are the same words in each.
ELSEWHERE := ivr $(addprefix tests/, engine helpline store telephony test_steps.py test_calls.py test_cli.py test_durations.py test_tokens.py) \
	--ignore=tests/helpline/test_call_entry.py
OTHER = .venv/python$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

.PHONY: help run test test-all test-other browser starts-browser package audit pictures bench bench-console bench-quick chaos chaos-quick pin clean

help:            ## Show this
	@grep -E '^[a-z-]+: .*##' Makefile | sed 's/:.*##/\t/'

$(RUNS): requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	-@$(BIN)/python $(PIP) --quiet --upgrade --target .venv/uv --only-binary :all: uv==0.13.9
	@$(call install,.venv,--require-hashes -r requirements.txt)
	@$(call install,.venv,--editable .)
	@touch $@

$(TESTS): $(RUNS) requirements-dev.txt
	@$(call install,.venv,--require-hashes -r requirements-dev.txt)
	@touch $@

run: $(RUNS)     ## Set up what it needs, and ring the helpline in the browser
	@IVR_DEV=1 $(BIN)/ivr migrate >/dev/null
	@IVR_DEV=1 $(BIN)/ivr phone

test: starts-browser $(TESTS) ## Set up, and check style, types, content, tests (20 minutes on two cores)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ivr check
	$(BIN)/pytest --numprocesses auto $(addprefix --ignore=,$(LONG))

test-all: LONG :=
test-all: test package chaos-quick bench-quick ## The whole suite: also the package, kills, faults and the benchmark (half an hour)

test-other: $(RUNS) ## Check what may differ in another Python: make test-other PYTHON=python3.13 (2 to 4 minutes)
	$(PYTHON) -m venv --clear $(OTHER)
	@$(call install,$(OTHER),--require-hashes -r requirements.txt -r requirements-dev.txt)
	@$(call install,$(OTHER),--editable .)
	$(OTHER)/bin/python -W error -m compileall -qf ivr tests
	$(OTHER)/bin/python -m pytest --numprocesses auto -k 'not postgresql' $(ELSEWHERE)

starts-browser:
	@$(PYTHON) -m tests.browser

browser:         ## Install Chromium, which the tests drive
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends fonts-dejavu-core \
			$$(apt-cache show chromium-headless-shell >/dev/null 2>&1 && echo chromium-headless-shell || echo chromium); \
	else $(MAKE) $(TESTS) && PLAYWRIGHT_BROWSERS_PATH=$(CURDIR)/.venv/browsers $(BIN)/python -m playwright install --only-shell chromium; fi
	@$(PYTHON) -m tests.browser

package: $(TESTS) ## Build the wheel in dist/, install it in an empty environment, and ring it there
	rm -rf dist && $(BIN)/hatchling build -t wheel
	$(PYTHON) -m venv --clear .venv/package
	@$(call install,.venv/package,--require-hashes -r requirements.txt)
	.venv/package/bin/python $(PIP) --quiet --no-deps dist/*.whl
	.venv/package/bin/python -m pip check
	cd .venv/package && bin/ivr --version && bin/ivr check && bin/ivr call --keys 1,1,14102026,1,2,1 --at 2026-11-23T10:00

audit: $(TESTS)  ## Look up known holes in everything we stand on (needs the network)
	$(BIN)/pytest -q tests/security/test_dependencies.py
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/python $(PIP) --quiet pip-audit==2.10.1; }
	@.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements.txt -r requirements-dev.txt || { \
		echo 'NOT audited as sound: a known hole is listed above, or the service that knows them was not reached.' >&2; exit 1; }

pictures: $(TESTS) ## Take the pictures of the browser telephone and of the staff pages for the README and docs/console.md
	$(BIN)/python -m tests.simulator.screenshots
	$(BIN)/python -m tests.console.screenshots

bench: $(TESTS)  ## Run the benchmark on this machine (15 minutes); writes docs/performance.md
	$(BIN)/python -m tests.bench --to docs/performance.md

bench-console: $(TESTS) ## Measure the staff pages in a year of 100,000 calls, and whether callers notice them (4 minutes)
	$(BIN)/python -m tests.bench.staff_pages

bench-quick: $(TESTS) ## Run a short benchmark and print the page (1 minute)
	$(BIN)/python -m tests.bench --quick

chaos: $(TESTS)  ## Run the fault injection scenarios and the webhook fuzzer (20 minutes); writes docs/reliability.md and docs/attacks.md
	$(BIN)/python -m tests.chaos
	$(BIN)/python -m tests.chaos.attack

chaos-quick: $(TESTS) ## Run four of the scenarios and some fuzzing, always the same, and print what came of it (2 minutes)
	$(BIN)/python -m tests.chaos --seed 1 --webhooks 30000 --only fuzzing --only killed --only 'database stopped' --allow-slow --page /dev/null

pin: $(RUNS)     ## Pin what is new in pyproject.toml, with hashes; newer versions: make pin NEWER=--upgrade
	$(LOCK) --extra voice --output-file requirements.txt
	$(LOCK) --extra dev --constraints requirements.txt --output-file requirements-dev.txt \
		$$(sed -n 's/^\([^ =]*\)==.*/--no-emit-package \1/p' requirements.txt)

clean:           ## Forget the set-up
	rm -rf .venv
