#!/bin/sh
# Installs starcourt on a Raspberry Pi, from the machine that builds it:
#
#     deploy/deploy.sh [--dry-run] [--now] [--package FILE.deb] [USER@]HOST
#
# Builds the package (with `cross` if Docker runs, otherwise as `make pi` does), checks that it fits on the Pi,
# copies and verifies it, waits until no show plays (--now does not wait), installs it and checks that it starts.
# If it does not start, the previous package is installed again. A second run changes nothing. --dry-run only says
# what it would do. --package installs a package that exists already.
#
# After Ctrl-C or a lost connection before it says "installing", nothing is installed, then or later. After that
# word, the Pi completes what it has begun.
#
# Needs SSH with a key, to a user who is root or may use sudo without a password. on-pi.sh does the work on the Pi.
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

refuse() { echo "$1" >&2; exit 1; }

# What is sent to the Pi: the script, because the Pi has none of our files; then what it must know, as data; then
# the package; then a dot each second while this script lives. The Pi installs nothing when the dots stop.
feed() {
    cat "$here/on-pi.sh"
    printf '%s\n' "$@"
    cat "$package"
    while kill -0 $$ 2>/dev/null; do printf . && sleep 1; done
}

# One connection from the first check to the end. The command is the same for every package: the number is the
# length of our own script.
on_pi() {
    length=$(wc -c <"$here/on-pi.sh")
    feed "$@" 2>/dev/null |
        ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=5 -o ServerAliveCountMax=4 "$host" \
            "exec sh -c 'script=\$(head -c $((length))) && exec sh -c \"\$script\" on-pi session'"
}

# The text from the Pi may contain control characters that a terminal would obey.
harmless() { LC_ALL=C sed -u 's/\t/ /g; s/[[:cntrl:]]/?/g; s/\xc2[\x80-\x9f]/?/g'; }

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
# A dry run looks at the package that was built last.
[ -n "$package" ] || package=$(ls "$here"/../target/debian/starcourt_*_arm64.deb 2>/dev/null || true)
if [ ! -f "$package" ]; then
    echo "would build the package, check $host, copy the package and install it; \`make deb\` builds it, for a closer look"
    exit 0
fi

# Somebody else may have built the package, so each of its fields is checked.
field() { dpkg-deb --field "$package" "$1"; }
wrong() { refuse "$package: its $1 is not one of a package of ours; nothing was changed"; }
version=$(field Version) || wrong Version
architecture=$(field Architecture) || wrong Architecture
installed_size=$(field Installed-Size) || wrong Installed-Size
glibc=$(field Depends | sed -n 's/.*libc6 (>= \([0-9.]*\)).*/\1/p')
glibc=${glibc:-0}
[ "$(field Package)" = starcourt ] || wrong Package
case $version in '' | [!0-9]* | *[!0-9A-Za-z.+~:-]*) wrong Version ;; esac
case $architecture in '' | *[!0-9a-z-]*) wrong Architecture ;; esac
case $installed_size in '' | *[!0-9]* | ??????????*) wrong Installed-Size ;; esac
case $glibc in *[!0-9.]*) wrong Depends ;; esac
sum=$(sha256sum <"$package" | cut -d ' ' -f 1)
bytes=$(stat --format %s "$package")
kilobytes=$((bytes / 1024 + installed_size))

echo "starcourt $version for $host"
when=${dry:+dry}
when=${when:-${now:+now}}
# Its exit code takes a descriptor of its own, around the filter for its text. Ctrl-C leaves no file.
exec 4>&1
code=$({
    {
        code=0
        on_pi "${when:-wait}" "$architecture" "$glibc" "$kilobytes" "$version" "$sum" "$bytes" 2>&1 3>&- 4>&- || code=$?
        echo $code >&3
    } | harmless >&4 3>&-
} 3>&1)
case $code in
    0) ;;
    255) refuse "$host asks for a password (to fix that: ssh-copy-id $host), cannot be reached, or the connection was lost; run this again to see what is installed" ;;
    *) exit 1 ;;
esac
