"""Extracts of OpenStreetMap as bytes: told apart by content, and never unpacked beyond the bound."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.osm_file import OsmFileError, check_blobs, highways, osm_buffer, sizes_in, varint

XML = b"""<osm version="0.6">
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="2" visible="false"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="3"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="waterway" v="river"/></way>
</osm>"""


def as_varint(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return as_varint(number << 3) + as_varint(content)
    return as_varint(number << 3 | 2) + as_varint(len(content)) + content


def blob(kind: bytes, content: bytes, *, raw_size: int | None = None) -> bytes:
    """Return a blob of a PBF file; ``raw_size`` is what it says of its unpacked size."""
    packed = field(2, len(content) if raw_size is None else raw_size) + field(3, zlib.compress(content))
    header = field(1, kind) + field(3, len(packed))
    return len(header).to_bytes(4, "big") + header + packed


HEADER = blob(b"OSMHeader", field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes"))
EMPTY = blob(b"OSMData", field(1, b""))


def ids(content: bytes) -> list[int]:
    return [way.id for way in highways(osm_buffer(content))]


@given(st.integers(0, 2**63 - 1), st.binary(max_size=3))
def test_whole_numbers_are_read_as_written(value: int, more: bytes) -> None:
    written = as_varint(value)
    assert varint(memoryview(written + more), 0) == (value, len(written))


@given(st.lists(st.tuples(st.integers(1, 2000), st.integers(0, 2**40) | st.binary(max_size=30)), max_size=8))
def test_fields_are_found_with_their_sizes(fields: list[tuple[int, int | bytes]]) -> None:
    message = b"".join(field(number, content) for number, content in fields)
    expected = [(n, 2, len(c)) if isinstance(c, bytes) else (n, 0, c) for n, c in fields]
    assert list(sizes_in(memoryview(message))) == expected


@given(st.binary(max_size=60))
def test_any_bytes_are_fields_or_refused(message: bytes) -> None:
    def walk() -> Iterator[tuple[int, int, int]]:
        try:
            yield from sizes_in(memoryview(message))
        except (IndexError, ValueError):
            return

    assert len(list(walk())) <= len(message)


def test_files_are_known_by_their_content() -> None:
    assert ids(XML) == [1]
    assert ids(b"\xef\xbb\xbf\n " + XML) == [1]
    assert ids(gzip.compress(XML)) == [1]
    assert ids(HEADER + EMPTY) == []


def test_only_roads_that_are_on_the_map_come() -> None:
    assert [[node.ref for node in way.nodes] for way in highways(osm_buffer(XML))] == [[1, 2]]


@pytest.mark.parametrize("end", range(1, len(EMPTY)))
def test_a_file_that_ends_within_a_blob_is_refused(end: int) -> None:
    with pytest.raises(OsmFileError, match=f"ends within the part that begins at byte {len(HEADER)}; download"):
        osm_buffer(HEADER + EMPTY[:end])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (b"\x7f\xff\xff\xff" + EMPTY, "a header beyond the format's bound, at byte"),
        (b"\0\0\0\0" * 10, "a header that does not say how much follows"),
        (b"\0\0\0\1\7" + EMPTY, "a field of unknown type"),
        (b"\0\0\0\x0b" + b"\xff" * 11, "a number of more than 64 bits"),
    ],
)
def test_what_is_no_blob_is_refused(more: bytes, expected: str) -> None:
    with pytest.raises(OsmFileError, match=expected):
        osm_buffer(HEADER + more)


def test_sizes_add_up_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.osm_file.MOST_UNPACKED_BYTES", 2**20)
    bomb = blob(b"OSMData", bytes(2**18))
    assert len(bomb) < 2**10
    check_blobs(HEADER + 3 * bomb)
    with pytest.raises(OsmFileError, match="holds more than 1 MiB once unpacked"):
        osm_buffer(HEADER + 5 * bomb)


def test_a_blob_that_lies_about_its_size_is_refused() -> None:
    content = HEADER + blob(b"OSMData", bytes(2**18), raw_size=10)
    with pytest.raises(OsmFileError, match="cannot be read as a map"):
        ids(content)


def test_roads_of_too_many_points_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.osm_file.MOST_POINTS", 1)
    with pytest.raises(OsmFileError, match="its roads have more than 1 points; cut the extract"):
        ids(XML)


def test_the_library_still_refuses_entities() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "ha">]><osm version="0.6"><way id="1"/>&a;</osm>'
    with pytest.raises(RuntimeError, match="entities are not supported"):
        list(osmium.FileProcessor(osmium.io.FileBuffer(laughs, "osm")))
