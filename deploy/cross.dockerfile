# The image in which `cross` builds. It has the compiler and the glibc of Raspberry Pi OS Bookworm.
FROM debian:bookworm

RUN dpkg --add-architecture arm64 \
    && apt-get update \
    && apt-get install --assume-yes --no-install-recommends ca-certificates gcc libc6-dev pkg-config \
        gcc-aarch64-linux-gnu libc6-dev-arm64-cross libasound2-dev:arm64

ENV CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc \
    PKG_CONFIG_ALLOW_CROSS=1 \
    PKG_CONFIG_PATH=/usr/lib/aarch64-linux-gnu/pkgconfig
