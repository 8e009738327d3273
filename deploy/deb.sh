#!/bin/sh
# Makes Debian packages of the binaries that are built, for this machine and for the Pi: target/debian/*.deb.
set -eu
cd "$(dirname "$0")/.."

version=3.8.0 # of cargo-deb
tools=${XDG_CACHE_HOME:-$HOME/.cache}/starcourt/tools
PATH=$tools/bin:$PATH
[ "$(cargo deb --version 2>/dev/null)" = "cargo-deb $version" ] || cargo install --locked --root "$tools" --version $version cargo-deb

rm -rf target/manual target/debian
cargo run --quiet --locked --example manual -- target/manual
gzip --best --no-name target/manual/*.1
release=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
cat >target/manual/changelog <<END
starcourt ($release-1) stable; urgency=medium

  * See CHANGELOG.md.

 -- the starcourt authors <starcourt@starcourt.invalid>  $(date --utc --rfc-email --date "@$(git log -1 --format=%ct)")
END

cargo deb --no-build --no-strip --output target/debian/
cargo deb --no-build --no-strip --output target/debian/ --target aarch64-unknown-linux-gnu
