PYTHON ?= python3
PORT ?= 8000
STAGE ?=
FRESH ?=
ENTRIES ?= 2000

.PHONY: demo test test-long check setup volume release rehearse lint format lock

demo:  ## serve the demo season at http://127.0.0.1:8000/; STAGE=live opens the year there, FRESH=1 starts over
	@$(PYTHON) tools/setup.py demo --port "$(PORT)" --stage "$(STAGE)" --fresh "$(FRESH)"

test:  ## all checks and all tests; ARGS="-k notice" for a part
	@$(PYTHON) tools/setup.py test $(ARGS)

test-long:  ## the crawl in every stage of the year, each role pressing every act: about an hour
	@$(PYTHON) tools/setup.py test --long tests/flows/test_crawl.py $(ARGS)

check:  ## for daily work, under a minute: lint, format, types, scripts, templates, migrations, architecture, tests of what changed
	@$(PYTHON) tools/changed.py $(ARGS)

setup:  ## prepare everything, run nothing
	@$(PYTHON) tools/setup.py setup

volume:  ## a large scratch campaign; ENTRIES=10000 ARGS="--reviews 3"
	@$(PYTHON) tools/setup.py volume --entries "$(ENTRIES)" $(ARGS)

release: setup  ## var/release/portal-VERSION.tar.gz for a server without internet
	@.venv/bin/python tools/release.py

rehearse: release  ## install it on a scratch path as the README says, upgrade, go back
	@DEBUG=on PORTAL_REHEARSE=on .venv/bin/python -m pytest -q -n0 tests/tools/test_for_real.py $(ARGS)

lint: setup
	@.venv/bin/ruff check .

format: setup
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

lock:  ## made by whoever changes requirements/*.in; needs uv
	@cd requirements && for name in base dev node pip-oldest pip-newest; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url $$name.in -o $$name.txt || exit 1; done
