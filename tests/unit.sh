#!/bin/sh
# Checks the services' units without running them: systemd understands all of them, and they leave little exposed.
#
#     tests/unit.sh
set -eu
cd "$(dirname "$0")/.."

place=$(mktemp -d)
trap 'rm -r "$place"' EXIT

# The programs and man pages that they name need not be on this machine.
mkdir "$place/bin"
printf '#!/bin/sh\n' >"$place/bin/starcourt"
chmod +x "$place/bin/starcourt"
for unit in starcourt starcourt-net; do
    sed -e "s#/usr/bin/starcourt#$place/bin/starcourt#" -e '/^Documentation=/d' "deploy/debian/$unit.service" >"$place/$unit.service"
done
for unit in starcourt starcourt-net; do
    # Tenths, of 100. A network alone is 8.
    case $unit in starcourt) most=10 ;; *) most=12 ;; esac
    told=$(SYSTEMD_UNIT_PATH=$place: systemd-analyze verify --man=no "$place/$unit.service" 2>&1) || {
        echo "$told" >&2
        exit 1
    }
    # It warns of what it does not know, and says that all is well.
    if [ -n "$told" ]; then
        echo "$told" >&2
        exit 1
    fi

    systemd-analyze security --offline=yes --no-pager --threshold=$most "$place/$unit.service" >"$place/told" || {
        cat "$place/told" >&2
        exit 1
    }
    tail -n 1 "$place/told" | sed 's/^[^A-Za-z]*//; s/[^A-Za-z0-9.]*$//'
done
