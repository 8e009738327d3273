#!/bin/sh
# Checks the service's unit without running it: systemd understands all of it, and it leaves little exposed.
#
#     tests/unit.sh
set -eu
cd "$(dirname "$0")/.."

most=10 # tenths, of 100
place=$(mktemp -d)
trap 'rm -r "$place"' EXIT

# The programs and man pages that it names need not be on this machine.
mkdir "$place/bin"
printf '#!/bin/sh\n' >"$place/bin/starcourt"
chmod +x "$place/bin/starcourt"
sed -e "s#/usr/bin/starcourt#$place/bin/starcourt#" -e '/^Documentation=/d' deploy/debian/starcourt.service >"$place/starcourt.service"
mkdir "$place/starcourt.service.d"
told=$(SYSTEMD_UNIT_PATH=$place: systemd-analyze verify --man=no "$place/starcourt.service" 2>&1) || {
    echo "$told" >&2
    exit 1
}
# It warns of what it does not know, and says that all is well.
if [ -n "$told" ]; then
    echo "$told" >&2
    exit 1
fi

systemd-analyze security --offline=yes --no-pager --threshold=$most "$place/starcourt.service" >"$place/told" || {
    cat "$place/told" >&2
    exit 1
}
tail -n 1 "$place/told" | sed 's/^[^A-Za-z]*//; s/[^A-Za-z0-9.]*$//'
