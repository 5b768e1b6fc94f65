# make run: a telephone in your browser. make test: everything that must hold. make help: the rest.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
READY := .venv/.ready
BIN := .venv/bin

.PHONY: help run test audit pictures bench bench-quick chaos lint pin clean

help:            ## Show this
	@grep -E '^[a-z-]+: .*##' Makefile | sed 's/:.*##/\t/'

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed, with its venv module' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: $(READY)    ## Set up, and ring the helpline in the browser
	@IVR_DEV=1 $(BIN)/ivr migrate >/dev/null
	@IVR_DEV=1 $(BIN)/ivr phone

test: $(READY)   ## Set up, and check everything: style, types, content, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/ivr check
	$(BIN)/pytest --numprocesses auto

audit: $(READY)  ## Look up known holes in everything we stand on (needs the network)
	$(BIN)/pytest -q tests/security/test_dependencies.py
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && \
		.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	@.venv/audit/bin/pip-audit --strict --disable-pip --no-deps --progress-spinner off -r constraints.txt || { \
		echo 'NOT audited as sound: a known hole is listed above, or the service that knows them was not reached.' >&2; exit 1; }

pictures: $(READY) ## Take the pictures of the browser telephone for the README
	$(BIN)/python -m tests.simulator.screenshots

bench: $(READY)  ## Run the benchmark on this machine (15 minutes); writes docs/performance.md
	$(BIN)/python -m tests.bench

bench-quick: $(READY) ## Run a short benchmark (2 minutes) and print the page
	$(BIN)/python -m tests.bench --quick --to /dev/stdout

chaos: $(READY)  ## Run the fault injection scenarios and the webhook fuzzer (10 minutes); writes docs/reliability.md
	$(BIN)/python -m tests.chaos

pin: $(READY)    ## Write down the versions that are installed
	$(BIN)/python -m pip freeze --exclude-editable --quiet | grep -v ' @ ' > constraints.txt

clean:           ## Forget the set-up
	rm -rf .venv
