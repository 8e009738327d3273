#!/bin/sh
# Prints the folder into which each server named (`pulseaudio`, `pipewire`, and the DMX server `ola`) is unpacked, with
# those of its libraries that this machine has not got. Fetches it once, to ~/.cache/starcourt; installs and removes
# nothing, and needs no root.
set -eu

if [ $# -gt 1 ]; then
    for server in "$@"; do "$0" "$server"; done
    exit 0
fi

case ${1-} in
    pulseaudio)
        packages="pulseaudio pulseaudio-utils libasound2-plugins"
        parts="pulseaudio parec libasound_module_pcm_pulse.so" ;;
    pipewire)
        packages="pipewire wireplumber pipewire-pulse pipewire-alsa dbus-daemon pulseaudio-utils"
        parts="pipewire wireplumber pipewire-pulse dbus-daemon parec libasound_module_pcm_pipewire.so
            libpipewire-module-client-node.so libspa-support.so" ;;
    # Installed, it would run as a service.
    ola)
        packages="ola"
        parts="olad ola_dev_info ola_patch libolae131.so.0" ;;
    *) echo "usage: $0 pulseaudio|pipewire|ola…" >&2; exit 2 ;;
esac

cache=${XDG_CACHE_HOME:-$HOME/.cache}/starcourt/sound-servers
folder=$cache/$1
told=$cache/$1.log
mkdir -p "$cache"

fail() {
    echo "the server of the tests ($packages) cannot be unpacked: $1" >&2
    exit 1
}

# One at a time: tests that run side by side ask at once.
exec 9>"$cache/$1.lock"
flock 9

if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    fail "this is no Debian-like system; unpack what these packages hold into $folder, and write 'by hand' into $folder/.packages"
fi

# shellcheck source=/dev/null
system=$(. /etc/os-release; echo "$ID ${VERSION_ID-} $(dpkg --print-architecture)")

# Where the libraries lie: the folder of each, once.
libraries() {
    find "$folder" \( -name '*.so' -o -name '*.so.*' \) -printf '%h\n' 2>/dev/null | sort -u | paste -sd:
}

# What the parts need and nobody has: this machine may have lost a library since.
lacking() {
    LD_LIBRARY_PATH=$(libraries)
    export LD_LIBRARY_PATH
    for part in $parts; do
        path=$(find "$folder" -name "$part" ! -type d | head -n 1)
        if [ -z "$path" ]; then echo "$part"; else ldd "$path" 2>&1 | sed -n 's/ => not found//p'; fi
    done
}

if [ "$(cat "$folder/.packages" 2>/dev/null)" = "by hand" ]; then
    echo "$folder"
    exit 0
fi
if [ "$(cat "$folder/.packages" 2>/dev/null)" = "$system: $packages" ] && [ -z "$(lacking)" ]; then
    echo "$folder"
    exit 0
fi

echo "fetching a server for the tests: $packages" >&2
rm -rf "$folder" "$cache/fetched"
mkdir -p "$cache/fetched" "$cache/lists/partial" "$cache/archives/partial"

# apt's own solver says what is missing. To it, this machine has neither this server nor the other one, and what
# else it has is content: nothing that is installed stands in the way.
awk 'BEGIN { RS = ""; ORS = "\n\n" }
    !/^Package: (pulseaudio|libpulse|pipewire|libpipewire|wireplumber|libwireplumber|libspa-|libasound2-plugins|dbus-|ola|libola)/' \
    /var/lib/dpkg/status |
    grep -vE '^(Pre-Depends|Depends|Recommends|Suggests|Enhances|Conflicts|Breaks):' >"$cache/status"

own_lists=
# Its usual user cannot write below somebody's home.
apt() {
    # shellcheck disable=SC2086 # a few words
    LC_ALL=C.UTF-8 apt-get -q -o APT::Sandbox::User=root -o "Dir::Cache=$cache" $own_lists "$@" </dev/null
}

fetch() {
    # shellcheck disable=SC2086 # one word a package
    apt install --simulate --no-install-recommends -o "Dir::State::status=$cache/status" $packages >"$told" 2>&1 ||
        return 1
    # The C library is this machine's, whatever happens: another one's loader would not take it.
    wanted=$(sed -n 's/^Inst \([^ ]*\).*/\1/p' "$told" | grep -vxE '(libc6|libgcc-s1)(:.*)?')
    # shellcheck disable=SC2086
    (cd "$cache/fetched" && apt download $wanted) >"$told" 2>&1
}

# The machine's own lists where they serve; a new machine has none, and old ones name what is gone.
if ! fetch; then
    own_lists="-o Dir::State::Lists=$cache/lists"
    apt update >"$told.update" 2>&1 || true # another source than Debian's may be out of reach
    fetch || fail "apt-get says, $(tail -n 3 "$told" "$told.update" | tr '\n' ' ')"
fi
for archive in "$cache"/fetched/*.deb; do
    dpkg-deb -x "$archive" "$folder" || fail "$archive is not whole"
done
rm -rf "$cache/fetched"
[ -z "$(lacking)" ] || fail "it lacks $(lacking | sort -u | tr '\n' ' ')"
echo "$system: $packages" >"$folder/.packages"
echo "$folder"
