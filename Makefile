# `make play` and `make test` do all set-up on a Debian-like machine that has Rust.

# Sound needs ALSA's headers; file-lock needs a C compiler.
BUILD_PACKAGES = gcc libc6-dev pkg-config libasound2-dev
# The tests make music files of every format. The sound servers into which they play it, tests/sound_server
# unpacks by itself and installs nowhere.
TEST_PACKAGES  = $(BUILD_PACKAGES) git python3 flac vorbis-tools lame ffmpeg opus-tools sox
# QEMU and what the emulated Pi is made of, tests/emulated_pi fetches by itself.
PI_TEST_PACKAGES = $(BUILD_PACKAGES) python3 device-tree-compiler

PI_BINARY = target/aarch64-unknown-linux-gnu/release/starcourt
# With the test hooks that a release has not.
FAULTY_PI_BINARY = target/aarch64-unknown-linux-gnu/faulty/starcourt

ARCHITECTURE = $(shell dpkg --print-architecture)
HOST_DEB = target/debian/starcourt_*_$(ARCHITECTURE).deb
# On a Pi there is none.
FOREIGN_DEB = $(filter-out $(wildcard $(HOST_DEB)),$(wildcard target/debian/starcourt_*_arm64.deb))

.PHONY: play test net-test page-test page-bench storm fuzz lint prose pictures build pi pi-test deb deb-test deploy-test unit-test release music help

help:
	@echo 'make play    play the show "starcourt" with simulated lights (and sound, where there is some)'
	@echo 'make test    run every test'
	@echo 'make net-test have OLA, a DMX server, receive lights on the network (as root)'
	@echo 'make page-test try the page of `starcourt preview` in a browser (needs Node.js 20.19)'
	@echo 'make page-bench what that page costs, and how soon it shows a save'
	@echo 'make storm   launches, kills and signals at random, thousands of each; prints how soon the lights are safe'
	@echo 'make fuzz    throw bytes at all that reads files, FUZZ_SECONDS (300) for each of its readers'
	@echo 'make lint    formatting, clippy and the documentation of the code, as strict as CI'
	@echo 'make prose   the English of the documents'
	@echo 'make pictures draw the pictures of docs/wiring.md and docs/render.md anew'
	@echo 'make build   the release binary: target/release/starcourt'
	@echo 'make pi      the release binary for a Raspberry Pi: $(PI_BINARY)'
	@echo 'make pi-test play on emulated Raspberry Pis, and read from their chips what the pins did'
	@echo 'make deb     Debian packages for the Pi and for this machine: target/debian'
	@echo 'make deb-test install, upgrade and remove the package in a copy of this machine (as root)'
	@echo 'make deploy-test deploy, and send shows, over SSH to a copy of this machine (as root)'
	@echo 'make unit-test look whether systemd understands the services, and how much they expose'
	@echo 'make release packages, source, checksums and notes of a tagged version: target/release-VERSION'
	@echo 'make music   compose and store the music of the shows anew'

play: build
	@target/release/starcourt play starcourt --output sim

build:
	@deploy/packages.sh $(BUILD_PACKAGES)
	cargo build --release --locked

test:
	@deploy/packages.sh $(TEST_PACKAGES)
	@tests/sound_server/unpacked.sh pulseaudio pipewire >/dev/null
	cargo test --locked

# Through `unshare`, so that nothing is sent to the network of this machine.
net-test:
	@deploy/packages.sh $(BUILD_PACKAGES) python3 iproute2 util-linux
	@tests/sound_server/unpacked.sh ola >/dev/null
	cargo build --locked
	@unshare --net python3 -B tests/ola.py target/debug/starcourt "$$(tests/sound_server/unpacked.sh ola)"

PAGE_DRIVER = target/page
PAGE_TESTS = $(wildcard tests/page/unit/*.test.mjs tests/page/browser/*.test.mjs)

# The driver of the browser: installed once, and again when its version changes.
$(PAGE_DRIVER)/installed: tests/page/package.json tests/page/package-lock.json
	@node -e 'const [m, n] = process.versions.node.split(".").map(Number); process.exit(m > 20 || (m === 20 && n >= 19) ? 0 : 1)' || \
		{ echo 'Node.js 20.19 or newer is needed, with npm' >&2; false; }
	@mkdir -p $(PAGE_DRIVER)
	@cp tests/page/package.json tests/page/package-lock.json $(PAGE_DRIVER)
	@cd $(PAGE_DRIVER) && npm ci --silent --no-audit --no-fund
	@touch $@

page-test: $(PAGE_DRIVER)/installed
	@deploy/packages.sh $(BUILD_PACKAGES) chromium
	cargo build --locked
	node --test $(PAGE_TESTS)

page-bench: $(PAGE_DRIVER)/installed
	@deploy/packages.sh $(BUILD_PACKAGES) chromium
	cargo build --release --locked
	STARCOURT_BINARY=$(CURDIR)/target/release/starcourt node --test --test-reporter=spec tests/page/bench.mjs

# `make test` has a small one of each.
storm: export STARCOURT_KILLS ?= 10000
storm: export STARCOURT_LAUNCH_ROUNDS ?= 1000
storm: export STARCOURT_STORM_ROUNDS ?= 300
storm:
	@deploy/packages.sh $(TEST_PACKAGES)
	@tests/sound_server/unpacked.sh pulseaudio pipewire >/dev/null
	cargo test --release --locked --test guardian storm -- --nocapture --test-threads 1
	cargo test --release --locked --test launches races -- --nocapture --test-threads 1

fuzz:
	@deploy/packages.sh $(BUILD_PACKAGES) g++
	@fuzz/long.sh

lint: prose
	@deploy/packages.sh $(BUILD_PACKAGES) python3
	python3 -B docs/pictures --check
	@$(DRAW_SHOW) target/starcourt.svg >/dev/null
	@cmp target/starcourt.svg $(SHOW_PICTURE) || { echo '$(SHOW_PICTURE) is not what is drawn; run: make pictures' >&2; false; }
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --no-deps --locked --lib
	cargo metadata --locked --format-version 1 --manifest-path fuzz/Cargo.toml >/dev/null  # `make fuzz` builds

PROSE = target/prose
# The history of changes is not read.
PROSE_PAGES = README.md shows/README.md $(wildcard docs/*.md)

# Installed once, and again when the versions change.
$(PROSE)/installed: deploy/prose/requirements.txt
	@deploy/packages.sh python3-venv
	@python3 -m venv $(PROSE)
	@$(PROSE)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# Where the linter cannot be fetched, it says that the pages were not checked.
prose:
	@if $(MAKE) --no-print-directory $(PROSE)/installed; then \
		$(PROSE)/bin/proselint check --config deploy/prose/proselint.json $(PROSE_PAGES); \
	else \
		echo 'proselint cannot be installed here: the documents were NOT checked' >&2; \
	fi

SHOW_PICTURE = docs/pictures/starcourt.svg
DRAW_SHOW = cargo run --quiet --locked -- render shows/starcourt.show --rig shows/rig.toml --output sim -o

pictures:
	@deploy/packages.sh $(BUILD_PACKAGES) python3
	@python3 -B docs/pictures
	@$(DRAW_SHOW) $(SHOW_PICTURE)

pi:
	@deploy/pi.sh

pi-test: pi
	@deploy/packages.sh $(PI_TEST_PACKAGES)
	@deploy/pi.sh faulty
	cargo build --locked
	@python3 -B tests/emulated_pi $(PI_BINARY) $(FAULTY_PI_BINARY) target/debug/starcourt

# A Pi needs no cross compiler for its own package.
deb: build $(if $(filter arm64,$(ARCHITECTURE)),,pi)
	@deploy/packages.sh dpkg-dev
	@deploy/deb.sh

deb-test: deb
	@deploy/packages.sh lintian systemd
	lintian --fail-on error target/debian/*.deb
	@tests/package.sh $(HOST_DEB)

deploy-test: deb
	@deploy/packages.sh openssh-client systemd
	@tests/deploy.sh $(HOST_DEB) $(FOREIGN_DEB)

unit-test:
	@deploy/packages.sh systemd
	@tests/unit.sh

# What cannot be released is said before anything is built.
release:
	@deploy/release.sh check
	@$(MAKE) --no-print-directory deb
	@deploy/release.sh

music: shows/starcourt.ogg shows/demo.ogg

# The serial number makes the stored file the same every time.
shows/starcourt.ogg: SERIAL = 1985
shows/demo.ogg: SERIAL = 1986
shows/%.ogg: examples/compose/*.rs
	@deploy/packages.sh $(BUILD_PACKAGES) vorbis-tools
	cargo run --release --locked --example compose -- $* target/$*.wav
	oggenc --quiet --quality 4 --serial $(SERIAL) --title $(shell echo $* | sed 's/./\U&/') --output $@ target/$*.wav
