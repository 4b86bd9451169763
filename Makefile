# make run    the map in a browser (PORT=8501)
# make test   every test, with what the tests need
# The rest is for whoever works on the project.

PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUTF8 := 1

# The first Python from 3.11 on.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$name"; break; fi; done)
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get

# On Linux a browser is opened only where there is a screen to open it on.
SCREEN := $(if $(filter Linux,$(shell uname -s)),$(DISPLAY)$(WAYLAND_DISPLAY),yes)
HEADLESS := $(if $(SCREEN),false,true)

.PHONY: run test lint bench build fonts shots system clean
.DELETE_ON_ERROR:

run: $(VENV)/runtime.stamp
	$(BIN)/python -m streamlit run app.py --server.port $(PORT) --server.headless $(HEADLESS)

test: system
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .

# Ratio and absolute figure side by side; WRITE=--write keeps them in benchmarks/results.md.
bench: system
	$(BIN)/python benchmarks/run.py $(WRITE)

# geodata/source -> geodata/built
build: $(VENV)/runtime.stamp
	$(BIN)/python -m gm_map build

fonts: system
	$(BIN)/python static/fonts/make.py

# Pictures of every screen, in the folder OUT.
OUT ?= out
shots: system
	GM_SHOTS="$(abspath $(OUT))" $(BIN)/python -m pytest tests/browser

clean:
	rm -rf $(VENV)

# ---- what it all runs on ----

$(VENV)/runtime.stamp: requirements.txt constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	touch $@ $(VENV)/runtime.stamp

# Debian keeps the part of Python that makes environments in a package of its own.
$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: install it, or name it: make PYTHON=/path/to/python3"; exit 1; fi
	@if ! "$(PYTHON)" -c 'import ensurepip' 2>/dev/null; then \
		if ! command -v apt-get >/dev/null; then echo "$(PYTHON) has no ensurepip: install its venv package"; exit 1; fi; \
		$(APT) update -qq && $(APT) install -qq -y --no-install-recommends python3-venv; fi
	"$(PYTHON)" -m venv --clear $(VENV)

# A browser for the tests, what its driver is linked with, Chinese letters for what the shipped typeface lacks, a
# reader of PDF, and another hand's geodesic areas to hold ours against.
system: $(VENV)/dev.stamp
	@wanted=; \
	[ -n "$$GM_CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		command -v google-chrome >/dev/null || wanted="chromium"; \
	[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || wanted="$$wanted fonts-noto-cjk"; \
	command -v pdftotext >/dev/null || wanted="$$wanted poppler-utils"; \
	$(BIN)/playwright --version >/dev/null 2>&1 || wanted="$$wanted libatomic1"; \
	command -v Planimeter >/dev/null || wanted="$$wanted geographiclib-tools"; \
	[ -z "$$wanted" ] || { \
		command -v apt-get >/dev/null || { echo "please install by hand: $$wanted"; exit 1; }; \
		echo "installing $$wanted"; $(APT) update -qq && $(APT) install -qq -y --no-install-recommends $$wanted; }
