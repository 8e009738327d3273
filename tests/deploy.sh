#!/bin/sh
# Deploys to a copy of this machine that is thrown away, and sends shows there, through a real SSH server on loopback:
#
#     tests/deploy.sh target/debian/starcourt_*_amd64.deb [ANOTHER_MACHINES.deb]
#
# Needs root. Ends with 1 at the first thing that is not as it should be.
set -eu
here=$(realpath "$(dirname "$0")")
. "$here/scratch_system.sh"
in_a_namespace "$@"

package=$(realpath "$1")
foreign=${2+$(realpath "$2")}
version=$(dpkg-deb --field "$package" Version)
show=
server=
waiting=
end() {
    for process in $show $waiting $server; do kill "$process" 2>/dev/null || true; done
    end_copy
}
trap end EXIT
make_copy

step "starting an SSH server"
# Nothing that is installed in there may start by itself.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
if [ ! -x "$root/usr/sbin/sshd" ] || [ ! -x "$root/usr/bin/sudo" ]; then
    inside apt-get -qq update
    inside env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends openssh-server sudo >/dev/null 2>&1
fi
# As on Raspberry Pi OS; SSH lets nobody in whose password is locked.
inside useradd --create-home --password '*' visitor
password=sesame
echo "visitor:$password" | inside chpasswd
echo 'visitor ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/visitor"
mkdir -p "$root/run/sshd" "$place/ssh" "$place/bin"
ssh-keygen -q -t ed25519 -N '' -f "$place/ssh/laptop"
ssh-keygen -q -t ed25519 -N '' -f "$root/tmp/host_key"
cp "$place/ssh/laptop.pub" "$root/tmp/authorized_keys"
cat >"$root/tmp/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
HostKey /tmp/host_key
AuthorizedKeysFile /tmp/authorized_keys
StrictModes no
UsePAM no
PidFile none
CONFIG
answers() { ssh -o BatchMode=yes pi true 2>/dev/null; }
listen() {
    chroot "$root" /usr/sbin/sshd -D -f /tmp/sshd_config -o "Port=$port" 2>"$place/ssh/log" &
    server=$!
    cat >"$place/ssh/config" <<CONFIG
Host pi
    HostName 127.0.0.1
    Port $port
    User visitor
    IdentityFile $place/ssh/laptop
    UserKnownHostsFile $place/ssh/known_hosts
    StrictHostKeyChecking accept-new
Host pi-by-password
    HostName 127.0.0.1
    Port $port
    User visitor
    PreferredAuthentications password
    NumberOfPasswordPrompts 1
    UserKnownHostsFile $place/ssh/known_hosts
Host stranger
    HostName 127.0.0.1
    Port $port
    UserKnownHostsFile /dev/null
    StrictHostKeyChecking yes
CONFIG
    until answers; do
        kill -0 $server 2>/dev/null || return 1
        sleep 0.1
    done
}
# deploy.sh and starcourt find it as they would find a Pi, by its name.
printf '#!/bin/sh\necho $$ >%s\nexec %s -F %s "$@"\n' "$place/ssh/pid" "$(command -v ssh)" "$place/ssh/config" >"$place/bin/ssh"
chmod +x "$place/bin/ssh"
PATH=$place/bin:$PATH
port=20022
until listen; do
    port=$((port + 1))
    [ $port -lt 20100 ] || wrong "no SSH server: $(cat "$place/ssh/log")"
done

# A service that runs, for as long as /opt/service/runs is there; what is asked of it is written down.
mkdir -m 777 "$root/opt/service"
cat >"$root/usr/local/bin/systemctl" <<'SERVICE'
#!/bin/sh
echo "$*" >>/opt/service/asked
chmod 666 /opt/service/asked 2>/dev/null
case "$*" in
    *starcourt-net) exit 3 ;;
    restart*) if starcourt --version | grep -q 99.3; then rm /opt/service/runs; exit 1; else touch /opt/service/runs; fi ;;
    *) [ -e /opt/service/runs ] || exit 3 ;;
esac
SERVICE
chmod +x "$root/usr/local/bin/systemctl"

deploys() { "$here/../deploy/deploy.sh" "$@" pi >"$place/told" 2>&1 && code=0 || code=$?; sed 's/^/    /' "$place/told"; }
ends_with() { [ "$code" = "$1" ] || wrong "it ended with $code, not $1"; shift; says "$@"; }
says() { for words in "$@"; do grep -q -- "$words" "$place/told" || wrong "it did not say: $words"; done; }
has() { [ "$(inside dpkg-query --show --showformat '${Version}' starcourt 2>/dev/null)" = "$1" ] || wrong "$1 is not installed"; }
changes() { inside sh -c 'find /etc /usr /var ! -type d -newer /tmp/mark ! -path "/var/log/*" ! -name "sshd*" 2>/dev/null' | head; }
speaks() { printf 'mv usr/bin/starcourt usr/bin/starcourt-real; printf "%%s\\n" "#!/bin/sh" "[ \\"\\$1\\" != --version ] || { echo starcourt %s; exit; }" "exec -a starcourt /usr/bin/starcourt-real \\"\\$@\\"" >usr/bin/starcourt; sed -i "1s#/bin/sh#/bin/bash#" usr/bin/starcourt; chmod 755 usr/bin/starcourt' "$1"; }

# Deploys in the background, in a group of its own that hears Ctrl-C, until it waits for a show's end.
waits() {
    : >"$place/told" # or what the one before said is taken for its words
    setsid env --default-signal=INT "$here/../deploy/deploy.sh" --package "$1" pi >"$place/told" 2>&1 &
    waiting=$!
    until grep -q "waiting for its end" "$place/told"; do
        kill -0 $waiting 2>/dev/null || wrong "it did not wait: $(cat "$place/told")"
        sleep 0.1
    done
    has "$version"
}
copies() { find "$root/tmp" -name 'tmp.*'; }
# Whatever was in the connection has arrived by now, and the show that was waited for is over.
installs_nothing_later() {
    wait $waiting && code=0 || code=$?
    waiting=
    sed 's/^/    /' "$place/told"
    [ $code != 0 ] || wrong "it says that it went well"
    end_show
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [ -n "$(copies)" ] || break
        sleep 1
    done
    [ -z "$(copies)" ] || wrong "a copy was left: $(copies)"
    sleep 3
    has "$version"
}

# The laptop of somebody who writes shows.
laptop=$place/laptop
mkdir -p "$laptop/shows"
cp "$here/sounds/chirp.ogg" "$laptop/shows/a song.ogg"
printf '0.5\t0.5\t\n1.0\t1.0\t\n1.5\t1.5\t\n2.0\t2.0\t\n' >"$laptop/shows/lane-beats.txt"
sheet='audio "a song.ogg"\ntempo map lane-beats.txt, 4/4\n1.1 porch on\n1.3 porch off\n'
printf "$sheet" >"$laptop/shows/lane.show"
sends() { (cd "$laptop" && "$laptop/starcourt" send "$@") >"$place/told" 2>&1 </dev/null && code=0 || code=$?; sed 's/^/    /' "$place/told"; }
shows_there() { (cd "$root/etc/starcourt/shows" && find . -type f -exec sha256sum {} + | sort -k 2); }
lane_is_whole() {
    for file in lane.show lane-beats.txt "a song.ogg"; do
        cmp "$laptop/shows/$file" "$root/etc/starcourt/shows/$file" || wrong "$file did not arrive whole"
    done
    [ -z "$(find "$root/etc/starcourt" -name '.send.*')" ] || wrong "something of the way was left there"
}
# A person types the password; how often is written down.
cat >"$place/bin/askpass" <<ASKPASS
#!/bin/sh
echo "\$1" >>$place/asked
echo $password
ASKPASS
chmod +x "$place/bin/askpass"
by_password() { rm -f "$place/asked"; SSH_ASKPASS=$place/bin/askpass SSH_ASKPASS_REQUIRE=force sends "$@"; }
asks_once() { [ "$(wc -l <"$place/asked")" = 1 ] || wrong "it asked so often: $(cat "$place/asked")"; }

another_version "$package" 99.0 "$place/99.0.deb" "$(speaks 99.0)"
another_version "$package" 99.1 "$place/99.1.deb" "$(speaks 99.1)"
another_version "$package" 99.2 "$place/99.2.deb" "printf '#!/bin/sh\nexit 139\n' >usr/bin/starcourt"
another_version "$package" 99.3 "$place/99.3.deb" "$(speaks 99.3)"

step "a dry run"
deploys --dry-run --package "$package"
ends_with 0 "no starcourt installed" "would copy"
inside dpkg --status starcourt >/dev/null 2>&1 && wrong "it installed something"

step "a package whose architecture is a command"
another_version "$package" 99.9 "$place/hostile.deb" 'sed -i "s/^Architecture: .*/Architecture: amd64;touch\${IFS}\/tmp\/harmed;/" DEBIAN/control'
deploys --package "$place/hostile.deb"
ends_with 1 "its Architecture is not one"
[ ! -e "$root/tmp/harmed" ] && [ ! -e /tmp/harmed ] || wrong "a command of the package's ran"

if [ -n "$foreign" ]; then
    step "a package for another machine"
    deploys --package "$foreign"
    ends_with 1 "the package is for" "nothing was changed"
fi

step "the first package does not work"
deploys --package "$place/99.2.deb"
ends_with 1 "does not work" "no version was installed before"
inside dpkg --status starcourt >/dev/null 2>&1 && wrong "it was left there"

step "the first time"
deploys --package "$package"
ends_with 0 "is installed and works"
has "$version"

step "a show is sent with its music and its beats"
cp "$root/usr/bin/starcourt" "$laptop/starcourt"
printf '[channels]\nporch = { pin = 4, kind = "ssr" }\n' >"$root/etc/starcourt/rig.toml"
sends pi lane
ends_with 0 "show lane: 0:03, 2 cues, fine" "in place: 3 files in /etc/starcourt/shows" "1 show sent to pi"
lane_is_whole

step "a broken show changes nothing there"
shows_there >"$place/shows-before"
printf "${sheet}1.2 prch on\n" >"$laptop/shows/lane.show"
sends pi lane --play
ends_with 65 "no channel or group .prch" "did you mean .porch.?" "check found mistakes there; nothing was changed there"
shows_there | cmp - "$place/shows-before" || wrong "it changed the shows"
printf "$sheet" >"$laptop/shows/lane.show"

step "a show is sent and plays there, and a password is asked for once"
inside usermod --append --groups gpio visitor
printf "${sheet}1.2 porch off\n" >"$laptop/shows/lane.show"
by_password pi-by-password lane --play
ends_with 0 "1 show sent to pi-by-password" "lane has played to its end"
asks_once
lane_is_whole
[ -z "$(find /tmp -maxdepth 1 -name 'starcourt-*' -newer "$place/shows-before")" ] || wrong "the connection was left in /tmp"

step "the stage is in this terminal"
told=$place/typescript
(cd "$laptop" && script --quiet --return --command "./starcourt send pi lane --play" "$told") >/dev/null </dev/null || wrong "it ended with $?"
for words in "GPIO 4" blackout "lane has played to its end"; do
    grep -q "$words" "$told" || wrong "no $words in $(cat -v "$told")"
done

step "a machine that cannot be reached"
sends stranger lane --play
ends_with 1 "no connection to stranger, nothing was sent" "run .ssh stranger. once"
sends nowhere.invalid lane
ends_with 1 "no connection to nowhere.invalid, nothing was sent"

step "once more"
touch "$root/tmp/mark"
deploys --package "$package"
ends_with 0 "nothing to do"
[ -z "$(changes)" ] || wrong "it changed $(changes)"

step "Ctrl-C while it waits for a show that is called idle-hands"
printf 'title  state idle, show none\nlength 1:00:00\n0:00.1 all on\n' >"$root/usr/share/starcourt/shows/idle-hands.show"
play_inside idle-hands
waits "$place/99.0.deb"
env kill -INT -- "-$waiting" # the whole group, as a terminal does
installs_nothing_later

step "a connection that is lost while it waits"
play_inside idle-hands
waits "$place/99.0.deb"
kill -KILL "$(cat "$place/ssh/pid")"
installs_nothing_later

step "while a show plays"
play_inside
deploys --dry-run --package "$place/99.0.deb"
ends_with 0 "a show plays now"
waits "$place/99.0.deb"
end_show
wait $waiting && code=0 || code=$?
waiting=
sed 's/^/    /' "$place/told"
ends_with 0 "is installed and works"
has 99.0-1

step "while a show plays, with --now"
play_inside
deploys --now --package "$place/99.1.deb"
ends_with 0 "is installed and works"
has 99.1-1
kill -0 $show || wrong "the show was ended"
end_show

step "the new one does not work"
deploys --package "$place/99.2.deb"
ends_with 1 "99.2-1 does not work" "99.1-1 was installed again, and works"
has 99.1-1
inside starcourt --version | grep -q 99.1 || wrong "the old program is not back"

step "the service does not start"
touch "$root/opt/service/runs"
deploys --package "$place/99.3.deb"
ends_with 1 "99.3-1 does not work" "99.1-1 was installed again, and works"
has 99.1-1
[ -e "$root/opt/service/runs" ] || wrong "the service was not brought back"
[ "$(grep -c '^restart starcourt' "$root/opt/service/asked")" = 2 ] || wrong "the service was not restarted, and once more"

[ -z "$(copies)" ] || wrong "a package was left in /tmp"
echo "it deploys, waits, changes nothing twice, and goes back to what worked"
