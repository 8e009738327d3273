#!/bin/sh
# What deploy.sh does on the Pi, which runs this from its standard input:
#
#     look ARCHITECTURE GLIBC KILOBYTES VERSION SHA256   says what is there, and what is in the way
#     install VERSION SHA256 wait|yes                    installs /tmp/starcourt-SHA256.deb
set -eu

# The package as it was deployed: what the next one is compared with, and what comes back when it fails.
kept=/var/cache/starcourt/deployed.deb

refuse() { echo "$1" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
installed() { dpkg-query --show --showformat '${db:Status-Status} ${Version}' starcourt 2>/dev/null | sed -n 's/^installed //p'; }
sum_of() { [ ! -f "$1" ] || sha256sum "$1" | cut -d ' ' -f 1; }
# Whoever only waits for a show to play does not hold anybody up.
plays() { told=$(starcourt status 2>/dev/null) && ! printf '%s\n' "$told" | grep -qiwE 'idle|show +none'; }
serves() { command -v systemctl >/dev/null && systemctl --quiet is-active starcourt; }
older() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

look() {
    architecture=$1 glibc=$2 kilobytes=$3 version=$4 sum=$5
    has=$(dpkg --print-architecture 2>/dev/null) || refuse "this is no Debian-like system: dpkg is missing"
    [ "$has" = "$architecture" ] || refuse "it is $has, and the package is for $architecture: a Pi needs 64-bit Raspberry Pi OS"
    has=$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)
    ! older "$has" "$glibc" || refuse "it has glibc $has, and the package needs $glibc: Raspberry Pi OS Bookworm or newer"
    ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
    "$ldconfig" -p | grep -q 'libasound\.so\.2' || refuse "ALSA is missing; there, run: sudo apt install libasound2"
    free=$(df --output=avail -k / | tail -n 1)
    # The package and what it holds, and as much again for dpkg.
    [ "$free" -gt $((2 * kilobytes)) ] || refuse "only $free kB are free on its disk"
    as_root true 2>/dev/null || refuse "$(id -un) may not use sudo there without a password"

    before=$(installed)
    echo "$architecture, glibc $has, ALSA, $((free / 1024)) MB free; ${before:-no starcourt} installed"
    if [ "$before" = "$version" ] && [ "$(sum_of $kept)" = "$sum" ] && [ -z "$(dpkg --verify starcourt | grep -v ' c ')" ]; then
        echo "this very package is installed already: nothing to do"
        return
    fi
    if [ -n "$before" ] && [ ! -f $kept ]; then
        echo "$before did not come by deploy.sh: there is no copy that could be put back"
    fi
    if plays; then echo "a show plays now"; fi
}

install() {
    version=$1 sum=$2 when=$3
    package=/tmp/starcourt-$sum.deb
    trap 'rm -f "$package"' EXIT
    [ "$(sum_of "$package")" = "$sum" ] || refuse "the package was damaged on its way; nothing was changed"
    before=$(installed)

    if [ "$when" = wait ] && plays; then
        echo "a show plays; waiting for its end (--now would not)"
        while plays; do sleep 1; done
    fi
    was_served=
    if serves; then was_served=yes; fi
    if bring "$package" && comes_up "$version"; then
        as_root mkdir -p "$(dirname $kept)"
        as_root cp "$package" $kept.new
        # Whoever deploys next compares.
        as_root chmod 644 $kept.new
        as_root mv $kept.new $kept
        echo "starcourt $version is installed and comes up"
        return
    fi

    echo "starcourt $version does not come up" >&2
    if [ -z "$before" ]; then
        as_root dpkg --purge starcourt >/dev/null || refuse "and cannot be removed"
        refuse "it was removed; there was none before"
    fi
    [ -f $kept ] || refuse "there is no copy of $before to put back"
    bring $kept && comes_up "$(installed)" || refuse "nor does $(installed), which was put back"
    refuse "starcourt $(installed) was put back, and comes up"
}

# Installs a package, and restarts the service if it ran: it goes on with the old program otherwise.
bring() {
    # Without a terminal nobody could be asked: what a person has written into the rig stays.
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --force-confold --install "$1" >/dev/null || return 1
    [ -z "$was_served" ] || as_root systemctl restart starcourt
}

# With the exit codes that these commands have when they can do their work: the doctor may well find things
# that are wrong on this Pi, and there may be somebody who plays.
comes_up() {
    told=$(starcourt --version) && [ "$told" = "starcourt ${1%-*}" ] || return 1
    echo "$told"
    doctor=0
    starcourt doctor || doctor=$?
    [ $doctor -le 1 ] || return 1
    status=0
    starcourt status || status=$?
    [ $status = 0 ] || [ $status = 3 ] || return 1
    [ -z "$was_served" ] || serves
}

"$@"
