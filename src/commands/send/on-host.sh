# What `starcourt send` does on the other machine. What it needs to know comes as lines on its standard input, as data
# and never as a part of a command: the folder (empty: the usual one), the size in kB, and the names of the shows.
# Then comes a tar archive, whose last file is `.complete`. It prints `+` first. A line that begins with `=` is for the
# person, and a line that begins with `!` says why nothing was changed.
set -eu
umask 022
say() { printf '=%s\n' "$1" 2>/dev/null || :; }
refuse() { printf '!%s\n' "$2" 2>/dev/null || :; exit "$1"; }
lost() { refuse 1 "the connection ended"; }

printf '+\n' 2>/dev/null || :
IFS= read -r folder || lost
IFS= read -r kilobytes || lost
IFS= read -r shows || lost
case $kilobytes in '' | *[!0-9]*) refuse 1 "this is no session of starcourt send" ;; esac
case $shows in *[!a-z0-9_\ -]*) refuse 1 "this is no session of starcourt send" ;; esac

command -v starcourt >/dev/null 2>&1 || refuse 1 "starcourt is not installed there; docs/install.md says how"
version=$(starcourt --version 2>/dev/null) || version="starcourt of an unknown version"
[ -n "$folder" ] || folder=${STARCOURT_SHOWS:-/etc/starcourt/shows}
case $folder in /*) ;; *) folder=$PWD/$folder ;; esac

# A folder that may be written to: by this user, or by root.
there=$folder
until [ -d "$there" ]; do there=$(dirname "$there"); done
as=
if [ ! -w "$there" ]; then
    sudo -n true 2>/dev/null ||
        refuse 77 "$(id -un) may not write in $there, and may not use sudo there without a password; name a folder with --shows, or run there: sudo install -d -o $(id -un) '$folder'"
    as="sudo -n"
fi
$as mkdir -p "$folder" || refuse 1 "the folder $folder cannot be made"
free=$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')
[ "$free" -gt $((kilobytes + 1024)) ] || refuse 1 "$folder has only $free kB free, and the shows need $kilobytes kB"

# What an earlier connection may have left.
$as find "$folder" -maxdepth 1 -name '.send.??????' -mmin +1440 -exec rm -rf {} + 2>/dev/null || :
new=$($as mktemp -d "$folder/.send.XXXXXX") || refuse 1 "nothing can be written in $folder"
old=
trap '$as rm -rf "$new" ${old:+"$old"}' EXIT
trap 'exit 1' HUP INT TERM PIPE
$as chmod 755 "$new"
fault=$($as tar -x -f - -C "$new" --no-same-owner 2>&1) || fault=${fault:-tar failed}
if [ ! -f "$new/.complete" ]; then
    case $fault in
        *"No space left"*) refuse 1 "the disk is full" ;;
        '' | *"Unexpected EOF"* | *"not look like a tar"*) lost ;;
        *) refuse 1 "the files cannot be unpacked there: $(printf '%s\n' "$fault" | head -n 1)" ;;
    esac
fi
$as rm "$new/.complete"

code=0
# The names have no character that a shell would read.
told=$(cd "$new" && STARCOURT_SHOWS=. starcourt check $shows 2>&1 </dev/null) || code=$?
printf '%s\n' "$told" | sed 's/^/=/'
case $code in
    0) ;;
    65) refuse 65 "check found mistakes there" ;;
    2) refuse 1 "the $version there is too old for this; docs/install.md says how to install a newer one" ;;
    *) refuse 1 "check failed there, with exit code $code" ;;
esac

# From here on the work is completed or undone, also if the connection is lost.
trap '' HUP INT TERM PIPE
old=$($as mktemp -d "$folder/.send.XXXXXX") || refuse 1 "nothing can be written in $folder"
keep() {
    [ ! -d "$folder/$1" ] || return 1
    [ ! -e "$folder/$1" ] || $as ln "$folder/$1" "$old/$1" 2>/dev/null || $as cp -a "$folder/$1" "$old/$1"
}
set --
fault=
# A sheet comes after the music that it names.
for kind in other sheet; do
    for file in "$new"/* "$new"/.[!.]*; do
        [ -f "$file" ] || continue
        name=${file##*/}
        case $name in
            *.show) [ $kind = sheet ] || continue ;;
            *) [ $kind = other ] || continue ;;
        esac
        if keep "$name" && $as mv -fT "$file" "$folder/$name"; then
            set -- "$@" "$name"
        else
            fault=$name
            break 2
        fi
    done
done
if [ -n "$fault" ]; then
    for name in "$@"; do
        if $as test -e "$old/$name"; then $as mv -fT "$old/$name" "$folder/$name"; else $as rm -f "$folder/$name"; fi
    done
    refuse 1 "$fault cannot be put into $folder"
fi
$as sync "$folder" 2>/dev/null || :
say "in place: $# files in $folder, $version"
for name in $shows; do
    [ "$folder" = "$PWD/shows" ] || [ ! -e "$PWD/shows/$name.show" ] ||
        say "there is another show $name in $PWD/shows, and \`starcourt play $name\` there plays that one"
done
