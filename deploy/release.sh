#!/bin/sh
# Makes a release of what `make deb` has built: target/release-VERSION holds the packages, the source, the notes
# from CHANGELOG.md and the checksums of all of them.
#
#     deploy/release.sh check    only says whether this commit can be released
#     deploy/release.sh          makes the release
#
# Cargo.toml, the newest heading of CHANGELOG.md and the tag of this commit must name the same version, and the
# tree must be clean.
set -eu
cd "$(dirname "$0")/.."

refuse() {
    echo "no release: $1" >&2
    exit 1
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
tag=v$version

changed=$(git status --porcelain)
[ -z "$changed" ] || refuse "these files are not committed:
$changed"

heading=$(sed -n 's/^## //p' CHANGELOG.md | head -n 1)
[ "${heading%% *}" = "$version" ] ||
    refuse "Cargo.toml says $version, and the newest heading of CHANGELOG.md is \`## $heading\`.
Write \`## $version ($(date --utc +%F))\` there, or change the version in Cargo.toml."

tags=$(git tag --points-at HEAD --list 'v*')
if [ "$tags" != "$tag" ]; then
    [ -z "$tags" ] || refuse "Cargo.toml says $version, and this commit has the tag $(echo $tags)."
    ! git rev-parse --quiet --verify "refs/tags/$tag" >/dev/null ||
        refuse "the tag $tag is on another commit, $(git rev-parse --short "$tag^{commit}"). Raise the version in Cargo.toml."
    refuse "this commit has no tag. Run: git tag $tag"
fi
# The newest part of the changes, without its heading.
notes=$(sed '1,/^## /d; /^## /,$d' CHANGELOG.md | sed '/./,$!d')
[ -n "$notes" ] || refuse "CHANGELOG.md says nothing below \`## $heading\`."
[ "${1-}" != check ] || exit 0

release=target/release-$version
making=$release.new
rm -rf "$making"
mkdir -p "$making"
trap 'rm -rf "$making"' EXIT

for package in target/debian/starcourt_*.deb; do
    [ -f "$package" ] || refuse "there are no packages in target/debian. Run: make deb"
    is=$(dpkg-deb --field "$package" Version)
    [ "$is" = "$version-1" ] || refuse "$package has version $is. Run: make deb"
    cp "$package" "$making"
done
ls "$making"/starcourt_*_arm64.deb >/dev/null 2>&1 || refuse "there is no package for the Pi (arm64). Run: make deb"

# The same commit makes the same file.
git archive --format tar --prefix "starcourt-$version/" HEAD | gzip --best --no-name >"$making/starcourt-$version.tar.gz"
printf '%s\n' "$notes" >"$making/NOTES.md"
(cd "$making" && sums=$(sha256sum -- *) && printf '%s\n' "$sums" >SHA256SUMS)

rm -rf "$release"
mv "$making" "$release"
echo "$release:"
ls -1sh "$release" | sed 1d
