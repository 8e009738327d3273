#!/bin/sh
# Brings starcourt onto a Raspberry Pi, from the machine that builds it:
#
#     deploy/deploy.sh [--dry-run] [--now] [--package FILE.deb] [USER@]HOST
#
# Builds the package (with `cross` where Docker runs, else as `make pi` does), looks whether it fits on the
# Pi, copies and verifies it, waits until nobody plays (--now does not), installs it and makes sure that it
# comes up; if it does not, the previous package comes back. A second run changes nothing. --dry-run tells
# what it would do; --package brings a package that is there already.
#
# Needs SSH to a user who is root or may use sudo without a password. What is done over there: on-pi.sh.
set -eu
here=$(dirname "$0")

usage() { sed -n 's/^#     //p' "$0" >&2; exit 2; }
dry=
now=
package=
host=
while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes ;;
        --now) now=yes ;;
        --package) [ $# -gt 1 ] || usage; package=$2; shift ;;
        -*) usage ;;
        *) [ -z "$host" ] || usage; host=$1 ;;
    esac
    shift
done
[ -n "$host" ] || usage

# Runs a step over there. The script comes with it, so that the Pi needs nothing of ours.
on_pi() { ssh -o BatchMode=yes "$host" sh -s -- "$@" <"$here/on-pi.sh"; }

build() {
    cd "$here/.."
    if command -v cross >/dev/null && docker info >/dev/null 2>&1; then
        cross build --release --locked --target aarch64-unknown-linux-gnu
        deploy/fits.sh target/aarch64-unknown-linux-gnu/release/starcourt
    else
        deploy/pi.sh
    fi
    deploy/packages.sh dpkg-dev
    deploy/deb.sh pi
    cd "$OLDPWD"
}

if [ -z "$package" ] && [ -z "$dry" ]; then
    build
fi
# Of a dry run: what was built last.
[ -n "$package" ] || package=$(ls "$here"/../target/debian/starcourt_*_arm64.deb 2>/dev/null || true)
if [ ! -f "$package" ]; then
    echo "would build the package, look at $host, copy and install it; \`make deb\` builds it for a closer look"
    exit 0
fi

field() { dpkg-deb --field "$package" "$1"; }
version=$(field Version)
glibc=$(field Depends | sed -n 's/.*libc6 (>= \([0-9.]*\)).*/\1/p')
sum=$(sha256sum "$package" | cut -d ' ' -f 1)
kilobytes=$(($(stat --format %s "$package") / 1024 + $(field Installed-Size)))

echo "starcourt $version for $host"
if told=$(on_pi look "$(field Architecture)" "${glibc:-0}" "$kilobytes" "$version" "$sum"); then
    echo "$told"
else
    code=$?
    [ -z "$told" ] || echo "$told"
    if [ $code = 255 ]; then
        echo "$host lets nobody in without a password, or cannot be reached; ssh-copy-id $host mends the first" >&2
    fi
    echo "nothing was changed on $host" >&2
    exit 1
fi
case $told in
    *"is installed already"*) exit 0 ;;
esac
if [ -n "$dry" ]; then
    echo "would copy $(basename "$package"), and install it${now:+ at once}"
    exit 0
fi

ssh -o BatchMode=yes "$host" 'umask 077; cat >"/tmp/starcourt-'"$sum"'.deb"' <"$package"
on_pi install "$version" "$sum" "${now:-wait}"
