"""Compressed files: what each layer gives, where it is damaged, and how much of it is ever held."""

import bz2
import gzip
import lzma
import tracemalloc
import zlib
from itertools import islice

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers.layers import BZIP2, CHUNK, GZIP, XZ, ZSTD, Layer, Stop, decompress
from tasks.records import Rejection
from tests.tasks.readers.reading import read, verdicts

PACK = {
    GZIP: lambda data: gzip.compress(data, mtime=0),
    BZIP2: bz2.compress,
    XZ: lzma.compress,
    ZSTD: zstandard.ZstdCompressor(write_checksum=True).compress,
}
LAYERS = [pytest.param(layer, id=layer.name) for layer in PACK]
TITLES = [f"Ferry {n}" for n in range(100)]
LINES = b"".join(b'{"title": "Ferry %d", "text": "It sailed at %d."}\n' % (n, n) for n in range(100))


def unpack(data: bytes, layer: Layer, size: int = 1000) -> tuple[bytes, str]:
    """The bytes that a layer gives for data that comes in pieces, and the reason why it stops."""
    parts: list[bytes] = []
    try:
        parts += decompress(iter([data[at : at + size] for at in range(0, len(data), size)]), layer)
    except Stop as stop:
        return b"".join(parts), stop.reason
    return b"".join(parts), ""


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_members_and_the_padding_between_them_are_undone(layer, size):
    data = PACK[layer](LINES) + PACK[layer](b"") + b"\0" * 512 + PACK[layer](b"end")
    assert unpack(data, layer, size) == (LINES + b"end", "")


@pytest.mark.parametrize("layer", LAYERS)
def test_what_is_no_member_is_told_apart_from_one_that_is_cut_off(layer):
    assert unpack(PACK[layer](LINES) + b"more", layer)[1].startswith("Behind the")
    assert unpack(PACK[layer](LINES)[:-9], layer)[1].endswith("what stood before the end has been read.")


@pytest.mark.parametrize("layer", LAYERS)
def test_a_bomb_comes_in_pieces(layer):
    bomb = PACK[layer](bytes(15_000_000))
    chunks = decompress(iter((bomb,)), layer)
    tracemalloc.start()
    assert max(map(len, islice(chunks, 20))) <= (CHUNK if layer is not ZSTD else CHUNK + 16 * 2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000 + (layer is ZSTD) * 20_000_000


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst", ""])
@pytest.mark.parametrize("layer", LAYERS)
def test_layers_are_known_by_content_two_deep(tmp_path, layer, suffix):
    once = PACK[layer](LINES[:200])
    assert verdicts(read(tmp_path, f"a.jsonl{suffix}", once))[:2] == ["Ferry 0", "Ferry 1"]
    twice = PACK[GZIP](once)
    assert verdicts(read(tmp_path, f"a.jsonl{suffix}", twice)) == verdicts(read(tmp_path, "a.jsonl", once))
    assert verdicts(read(tmp_path, f"a.jsonl{suffix}", PACK[layer](twice))) == ["unsupported_format"]


def test_lines_before_the_damage_in_gzip_are_kept_to_the_last(tmp_path):
    packer = zlib.compressobj(wbits=31)
    start = packer.compress(LINES) + packer.flush(zlib.Z_FULL_FLUSH)
    items = read(tmp_path, "a.jsonl.gz", start + b"\xff" * 500)
    assert verdicts(items) == [*TITLES, "corrupt_compression"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.sampled_from(list(PACK)), st.data())
def test_damage_is_never_silent(tmp_path, layer, data):
    packed = bytearray(PACK[layer](LINES))
    at = data.draw(st.integers(0, len(packed) - 1))
    if data.draw(st.booleans()):
        packed[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del packed[at:]
    items = read(tmp_path, "a.txt", bytes(packed))
    assert verdicts(items) == TITLES or any(isinstance(item, Rejection) for item in items)
