# Two commands are all the set-up: `make demo` and `make test`. Needs Python 3.11 and Rust.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUST := $(shell find rust -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock
SOURCES := python tests tools benches
DEMO := demo-account
ROWS ?= 20000000 # of the large export that `make bench` reads

.PHONY: demo test lint format fuzz bench build clean

demo: build ## builds all and runs the main job on the demo account
	@$(BIN)/infercost demo $(DEMO) --force
	@$(BIN)/infercost analyze $(DEMO)/bill --config $(DEMO)/infercost.toml

build: $(VENV)/.built ## the release build in .venv

$(VENV)/.tools: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' 'maturin>=1.16,<2'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	touch $@

$(VENV)/.built: $(VENV)/.tools $(RUST)
	PIP_QUIET=1 VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/maturin develop --release --quiet
	touch $@

test: build ## every test: Rust, then Python
	cargo test --quiet
	$(BIN)/python -m pytest -q

lint: build ## formatting, lints, types, stubs, arrows between the rooms
	cargo fmt --all --check
	cargo clippy --quiet --workspace --all-targets -- -D warnings
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest infercost._core
	$(BIN)/lint-imports

format: $(VENV)/.tools ## rewrites the layout of the code
	cargo fmt --all
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix-only --quiet $(SOURCES)

$(VENV)/.peers: $(VENV)/.tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	touch $@

FUZZ_SECONDS ?= 300
FUZZ_TARGETS := classifier csv cells json cost_explorer manifests archives zip

$(VENV)/.fuzzer: $(VENV)/.tools
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --group fuzz && touch $@

fuzz: $(FUZZ_TARGETS:%=fuzz-%) ## hunts for input that breaks the bill reader, FUZZ_SECONDS for each target

fuzz-%: build $(VENV)/.fuzzer
	@PYTHONPATH=tests $(BIN)/python -m fuzz.run $* --seconds $(FUZZ_SECONDS)

bench: build $(VENV)/.peers ## speed, side by side with peers
	PYTHONPATH=. $(BIN)/python -m benches.scenarios target/bench-scenarios.json
	cargo bench --quiet --bench engine
	PYTHONPATH=tests $(BIN)/python -m benches.run --rows $(ROWS)

clean:
	rm -rf $(VENV) target $(DEMO)
