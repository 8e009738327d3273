#!/bin/sh
# Installs, upgrades, removes and purges the package for this machine, in a copy of it that is thrown away:
#
#     tests/package.sh target/debian/starcourt_*_amd64.deb
#
# Needs root. Ends with 1 at the first thing that is not as it should be.
set -eu
. "$(dirname "$0")/scratch_system.sh"
in_a_namespace "$@"

package=$(realpath "$1")
show=
trap '[ -z "$show" ] || kill "$show"; end_copy' EXIT
make_copy
cp "$package" "$root/tmp/first.deb"
another_version "$package" 99.0 "$root/tmp/newer.deb"
is_off() { [ -z "$(find "$root/etc/systemd/system" -name 'starcourt*.service')" ]; }

step "installing"
inside dpkg --install /tmp/first.deb >/dev/null
inside starcourt --version >/dev/null || wrong "the program does not run"
[ "$(inside stat --format '%a %G' /run/starcourt)" = "2775 gpio" ] || wrong "the lock's directory"
inside id starcourt | grep -q 'gid=[0-9]*(gpio)' || wrong "the service's user"
inside sh -c 'cd /usr/share/starcourt && starcourt check --output sim --rig shows/rig.toml' >/dev/null || wrong "the shows"
echo '[channels]
neon = { pin = 17, kind = "ssr" }' >"$root/tmp/rig.toml"
inside starcourt check --output sim --rig /tmp/rig.toml >/dev/null || wrong "a new user's first check fails"
for page in starcourt starcourt-play starcourt-net; do
    [ -s "$root/usr/share/man/man1/$page.1.gz" ] || wrong "there is no man page $page"
done
inside starcourt check --output sim --rig /usr/share/doc/starcourt/examples/eight-relays.toml --shows /tmp >/dev/null || wrong "the rig of eight relays"
documents=$root/usr/share/doc/starcourt
for target in $(grep -oh '](\(docs\|pictures\|/\|[a-z]*\.\)[^)#]*' "$documents/README.md" "$documents/wiring.md" | sed 's/^](//'); do
    case $target in
        /*) [ -e "$root$target" ] ;;
        *) [ -e "$documents/$target" ] ;;
    esac || wrong "the documents lead to $target, which is not there"
done
for unit in starcourt starcourt-net; do
    [ -s "$root/usr/lib/systemd/system/$unit.service" ] || wrong "there is no service $unit"
done
is_off || wrong "the service is enabled against nobody's will"

step "playing as the service's user"
as_service() {
    inside setpriv --reuid starcourt --regid gpio --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
        sh -c "umask 0002; cd /usr/share/starcourt; $1"
}
as_service 'starcourt play demo --silent --from 0:14 --output sim --rig shows/rig.toml' >/dev/null || wrong "it may not play"
[ "$(inside stat --format '%a %G' /run/starcourt/starcourt.lock)" = "664 gpio" ] || wrong "the lock is not the group's"

step "upgrading while a show plays"
echo '# Mine.' >>"$root/etc/starcourt/rig.toml"
echo '# A schedule with its old name.' >"$root/etc/starcourt/programme.toml"
play_inside
told=$(inside dpkg --install /tmp/newer.deb 2>&1)
inside starcourt status | grep -q "PID *$show" || wrong "the show was disturbed"
grep -q '# Mine.' "$root/etc/starcourt/rig.toml" || wrong "the rig was replaced"
grep -q '# A schedule' "$root/etc/starcourt/programme.toml" || wrong "a schedule with its old name is gone"
mv=$(echo "$told" | sed -n 's/.*sudo \(mv -n .*\)/\1/p')
inside sh -c "$mv" && [ -s "$root/etc/starcourt/schedule.toml" ] || wrong "no command renames a schedule with its old name"
rm "$root/etc/starcourt/schedule.toml"
is_off || wrong "the upgrade enabled the service"
end_show
# What would end or begin a show: a stop or restart that is not for the package's removal.
grep -hE 'systemctl|deb-systemd-invoke' "$root"/var/lib/dpkg/info/starcourt.p* | grep -vE "daemon-reload|stop '?starcourt" &&
    wrong "the package restarts the service"
grep -B 1 'stop starcourt' "$root/var/lib/dpkg/info/starcourt.prerm" | grep -q '"$1" = remove' ||
    wrong "an upgrade stops the service"

step "removing"
inside dpkg --remove starcourt >/dev/null
[ ! -e "$root/usr/bin/starcourt" ] || wrong "the program is still there"
grep -q '# Mine.' "$root/etc/starcourt/rig.toml" || wrong "the rig is gone"

step "purging"
inside dpkg --purge starcourt >/dev/null
# Of what is taken away from the copy, an empty device remains.
left=$(find "$place/written" "$root/run" -name '*starcourt*' ! -type c)
[ -z "$left" ] || wrong "these are left: $left"
inside getent passwd starcourt && wrong "the service's user is left"
inside dpkg --status starcourt >/dev/null 2>&1 && wrong "dpkg remembers it"
echo "the package installs, upgrades and leaves nothing"
