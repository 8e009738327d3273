#!/usr/bin/env bash
# Throws mutations of the corpus at every trial, or at those that are named, for FUZZ_SECONDS each.
#
# With libFuzzer on the toolchain that builds starcourt; `cargo +nightly fuzz run NAME` does the same under
# the address sanitizer. What is found lies in artifacts/; what is new and interesting in target/corpus/,
# so that the committed corpus stays small.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${FUZZ_SECONDS:-300}
host=$(rustc -vV | sed -n 's/^host: //p')
# What libFuzzer steers by: which branches are taken, and what is compared with what.
export RUSTFLAGS="--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares"
RUSTFLAGS=$(echo $RUSTFLAGS)
# Named, or build scripts and macros would be made to steer, too.
cargo build --quiet --release --locked --target "$host"

trials=("$@")
[ ${#trials[@]} -gt 0 ] || trials=($(ls corpus))
for trial in "${trials[@]}"; do
    mkdir -p target/corpus/"$trial" artifacts/"$trial"
    dictionary=()
    [ ! -e dictionaries/"$trial" ] || dictionary=(-dict=dictionaries/"$trial")
    echo "$trial, for $seconds s"
    # The trial counts its own 64 MiB; libFuzzer's tables come on top.
    target/"$host"/release/"$trial" target/corpus/"$trial" corpus/"$trial" "${dictionary[@]}" \
        -artifact_prefix=artifacts/"$trial"/ -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 \
        -max_len=16384 -print_final_stats=1 -verbosity=0 -close_fd_mask=1 2>&1 |
        grep -E 'stat::|panicked|ERROR|SUMMARY|Test unit|at a time|:[0-9]+:[0-9]+' ||
        true
    [ -z "$(ls artifacts/"$trial")" ] || { echo "found something: fuzz/artifacts/$trial" && exit 1; }
done
