# Everything a newcomer needs: `make ask Q="…"` and `make test`.
PYTHON ?= python3
PIP_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
Q ?= Việt Nam có quan hệ quốc phòng với bao nhiêu quốc gia?
ARGS ?=
# What .lock/*.txt list, each file checked with its checksum, and nothing else.
LOCKED := -m pip install --quiet $(PIP_ARGS) --no-deps --require-hashes --only-binary :all: --requirement

.PHONY: ask repl test check engine lint bench bench-quick quality fuzz wheels sbom audit lock clean
export Q

# The question travels in the environment: quotation marks in it cannot end the shell word. Exit code 1 means that
# the documents do not answer, which is no failure of make.
ask: index/CURRENT
	@$(BIN)/trichdan ask -- "$$Q" || test $$? -eq 1

repl: index/CURRENT
	@$(BIN)/trichdan repl

# Three processes on two cores: many tests wait for a server or a clock. Each holds the model, up to 3 GB.
test: $(VENV)/.installed-dev
	$(BIN)/pytest -n 3 --dist loadfile

# The first loop of somebody who changes the code: linters, types, import contracts, and the tests that need neither the
# model nor the whole bot. Within a minute on two cores.
check: lint
	$(BIN)/pytest -n 2 -q -m "not model and not bot and not slow"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every development set against its required figures; the first time a quarter of an hour of encoding.
quality: $(VENV)/.installed-dev
	TRICHDAN_QUALITY=all $(BIN)/pytest tests/retrieval/test_quality.py

# Beside its peers, each in an environment of its own that the first run makes, then by itself on the seeds.
bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.peers $(ARGS)
	$(BIN)/python -m tests.benchmarks

# Readers, questions and updates, guided by coverage, ten minutes for each target: make fuzz ARGS='.docx question --seconds 3600'
fuzz: $(VENV)/.installed-dev
	@$(BIN)/python $(LOCKED) .lock/fuzz.txt
	$(BIN)/python -m tests.fuzz $(ARGS)

# Everything that a machine of the same kind without a network needs: pip install --no-index --find-links dist/wheels 'trichdan[fast,postgres]'
wheels: $(VENV)/.installed
	@rm -rf dist/wheels && mkdir -p dist
	@TRICHDAN_WHEELS=dist/wheels .lock/install $(BIN)/python $(PIP_ARGS)
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist/wheels .
	@$(BIN)/python -m pip freeze | grep -E '^(cuda|nvidia|triton)' > dist/cuda.txt || true # where torch's build is one for CUDA
	@$(BIN)/python -m pip wheel --quiet $(PIP_ARGS) --no-deps --wheel-dir dist/wheels --requirement dist/cuda.txt && rm dist/cuda.txt
	@ls dist/wheels | wc -l | xargs -I{} echo "{} wheels in dist/wheels"

# A software bill of materials (CycloneDX) of what those wheels install, in an environment made from them alone.
sbom: wheels $(VENV)/.installed-dev
	@$(BIN)/python $(LOCKED) .lock/sbom.txt
	@rm -rf dist/environment && $(BIN)/python -m venv dist/environment
	@dist/environment/bin/python -m pip install --quiet --no-index --find-links dist/wheels 'trichdan[fast,postgres]'
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-file dist/sbom.json dist/environment
	@rm -rf dist/environment

# Known weaknesses of what the lock file lists, where a registry answers.
audit: $(VENV)/.installed-dev
	@$(BIN)/python $(LOCKED) .lock/audit.txt
	$(BIN)/pip-audit --progress-spinner off --disable-pip --requirement .lock/runtime.txt --requirement .lock/torch.txt $(ARGS)

# A PostgreSQL with both extensions to try, on this machine alone and without a password: it prints the address for --index,
# and is gone with all that it holds after Ctrl-C.
engine: $(VENV)/.installed-dev
	@$(BIN)/python -m tests.support.postgres_server

# The lock files anew, from pyproject.toml and constraints.txt, in an environment that needs none of them.
lock:
	@test -x dist/lock/bin/python || $(PYTHON) -m venv dist/lock
	@dist/lock/bin/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt uv
	@PATH="$(CURDIR)/dist/lock/bin:$$PATH" .lock/renew

bench-quick: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks.peers --quick $(ARGS)

clean:
	rm -rf $(VENV) index dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

index/CURRENT: $(VENV)/.installed $(wildcard seeds/*)
	@$(BIN)/trichdan index seeds
	@touch $@

# Everything that is locked first; then the project itself, --editable, so that the working tree is what runs. Only where
# torch's build is one for CUDA does the second call bring something: what that build pins.
$(VENV)/.installed: pyproject.toml constraints.txt .lock/install .lock/runtime.txt .lock/torch.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing; about two minutes the first time …"
	@.lock/install $(BIN)/python $(PIP_ARGS)
	@$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt --no-build-isolation --editable '.[fast,postgres]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed .lock/dev.txt
	@$(BIN)/python $(LOCKED) .lock/dev.txt
	@touch $@
