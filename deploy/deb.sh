#!/bin/sh
# Makes Debian packages from the binaries that are built: target/debian/*.deb.
#
#     deploy/deb.sh       for this machine and for the Pi
#     deploy/deb.sh pi    for the Pi, from the cross compiler
set -eu
cd "$(dirname "$0")/.."

for_whom=${1:-all}
# The same tree makes the same package, to the byte. The source of a release has no history, and its files have
# the time of its commit.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat --format %Y Cargo.toml)
export SOURCE_DATE_EPOCH

version=3.8.0 # of cargo-deb
tools=${XDG_CACHE_HOME:-$HOME/.cache}/starcourt/tools
PATH=$tools/bin:$PATH
[ "$(cargo deb --version 2>/dev/null)" = "cargo-deb $version" ] || cargo install --locked --root "$tools" --version $version cargo-deb

rm -rf target/manual target/debian
cargo run --quiet --locked --example manual -- target/manual
gzip --best --no-name target/manual/*.1
# In the package the pages are beside the README, and the shows are elsewhere.
sed 's#](docs/#](#g; s#](shows/#](/usr/share/starcourt/shows/#g' README.md >target/manual/README.md
release=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
cat >target/manual/changelog <<END
starcourt ($release-1) stable; urgency=medium

  * See CHANGELOG.md.

 -- the starcourt authors <starcourt@starcourt.invalid>  $(date --utc --rfc-email --date "@$SOURCE_DATE_EPOCH")
END

[ "$for_whom" = pi ] || cargo deb --no-build --no-strip --output target/debian/
# A Pi's own compiler has built for the Pi.
[ "$for_whom" = all ] && [ "$(dpkg --print-architecture)" = arm64 ] ||
    cargo deb --no-build --no-strip --output target/debian/ --target aarch64-unknown-linux-gnu
