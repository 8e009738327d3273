# A copy of this machine that is thrown away, for tests that install things: sourced by them, after
# `in_a_namespace "$@"`. What is written there lands in memory. Needs root.

wrong() { echo "wrong: $1" >&2; exit 1; }
step() { echo "$1"; }

# Runs the test once more where its mounts are its own.
in_a_namespace() {
    [ -n "${STARCOURT_SCRATCH-}" ] ||
        STARCOURT_SCRATCH=yes exec unshare --mount --propagation private sh "$0" "$@"
}

# Makes the copy: $root.
make_copy() {
    place=$(mktemp -d)
    root=$place/root
    mount -t tmpfs tmpfs "$place"
    mkdir "$place/written" "$place/work" "$root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$place/written,workdir=$place/work" "$root"
    for folder in proc sys dev; do mount --rbind /$folder "$root/$folder"; done
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
}

end_copy() {
    umount --recursive --lazy "$place"
    rmdir "$place"
}

inside() { chroot "$root" "$@"; }

# Plays a show in there, $1 or starcourt, with simulated lights: its process is $show.
play_inside() {
    chroot "$root" sh -c 'cd /usr/share/starcourt
        exec starcourt play "$1" --silent --output sim --rig shows/rig.toml --pins /tmp/pins' sh "${1:-starcourt}" >/dev/null </dev/null &
    show=$!
    until inside starcourt status >/dev/null; do
        kill -0 $show || wrong "the show does not play"
        sleep 0.1
    done
}

end_show() {
    kill "$show"
    wait "$show" || wrong "the show did not end well"
    show=
}

# The package $1, with version $2, as $3. Whatever $4 says is done to it, in its folder.
another_version() {
    rm -rf "$place/another"
    dpkg-deb --raw-extract "$1" "$place/another"
    sed -i "s/^Version: .*/Version: $2-1/" "$place/another/DEBIAN/control"
    (cd "$place/another" && eval "${4-}")
    dpkg-deb --build "$place/another" "$3" >/dev/null
}
