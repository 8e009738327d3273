#!/bin/sh
# What deploy.sh does on the Pi. This script comes over the connection. What it needs to know comes as lines on its
# standard input: as data, never as a part of a command.
#
#     session    reads dry|wait|now, ARCHITECTURE, GLIBC, KILOBYTES, VERSION, SHA256 and BYTES, a line each;
#                then the package; then a dot each second while the laptop is connected
set -eu

# A copy of the installed package. The next one is compared with it, and it is installed again if the next fails.
kept=/var/cache/starcourt/deployed.deb
# Seconds without a dot from the laptop, after which its connection counts as lost.
patience=20

# A laptop that hangs up must not interrupt an installation.
say() { printf '%s\n' "$1" 2>/dev/null || :; }
refuse() { say "$1$unchanged" >&2; exit 1; }
unchanged="; nothing was changed"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
installed() { dpkg-query --show --showformat '${db:Status-Status} ${Version}' starcourt 2>/dev/null | sed -n 's/^installed //p'; }
sum_of() { [ ! -f "$1" ] || sha256sum "$1" | cut -d ' ' -f 1; }
serves() { command -v systemctl >/dev/null && systemctl --quiet is-active starcourt; }
sends() { command -v systemctl >/dev/null && systemctl --quiet is-active starcourt-net; }
older() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# Reads `status --json`. Its exit code is 0 if an instance plays a show, or if an instance does not answer. Text in
# the status, such as a title, decides nothing.
reads_a_show='
{ text = text $0 " " }
END {
    gsub(/\\./, "_", text)  # so that a quote always ends a text
    while (match(text, /"[^"]*"|[][{}:,]|[^][{}:," \t]+/)) {
        token = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (token == ":") { is_value = 1; continue }
        if (token == ",") { is_value = 0; continue }
        if (token == "}" || token == "]") { depth--; is_value = 0; continue }
        if (kind[depth] == "{" && !is_value) { key[depth] = token; continue }
        if (depth == 2 && key[2] == "\"now\"") { told++; if (token == "null") unasked++ }
        if (depth == 3 && key[2] == "\"now\"" && key[3] == "\"show\"") { shows++; if (token != "null") on++ }
        if (token == "{" || token == "[") { depth++; kind[depth] = token; key[depth] = "" }
        is_value = 0
    }
    exit !(on || unasked || !told || told != shows)
}'

# Whether a show is playing: 0 for yes, 1 for no, 2 if starcourt cannot say. An instance that waits to play does
# not count.
plays() {
    command -v starcourt >/dev/null || return 1
    status=0
    told=$(as_root starcourt status --json </dev/null 2>/dev/null) || status=$?
    case $status in
        0) printf '%s\n' "$told" | awk "$reads_a_show" ;;
        3) return 1 ;;
        *) return 2 ;;
    esac
}

# Whether the laptop is still connected: the dots that have arrived are thrown away, and then a new one must arrive.
is_attended() {
    timeout $patience dd bs=64k count=1 >/dev/null 2>&1 || return 1
    [ -n "$(timeout $patience dd bs=64k count=1 2>/dev/null)" ]
}

session() {
    for name in when architecture glibc kilobytes version sum bytes; do
        IFS= read -r value || refuse "the connection ended"
        # `name` is one of the fixed names above, so the eval is safe.
        eval "$name=\$value"
    done
    for number in "$kilobytes" "$bytes"; do
        case $number in '' | *[!0-9]*) refuse "this is no session of deploy.sh" ;; esac
    done
    look
    [ "$when" != dry ] || return 0

    folder=$(mktemp -d) # only this user may read it, and nobody can guess its name
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    package=$folder/starcourt.deb
    head -c "$bytes" >"$package"
    [ "$(sum_of "$package")" = "$sum" ] || refuse "the package was damaged on its way"
    # Nothing is installed unless, at the same moment, the laptop is connected and no show plays.
    has_waited=
    while is_attended || refuse "the laptop hung up"; do
        [ "$when" = wait ] || break
        shows=0
        plays || shows=$?
        [ $shows != 1 ] || break
        [ $shows != 2 ] || refuse "starcourt status fails there ($status), so it is unknown whether a show plays (--now installs without this check)"
        [ -n "$has_waited" ] || say "a show plays, or starcourt does not answer; waiting for its end (--now does not wait)"
        has_waited=yes
    done
    # From here on the installation is completed or undone, also if the laptop hangs up.
    trap '' HUP INT TERM PIPE
    unchanged=
    say "installing"
    install
}

look() {
    has=$(dpkg --print-architecture 2>/dev/null) || refuse "this is no Debian-like system: dpkg is missing"
    [ "$has" = "$architecture" ] || refuse "it is $has, and the package is for $architecture: a Pi needs 64-bit Raspberry Pi OS"
    has=$(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)
    ! older "$has" "$glibc" || refuse "it has glibc $has, and the package needs $glibc: Raspberry Pi OS Bookworm or newer"
    ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
    "$ldconfig" -p | grep -q 'libasound\.so\.2' || refuse "ALSA is missing; there, run: sudo apt install libasound2"
    free=$(df --output=avail -k / | tail -n 1)
    # Room for the package and its content, and the same again for dpkg.
    [ "$free" -gt $((2 * kilobytes)) ] || refuse "only $free kB are free on its disk"
    as_root true 2>/dev/null || refuse "$(id -un) may not use sudo there without a password"

    before=$(installed)
    say "$architecture, glibc $has, ALSA, $((free / 1024)) MB free; ${before:-no starcourt} installed"
    if [ "$before" = "$version" ] && [ "$(sum_of $kept)" = "$sum" ] && [ -z "$(dpkg --verify starcourt | grep -v ' c ')" ]; then
        say "this package is installed already: nothing to do"
        exit 0
    fi
    if [ -n "$before" ] && [ ! -f $kept ]; then
        say "deploy.sh did not install $before: there is no copy to go back to"
    fi
    if [ "$when" = dry ]; then
        if plays; then say "a show plays now, or starcourt does not answer"; fi
        say "would copy and install $version"
    fi
}

install() {
    was_served=
    if serves; then was_served=yes; fi
    if bring "$package" && comes_up "$version"; then
        as_root mkdir -p "$(dirname $kept)"
        as_root cp "$package" $kept.new
        # The next deploy compares its package with this one, perhaps as another user.
        as_root chmod 644 $kept.new
        as_root mv $kept.new $kept
        say "starcourt $version is installed and works"
        return
    fi

    say "starcourt $version does not work"
    if [ -z "$before" ]; then
        as_root dpkg --purge starcourt >/dev/null || refuse "it cannot be removed"
        refuse "it was removed; no version was installed before"
    fi
    [ -f $kept ] || refuse "there is no copy of $before to install again"
    bring $kept && comes_up "$(installed)" || refuse "$(installed) was installed again, and does not work either"
    refuse "starcourt $(installed) was installed again, and works"
}

# Installs a package, and restarts the services that run. Without a restart they would keep the old program.
bring() {
    # dpkg cannot ask a question here. It keeps the rig that a person has edited.
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --force-confold --install "$1" >/dev/null </dev/null || return 1
    [ -n "$was_served" ] || sends || return 0
    # A show may have begun meanwhile. If the laptop hangs up now, the service keeps the old program.
    has_waited=
    while [ "$when" = wait ] && plays; do
        [ -n "$has_waited" ] || say "a show has begun; the service is restarted at its end"
        has_waited=yes
        is_attended || return 0
    done
    if sends; then as_root systemctl restart starcourt-net </dev/null; fi
    [ -z "$was_served" ] || as_root systemctl restart starcourt </dev/null
}

# Whether the program works: these are the exit codes of commands that could do their work. `doctor` may find
# problems on this Pi (1), and a show may be playing or not (0, 3).
comes_up() {
    told=$(starcourt --version) && [ "$told" = "starcourt ${1%-*}" ] || return 1
    say "$told"
    doctor=0
    starcourt doctor </dev/null || doctor=$?
    [ $doctor -le 1 ] || return 1
    status=0
    starcourt status </dev/null || status=$?
    [ $status = 0 ] || [ $status = 3 ] || return 1
    [ -z "$was_served" ] || serves
}

"$@"
