#!/bin/sh
# Builds the binary for 64-bit Raspberry Pis with Debian's cross compiler, without Docker:
# target/aarch64-unknown-linux-gnu/release/starcourt. Installs what it needs.
#
#     deploy/pi.sh          the release binary
#     deploy/pi.sh faulty   the binary that fails on request, for the tests on the emulated Pi
set -eu
cd "$(dirname "$0")/.."

profile=${1:-release}
target=aarch64-unknown-linux-gnu
has_std() { [ -d "$(rustc --print target-libdir --target $target 2>/dev/null)" ]; }

deploy/packages.sh gcc libc6-dev pkg-config gcc-aarch64-linux-gnu libc6-dev-arm64-cross libasound2-dev:arm64
if ! has_std && ! { command -v rustup >/dev/null && rustup target add $target; }; then
    echo "rustup has no standard library for the Pi; Debian's compiler has one"
    deploy/packages.sh rustc-web cargo-web libstd-rust-web-dev:arm64
    PATH=/usr/bin:$PATH
fi

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export PKG_CONFIG_ALLOW_CROSS=1 PKG_CONFIG_PATH=/usr/lib/aarch64-linux-gnu/pkgconfig
cargo build --profile "$profile" --locked --target $target
[ "$profile" != release ] || deploy/fits.sh target/$target/release/starcourt
