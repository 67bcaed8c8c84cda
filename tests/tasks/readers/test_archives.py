"""Archives: members as records, what is refused and what is passed over, limits, and damage of any kind."""

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers import ReadOptions, read_file
from tasks.readers.source import Tally
from tasks.records import RawFile, Rejection
from tests.tasks.readers.reading import read, verdicts


def text(name: str) -> bytes:
    return f"{name}\nMarch 6, 2026\n\nThe {name.lower()} is back.\n".encode()


MEMBERS = {f"march/{name.lower()}.txt": text(name) for name in ("Ferry", "Dock", "Lamp", "Quay")}
TITLES = ["Ferry", "Dock", "Lamp", "Quay"]


def pack_zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


def pack_tar(members: dict[str, bytes], **kinds: bytes) -> bytes:
    """A tar archive; a member named in ``kinds`` is of that type, its bytes the target of the link."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            if name in kinds:
                info.type, info.linkname, data = kinds[name], data.decode(), b""
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def members_of(items):
    return [item.member for item in items]


def passed_over(folder: Path, data: bytes) -> Counter[str]:
    (folder / "a").write_bytes(data)
    kinds: Counter[str] = Counter()
    list(read_file(RawFile(folder / "a", "a"), ReadOptions(), Tally(passed_over=kinds)))
    return kinds


PACKS = {"zip": pack_zip, "tar": pack_tar}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
@pytest.mark.parametrize(
    "wrap",
    [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard.ZstdCompressor().compress],
    ids=["plain", "gzip", "bzip2", "xz", "zstandard"],
)
def test_members_are_records_however_the_archive_is_compressed(tmp_path, pack, wrap):
    items = read(tmp_path, "export", wrap(pack(MEMBERS)))
    assert verdicts(items) == TITLES
    assert members_of(items) == list(MEMBERS)
    assert [item.ordinal for item in items] == [1, 2, 3, 4]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_zip_methods(tmp_path, method):
    assert verdicts(read(tmp_path, "a.zip", pack_zip(MEMBERS, method))) == TITLES


def test_zip_methods_that_are_not_known_cost_one_member(tmp_path):
    data = bytearray(pack_zip(MEMBERS))
    entry = data.rindex(b"march/dock.txt") - 46
    data[entry + 10] = 9  # Deflate64
    assert verdicts(read(tmp_path, "a.zip", bytes(data))) == ["Ferry", "unsupported_format", "Lamp", "Quay"]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
@pytest.mark.parametrize("inner", PACKS.values(), ids=PACKS)
def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not(tmp_path, pack, inner):
    nested = pack({"a.txt": text("Ferry"), "in.gz": gzip.compress(inner({"b.txt": text("Dock")}))})
    items = read(tmp_path, "a", nested)
    assert members_of(items) == ["a.txt", "in.gz/b.txt"]
    items = read(tmp_path, "a", pack({"deeper": nested, "c.txt": text("Lamp")}))
    assert verdicts(items) == ["Ferry", "archive_limit", "Lamp"]
    assert items[1].member == "deeper/in.gz"


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_members_in_any_format_keep_their_place(tmp_path, pack):
    lines = b'{"title": "One", "text": "A."}\n{"title": "Two", "text": "B."}\n'
    items = read(tmp_path, "a", pack({"feed.jsonl.gz": gzip.compress(lines), "empty.txt": b"", "x.txt": text("Ferry")}))
    assert members_of(items) == ["feed.jsonl.gz#line:1", "feed.jsonl.gz#line:2", "empty.txt", "x.txt"]
    assert verdicts(items) == ["One", "Two", "empty_file", "Ferry"]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
@pytest.mark.parametrize(
    "name", ["/etc/a.txt", "../a.txt", "a/../../b.txt", "..\\b.txt", "C:\\b.txt", "\\\\host\\b.txt"]
)
def test_unsafe_paths_are_refused_one_by_one(tmp_path, pack, name):
    items = read(tmp_path, "a", pack({name: b"secret", "good.txt": text("Ferry")}))
    assert verdicts(items) == ["unsafe_member", "Ferry"]
    assert items[0].member == name


def test_links_devices_and_what_lies_behind_a_link_are_refused(tmp_path):
    members = {"d": b"/tmp", "d/a.txt": text("Ferry"), "h": b"etc/shadow", "p": b"", "c": b"", "ok.txt": text("Dock")}
    kinds = {"d": tarfile.SYMTYPE, "h": tarfile.LNKTYPE, "p": tarfile.FIFOTYPE, "c": tarfile.CHRTYPE}
    items = read(tmp_path, "a", pack_tar(members, **kinds))
    assert verdicts(items) == ["unsafe_member"] * 5 + ["Dock"]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, kind in (
            ("d", stat.S_IFLNK),
            ("d/a.txt", stat.S_IFREG),
            ("p", stat.S_IFIFO),
            ("ok.txt", stat.S_IFREG),
        ):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (kind | 0o644) << 16
            archive.writestr(info, text("Ferry"))
    assert verdicts(read(tmp_path, "a", file.getvalue())) == ["unsafe_member"] * 3 + ["Ferry"]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_what_is_no_article_by_its_name_is_counted(tmp_path, pack):
    members = {
        "__MACOSX/._a.txt": b"\0",
        "b/._b.txt": b"\0",
        ".DS_Store": b"\0",
        "README.md": b"Read me.",
        "c/.git": b"x",
    }
    assert read(tmp_path, "a", pack(members)) == []
    assert passed_over(tmp_path, pack(members)) == {"macOS metadata files": 3, "hidden files and READMEs": 2}


def test_folders_are_counted(tmp_path):
    assert passed_over(tmp_path, pack_zip({"a/": b"", "a/b/": b""})) == {"folders": 2}
    assert passed_over(tmp_path, pack_tar({"a": b""}, a=tarfile.DIRTYPE)) == {"folders": 1}


def test_encrypted_members_are_refused(tmp_path):
    data = bytearray(pack_zip(MEMBERS))
    data[data.rindex(b"march/dock.txt") - 46 + 8] |= 1
    assert verdicts(read(tmp_path, "a.zip", bytes(data))) == ["Ferry", "encrypted_member", "Lamp", "Quay"]


def test_a_wrong_checksum_costs_one_member(tmp_path):
    data = pack_zip(MEMBERS, zipfile.ZIP_STORED).replace(b"The lamp is back", b"The lamp is gone")
    assert verdicts(read(tmp_path, "a.zip", data)) == ["Ferry", "Dock", "corrupt_archive", "Quay"]


def test_a_zip_without_its_directory_is_read_by_its_headers(tmp_path):
    data = pack_zip(MEMBERS)
    cut = data[: data.index(b"PK\x01\x02") + 60]
    assert verdicts(read(tmp_path, "a.zip", cut)) == ["corrupt_archive", *TITLES]
    half = data[: data.index(b"march/quay.txt") + 20]
    assert verdicts(read(tmp_path, "a.zip", half)) == ["corrupt_archive", *TITLES[:3], "corrupt_compression"]


def test_members_written_to_a_pipe_are_found_without_the_directory(tmp_path):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    file = Pipe()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    data = file.getvalue()
    assert verdicts(read(tmp_path, "a.zip", data)) == TITLES
    assert verdicts(read(tmp_path, "a.zip", data[: data.index(b"PK\x01\x02")])) == ["corrupt_archive", *TITLES]


def test_a_size_that_is_wrong_costs_no_neighbour_where_the_directory_is_missing(tmp_path):
    data = bytearray(pack_zip(MEMBERS)[: pack_zip(MEMBERS).index(b"PK\x01\x02")])
    at = data.index(b"march/dock.txt") - 30
    data[at + 18 : at + 22] = (10**9).to_bytes(4, "little")
    assert verdicts(read(tmp_path, "a.zip", bytes(data))) == ["corrupt_archive", *TITLES]


def test_packages_that_are_zip_archives_are_refused_as_what_they_are(tmp_path):
    [item] = read(tmp_path, "a.docx", pack_zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    assert (item.reason_code, item.reason) == (
        "unsupported_format",
        "The file is an Office document, which no reader knows.",
    )


def test_a_damaged_tar_header_costs_the_members_up_to_the_next(tmp_path):
    data = bytearray(pack_tar(MEMBERS))
    at = data.index(b"march/dock.txt")
    data[at + 130] ^= 0xFF
    items = read(tmp_path, "a.tar", bytes(data))
    assert verdicts(items) == ["Ferry", "corrupt_archive", "Lamp", "Quay"]
    assert items[1].reason == (
        "The archive is damaged at offset 1,024: 1,024 bytes are lost, and the member they belong to."
    )


def test_a_tar_that_is_cut_off_keeps_the_members_before(tmp_path):
    data = pack_tar(MEMBERS)
    items = read(tmp_path, "a.tar", data[: data.index(b"march/lamp.txt") + 512 + 20])
    assert verdicts(items) == ["Ferry", "Dock", "corrupt_archive"]
    assert items[2].member == "march/lamp.txt"


def test_long_and_strange_names_are_only_names(tmp_path):
    names = ["x" * 300 + ".txt", "neue Fähre.txt", "tab\tbell\x07.txt"]
    items = read(tmp_path, "a.tar", pack_tar({name: text("Ferry") for name in names}))
    assert members_of(items) == [names[0], names[1], "tab\\tbell\\x07.txt"]
    data = pack_tar({"name.txt": text("Ferry")}).replace(b"name.txt", b"n\xe4m\xff.txt")
    header = bytearray(data[:512])
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    [item] = read(tmp_path, "a.tar", bytes(header) + data[512:])
    assert item.member == "n\\udce4m\\udcff.txt"


def test_an_extended_header_of_any_size_is_not_held(tmp_path):
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 3_000_000
    bomb = info.tobuf() + b"9 path=a\n" * (3_000_000 // 9) + bytes(-(3_000_000 // 9 * 9) % 512)
    items = read(tmp_path, "a.tar", bomb + pack_tar({"a.txt": text("Ferry")}))
    assert verdicts(items) == ["corrupt_archive", "Ferry"]


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_limits_on_members(tmp_path, pack):
    data = pack(MEMBERS)
    assert verdicts(read(tmp_path, "a", data, max_members=2)) == ["Ferry", "Dock", "archive_limit"]
    data = pack({"big.txt": b"x " * 5_000, **MEMBERS})
    assert verdicts(read(tmp_path, "a", data, max_member_bytes=5_000)) == ["decompression_limit", *TITLES]
    nested = pack({"in": pack(MEMBERS), "more.txt": text("More")})
    assert verdicts(read(tmp_path, "a", nested, max_members=3)) == ["Ferry", "Dock", "archive_limit"]


def test_all_members_together_are_limited(tmp_path):
    data = pack_zip({f"{n}.txt": bytes([97 + n]) * 4_000 for n in range(10)})
    items = read(tmp_path, "a.zip", data, max_file_bytes=10_000)
    assert verdicts(items) == ["a" * 4_000, "b" * 4_000, "decompression_limit"]


def test_members_that_share_their_bytes_are_read_once(tmp_path):
    """What a bomb of overlapping members does: a small kernel that many entries of the directory point to."""
    data = pack_zip({"a.txt": text("Ferry")})
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry, n = data[at:end], 1_000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n, n, len(entry) * n, at, 0)
    items = read(tmp_path, "a.zip", data[:at] + entry * n + tail)
    assert verdicts(items) == ["Ferry"] + ["corrupt_archive"] * (n - 1)


def test_a_bomb_stops_at_its_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr("tasks.readers.archive.RATIO_FREE", 1_000_000)
    data = pack_zip({f"{n}.txt": b" " * 900_000 for n in range(20)})
    items = read(tmp_path, "a.zip", data, max_expansion_ratio=100)
    assert verdicts(items)[-1] == "decompression_limit"
    assert len(items) < 5


CONTAINERS = {
    "zip": pack_zip(MEMBERS),
    "stored.zip": pack_zip(MEMBERS, zipfile.ZIP_STORED),
    "tar": pack_tar(MEMBERS),
    "tar.gz": gzip.compress(pack_tar(MEMBERS), mtime=0),
    "nested": pack_tar({"a.txt": text("Ferry"), "in.zip": pack_zip(MEMBERS)}),
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(sorted(CONTAINERS)), st.data())
def test_damage_anywhere_never_raises_and_never_makes_up_an_article(tmp_path, name, data):
    packed = bytearray(CONTAINERS[name])
    at = data.draw(st.integers(0, len(packed) - 1))
    match data.draw(st.sampled_from(["flip", "cut", "insert", "zeros"])):
        case "flip":
            packed[at] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del packed[at:]
        case "insert":
            packed[at:at] = data.draw(st.binary(min_size=1, max_size=600))
        case "zeros":
            packed[at : at + 40] = bytes(len(packed[at : at + 40]))
    items = read(tmp_path, "a", bytes(packed))
    assert [item.ordinal for item in items] == list(range(1, len(items) + 1))
    for item in items:
        if isinstance(item, Rejection):
            assert item.reason.endswith(".")
        (item.member or "").encode()
    if "zip" in name and name != "nested":  # a checksum guards every member of these
        articles = [item.fields["text"] for item in items if not isinstance(item, Rejection) and "text" in item.fields]
        assert set(articles) <= {f"The {title.lower()} is back." for title in TITLES}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(["zip", "tar"]), st.integers(0, 3), st.integers(0, 10_000))
def test_members_before_a_cut_survive(tmp_path, name, number, more):
    packed = CONTAINERS[name]
    start = packed.index(list(MEMBERS)[number].encode()) - (30 if name == "zip" else 0)
    found = [
        verdict for verdict in verdicts(read(tmp_path, "a", packed[: start + more])) if verdict != "corrupt_archive"
    ]
    assert found[:number] == TITLES[:number]
