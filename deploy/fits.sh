#!/bin/sh
# Checks that a binary fits on a Raspberry Pi: it is small, and it runs with the C library of Bookworm.
set -eu

binary=$1
glibc_of_bookworm=2.36
most_bytes=$((10 * 1024 * 1024))

bytes=$(stat --format %s "$binary")
glibc=$(readelf --version-info --wide "$binary" | grep -o 'GLIBC_[0-9][0-9.]*' | sort -uV | tail -n 1 | cut -d _ -f 2)
echo "$binary: $bytes bytes, needs glibc ${glibc:-of any version}"

if [ "$bytes" -gt $most_bytes ]; then
    echo "that is more than $most_bytes bytes: look for what grew with cargo bloat" >&2
    exit 1
fi
newest=$(printf '%s\n' "$glibc" $glibc_of_bookworm | sort -V | tail -n 1)
if [ "$newest" != $glibc_of_bookworm ]; then
    echo "Raspberry Pi OS Bookworm has glibc $glibc_of_bookworm: build on Bookworm or older" >&2
    exit 1
fi
