"""Reads an FSEQ file with nothing of starcourt's: prints a line of hexadecimal values for each frame.

Channels that the file does not hold are not printed. zlib is Python's own, zstd the system's library.
"""

import ctypes
import struct
import sys
import zlib


def zstd(packed):
    library = ctypes.CDLL("libzstd.so.1")
    size = ctypes.c_size_t
    library.ZSTD_findFrameCompressedSize.restype = size
    library.ZSTD_findFrameCompressedSize.argtypes = [ctypes.c_char_p, size]
    library.ZSTD_decompress.restype = size
    library.ZSTD_decompress.argtypes = [ctypes.c_char_p, size, ctypes.c_char_p, size]
    room = ctypes.create_string_buffer(4 << 20)
    values = b""
    while packed:
        length = library.ZSTD_findFrameCompressedSize(packed, len(packed))
        count = library.ZSTD_decompress(room, len(room), packed[:length], length)
        assert not library.ZSTD_isError(size(count)), "this is no zstd"
        values += room.raw[:count]
        packed = packed[length:]
    return values


def frames(data):
    data_at, = struct.unpack_from("<H", data, 4)
    channels, count = struct.unpack_from("<II", data, 10)
    if data[7] == 1 or data[20] & 15 == 0:
        values = data[data_at:]
    else:
        unpack = {1: zstd, 2: zlib.decompress}[data[20] & 15]
        table = (data[20] >> 4) * 256 + data[21]
        blocks, at = [], data_at
        for entry in range(table):
            first, length = struct.unpack_from("<II", data, 32 + 8 * entry)
            if length:
                blocks.append((first, data[at : at + length]))
                at += length
        if not blocks:
            blocks = [(0, data[data_at:])]
        values = b"".join(unpack(packed) for _, packed in sorted(blocks))
    return [values[frame * channels : (frame + 1) * channels] for frame in range(count)]


with open(sys.argv[1], "rb") as file:
    for frame in frames(file.read()):
        print(frame.hex())
