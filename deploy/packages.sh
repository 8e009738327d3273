#!/bin/sh
# Installs the named Debian packages that are missing (`NAME`, or `NAME:ARCHITECTURE` for another machine's). Without
# permission it prints the command to run. It installs nothing if apt would remove or downgrade a package for it: on a
# desktop, that package may be its sound.
set -eu

command -v cargo >/dev/null || {
    echo "Rust is missing; https://rustup.rs says how to install it" >&2
    exit 1
}
if ! command -v dpkg-query >/dev/null; then
    echo "not a Debian-like system; make sure that it has what these packages hold: $*" >&2
    exit 0
fi

missing=
architectures=
native=$(dpkg --print-architecture)
known=" $native $(dpkg --print-foreign-architectures | tr '\n' ' ')"
for package in "$@"; do
    case $package in
        *:*) architecture=${package#*:} ;;
        *) architecture=$native ;;
    esac
    dpkg-query --show --showformat '${Architecture} ${db:Status-Status}\n' "${package%:*}" 2>/dev/null |
        grep -qxE "($architecture|all) installed" && continue
    missing="$missing $package"
    case "$known$architectures " in
        *" $architecture "*) ;;
        *) architectures="$architectures $architecture" ;;
    esac
done
[ -n "$missing" ] || exit 0

by_hand="sudo apt-get install --no-install-recommends$missing"

# The packages that apt would remove or downgrade, one a line.
losses() {
    # shellcheck disable=SC2086 # one word a package
    LC_ALL=C.UTF-8 apt-get install --simulate --no-install-recommends $missing </dev/null 2>/dev/null |
        while read -r action package old new _; do
            case $action in
                Remv | Purg) echo "remove $package" ;;
                Inst)
                    # `Inst NAME [OLD] (NEW …`. A package that is not installed has no `[OLD]`.
                    case $old in \[*) ;; *) continue ;; esac
                    old=${old#\[} old=${old%\]} new=${new#(}
                    if dpkg --compare-versions "$new" lt "$old"; then
                        echo "downgrade $package from $old to $new"
                    fi ;;
            esac
        done
}

refuse_losses() {
    lost=$(losses)
    [ -n "$lost" ] || return 0
    {
        echo "not installing$missing, because apt would"
        echo "$lost" | sed 's/^/  /'
        echo "No package was changed. Where this machine can do without that, run this yourself, then make again:"
        echo "  $by_hand"
    } >&2
    exit 1
}

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null; }; then
    as_root=sudo
else
    refuse_losses
    echo "missing packages; run this, then make again:" >&2
    for architecture in $architectures; do
        echo "  sudo dpkg --add-architecture $architecture && sudo apt-get update" >&2
    done
    echo "  $by_hand" >&2
    exit 1
fi
for architecture in $architectures; do
    $as_root dpkg --add-architecture "$architecture"
done
# A new machine may have no package list yet.
$as_root apt-get -qq update
refuse_losses
echo "installing:$missing"
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-remove --no-install-recommends $missing >/dev/null
