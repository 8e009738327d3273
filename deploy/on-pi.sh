#!/bin/sh
# What deploy.sh does on the Pi. It comes over the connection, and so does all that it needs to know, as lines
# on its standard input: it is data, and never a part of a command.
#
#     session    reads dry|wait|now, ARCHITECTURE, GLIBC, KILOBYTES, VERSION, SHA256 and BYTES, a line each;
#                then the package; then a dot a second for as long as somebody is there
set -eu

# The package as it was deployed: what the next one is compared with, and what comes back when it fails.
kept=/var/cache/starcourt/deployed.deb
# Without a sign of life from the laptop for so long, nobody is there any more.
patience=20

# A laptop that has gone must not break off what has begun.
say() { printf '%s\n' "$1" 2>/dev/null || :; }
refuse() { say "$1$unchanged" >&2; exit 1; }
unchanged="; nothing was changed"
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
installed() { dpkg-query --show --showformat '${db:Status-Status} ${Version}' starcourt 2>/dev/null | sed -n 's/^installed //p'; }
sum_of() { [ ! -f "$1" ] || sha256sum "$1" | cut -d ' ' -f 1; }
serves() { command -v systemctl >/dev/null && systemctl --quiet is-active starcourt; }
older() { [ "$1" != "$2" ] && [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# Reads `status --json`: 0 when an instance has a show on, or one cannot be asked and its lock names a show or
# nothing. Text in it, such as a title, decides nothing.
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

# Whether a show is on: 0, or 1 for none. 2: nobody can tell. Whoever only waits for a show to play does not
# hold anybody up.
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

# Whether the laptop is still there: what lay in the connection is thrown away, then a new dot must come. A
# connection that has ended, or that nothing comes over any more, has nobody.
is_attended() {
    timeout $patience dd bs=64k count=1 >/dev/null 2>&1 || return 1
    [ -n "$(timeout $patience dd bs=64k count=1 2>/dev/null)" ]
}

session() {
    for name in when architecture glibc kilobytes version sum bytes; do
        IFS= read -r value || refuse "the connection ended"
        # The name is one of those above.
        eval "$name=\$value"
    done
    for number in "$kilobytes" "$bytes"; do
        case $number in '' | *[!0-9]*) refuse "this is no session of deploy.sh" ;; esac
    done
    look
    [ "$when" != dry ] || return 0

    folder=$(mktemp -d) # for this user alone, under a name that nobody can foresee
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    package=$folder/starcourt.deb
    head -c "$bytes" >"$package"
    [ "$(sum_of "$package")" = "$sum" ] || refuse "the package was damaged on its way"
    # Before anything is installed somebody must be there, and no show must play, in the same look.
    has_waited=
    while is_attended || refuse "nobody waits for it any more"; do
        [ "$when" = wait ] || break
        shows=0
        plays || shows=$?
        [ $shows != 1 ] || break
        [ $shows != 2 ] || refuse "starcourt status fails there ($status), so nobody can tell whether a show plays (--now would not ask)"
        [ -n "$has_waited" ] || say "a show plays, or cannot be asked; waiting for its end (--now would not)"
        has_waited=yes
    done
    # From here on it is brought to its end, or undone, whoever is there.
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
    # The package and what it holds, and as much again for dpkg.
    [ "$free" -gt $((2 * kilobytes)) ] || refuse "only $free kB are free on its disk"
    as_root true 2>/dev/null || refuse "$(id -un) may not use sudo there without a password"

    before=$(installed)
    say "$architecture, glibc $has, ALSA, $((free / 1024)) MB free; ${before:-no starcourt} installed"
    if [ "$before" = "$version" ] && [ "$(sum_of $kept)" = "$sum" ] && [ -z "$(dpkg --verify starcourt | grep -v ' c ')" ]; then
        say "this very package is installed already: nothing to do"
        exit 0
    fi
    if [ -n "$before" ] && [ ! -f $kept ]; then
        say "$before did not come by deploy.sh: there is no copy that could be put back"
    fi
    if [ "$when" = dry ]; then
        if plays; then say "a show plays now, or cannot be asked"; fi
        say "would copy and install $version"
    fi
}

install() {
    was_served=
    if serves; then was_served=yes; fi
    if bring "$package" && comes_up "$version"; then
        as_root mkdir -p "$(dirname $kept)"
        as_root cp "$package" $kept.new
        # Whoever deploys next compares.
        as_root chmod 644 $kept.new
        as_root mv $kept.new $kept
        say "starcourt $version is installed and comes up"
        return
    fi

    say "starcourt $version does not come up"
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
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --force-confold --install "$1" >/dev/null </dev/null || return 1
    [ -n "$was_served" ] || return 0
    # A show may have begun since. Whoever goes now leaves the service with the program that it began with.
    has_waited=
    while [ "$when" = wait ] && plays; do
        [ -n "$has_waited" ] || say "a show has begun; the service is restarted at its end"
        has_waited=yes
        is_attended || return 0
    done
    as_root systemctl restart starcourt </dev/null
}

# With the exit codes that these commands have when they can do their work: the doctor may well find things
# that are wrong on this Pi, and there may be somebody who plays.
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
