#!/bin/sh
# Installs, upgrades, removes and purges the package for this machine, in a copy of it that is thrown away:
#
#     tests/package.sh target/debian/starcourt_*_amd64.deb
#
# Needs root. Ends with 1 at the first thing that is not as it should be.
set -eu

wrong() { echo "wrong: $1" >&2; exit 1; }
step() { echo "$1"; }

if [ "${2-}" != inside ]; then
    package=$(realpath "$1")
    exec unshare --mount --propagation private sh "$0" "$package" inside
fi

# What is written lands in memory.
package=$1
place=$(mktemp -d)
show=
trap '[ -z "$show" ] || kill "$show"; umount --recursive --lazy "$place"; rmdir "$place"' EXIT
mount -t tmpfs tmpfs "$place"
mkdir "$place/written" "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$place/written,workdir=$place/work" "$place/root"
for folder in proc sys dev; do mount --rbind /$folder "$place/root/$folder"; done
mount -t tmpfs tmpfs "$place/root/run"
mount -t tmpfs tmpfs "$place/root/tmp"

newer=$place/root/tmp/newer.deb
dpkg-deb --raw-extract "$package" "$place/newer"
sed -i 's/^Version: .*/Version: 99.0-1/' "$place/newer/DEBIAN/control"
dpkg-deb --build "$place/newer" "$newer" >/dev/null
cp "$package" "$place/root/tmp/first.deb"
inside() { chroot "$place/root" "$@"; }

step "installing"
inside dpkg --install /tmp/first.deb >/dev/null
inside starcourt --version >/dev/null || wrong "the program does not run"
[ "$(inside stat --format '%a %G' /run/starcourt)" = "2775 gpio" ] || wrong "the lock's directory"
inside sh -c 'cd /usr/share/starcourt && starcourt check --output sim --rig shows/rig.toml' >/dev/null || wrong "the shows"
for page in starcourt starcourt-play; do
    [ -s "$place/root/usr/share/man/man1/$page.1.gz" ] || wrong "there is no man page $page"
done

step "upgrading while a show plays"
echo '# Mine.' >>"$place/root/etc/starcourt/rig.toml"
chroot "$place/root" sh -c 'cd /usr/share/starcourt
    exec starcourt play starcourt --silent --output sim --rig shows/rig.toml --pins /tmp/pins' >/dev/null </dev/null &
show=$!
until inside starcourt status >/dev/null; do
    kill -0 $show || wrong "the show does not play"
    sleep 0.1
done
inside dpkg --install /tmp/newer.deb >/dev/null
inside starcourt status | grep -q "PID *$show" || wrong "the show was disturbed"
grep -q '# Mine.' "$place/root/etc/starcourt/rig.toml" || wrong "the rig was replaced"
kill $show
wait $show || wrong "the show did not end well"
show=

step "removing"
inside dpkg --remove starcourt >/dev/null
[ ! -e "$place/root/usr/bin/starcourt" ] || wrong "the program is still there"
grep -q '# Mine.' "$place/root/etc/starcourt/rig.toml" || wrong "the rig is gone"

step "purging"
inside dpkg --purge starcourt >/dev/null
# Of what is taken away from the copy, an empty device remains.
left=$(find "$place/written" "$place/root/run" -name '*starcourt*' ! -type c)
[ -z "$left" ] || wrong "these are left: $left"
inside dpkg --status starcourt >/dev/null 2>&1 && wrong "dpkg remembers it"
echo "the package installs, upgrades and leaves nothing"
