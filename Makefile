# Two commands on a fresh machine: `make demo` runs the main job, `make test` runs every check.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check
SITE   ?= site
ARGS   ?=
SOURCES = $(shell find src native $(wildcard benchmarks) -type f -not -name '*.so' -not -path '*/__pycache__/*')

.PHONY: help install demo test test-full lint docs peers bench browser native sanitize clean

help:            ## list the targets
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade "pip>=24"

$(VENV)/.dependencies: $(BIN)/python constraints.txt requirements-build.txt
	$(PIP) install --quiet -c constraints.txt -r requirements-build.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.dependencies pyproject.toml $(SOURCES)
	$(PIP) install --quiet -c constraints.txt --no-build-isolation ".[plot,dask,cells,chem,grid,signals,knots,test,docs]"
	@touch $@

install: $(VENV)/.installed     ## create the environment, build and install

demo: install                   ## run the quick preset of every paper, print the claims, build the page
	@status=0; $(BIN)/erlangen reproduce --all --preset quick || status=$$?; \
	 $(BIN)/erlangen gallery build $(SITE) || status=$$?; exit $$status

lint: install                   ## style, types, import contracts, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src

docs: install                   ## build the documentation, warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

browser:                        ## make sure a Chromium is at hand for the page's tests
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	 { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	 echo "no Chromium: the browser tests will be skipped"

test: lint docs browser         ## every check: lint, docs, tests, doctests of the installed package
	$(BIN)/python -m pytest --pyargs tests erlangen $(ARGS)

test-full: lint docs browser    ## the same and the long batteries
	$(BIN)/python -m pytest -m "" --pyargs tests erlangen $(ARGS)

peers: install                  ## build the environments of the peers we measure against
	$(BIN)/erlangen bench peers

bench: install                  ## measure against the peers and write benchmarks/*.json
	$(BIN)/erlangen bench run --all --record benchmarks

sanitize: install               ## the kernels' tests under the address and undefined-behaviour sanitizers
	$(BIN)/python -m pytest -m "" tests/native/test_sanitizers.py

native: $(VENV)/.dependencies   ## build the extension into src/, for work on the kernels
	cmake -S native -B build/native -G Ninja -DPython_EXECUTABLE=$(abspath $(BIN)/python)
	cmake --build build/native
	cp build/native/_native*.so src/erlangen/

clean:                          ## remove what was built here
	rm -rf $(VENV) build docs/_build $(SITE) src/erlangen/_native*.so
