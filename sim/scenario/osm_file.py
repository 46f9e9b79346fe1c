"""Opening an extract of OpenStreetMap safely: what it is by its content, how large it is once unpacked, its roads.

Compressed data from strangers can grow without bound and XML can declare entities. XML is unpacked here, up to a
bound, and refused with a document type; of a PBF file the unpacked sizes of its blobs, which libosmium holds each
blob to, are added up before anything is unpacked.
Format: OpenStreetMap wiki, "PBF Format".
"""

from __future__ import annotations

import bz2
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import osmium

MOST_UNPACKED_BYTES = 2**30
MOST_POINTS = 10_000_000  # of all roads; some ten times those of the largest cities
GZIP, BZIP2 = b"\x1f\x8b", b"BZh"
MOST_BLOB_HEADER_BYTES = 64 * 2**10  # by the format
WHOLE, FIXED_8, BYTES, FIXED_4 = 0, 1, 2, 5  # wire types of protocol buffers
HEADER_BLOB_BYTES = 3  # field of a BlobHeader: bytes of the blob that follows
BLOB_RAW, BLOB_RAW_BYTES = 1, 2  # fields of a Blob: data that is not packed; bytes of packed data once unpacked
LINE = re.compile(r"at line ([0-9]+)")  # in a message of libosmium
MAKE_IT_ANEW = "download or cut the extract anew"


class OsmFileError(Exception):
    """A file is no extract of OpenStreetMap that can be read.

    Attributes:
        message: what is wrong.
        remedy: what the user can do about it.
        line: of an XML file, 0 where none is to blame.
    """

    def __init__(self, message: str, remedy: str, line: int = 0) -> None:
        """Keep what is wrong."""
        self.message, self.remedy, self.line = message, remedy, line
        super().__init__(f"{message}; {remedy}")


def too_large() -> OsmFileError:
    """Return the error for a file that holds more than anything this program can use."""
    return OsmFileError(
        f"holds more than {MOST_UNPACKED_BYTES // 2**20:,} MiB once unpacked", "cut the extract to the town"
    )


def unpacked(packed: gzip.GzipFile | bz2.BZ2File) -> bytes:
    """Return what a compressed stream holds, never more than the bound."""
    try:
        with packed:
            content = packed.read(MOST_UNPACKED_BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise OsmFileError(f"cannot be unpacked ({error})", MAKE_IT_ANEW) from error
    if len(content) > MOST_UNPACKED_BYTES:
        raise too_large()
    return content


def varint(content: memoryview, place: int) -> tuple[int, int]:
    """Return the whole number at a place, as protocol buffers write it, and the place after it."""
    value = 0
    for shift in range(0, 64, 7):
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
    raise ValueError("a number of more than 64 bits")


def sizes_in(message: memoryview) -> Iterator[tuple[int, int, int]]:
    """Yield field, wire type and size of each field of a message: a number's value, or how many bytes there are."""
    place = 0
    while place < len(message):
        key, place = varint(message, place)
        field, wire = key >> 3, key & 7
        if wire == WHOLE:
            value, place = varint(message, place)
        elif wire == BYTES:
            value, place = varint(message, place)
            place += value
        elif wire in (FIXED_4, FIXED_8):
            value = 4 if wire == FIXED_4 else 8
            place += value
        else:
            raise ValueError("a field of unknown type")
        if place > len(message):
            raise IndexError
        yield field, wire, value


def blob_at(whole: memoryview, start: int) -> tuple[int, int]:
    """Return the place after the blob that begins at ``start``, and the bytes that it unpacks to.

    Raises:
        IndexError: the file ends before the blob does.
        ValueError: what stands there is no blob.
    """
    begin = start + 4 + int.from_bytes(whole[start : start + 4], "big")
    if begin - start - 4 > MOST_BLOB_HEADER_BYTES:
        raise ValueError("a header beyond the format's bound")
    if begin > len(whole):
        raise IndexError
    header = {field: value for field, _, value in sizes_in(whole[start + 4 : begin])}
    if HEADER_BLOB_BYTES not in header:
        raise ValueError("a header that does not say how much follows")
    end = begin + header[HEADER_BLOB_BYTES]
    if end > len(whole):
        raise IndexError
    blob = whole[begin:end]
    return end, sum(value for field, _, value in sizes_in(blob) if field in (BLOB_RAW, BLOB_RAW_BYTES))


def check_blobs(content: bytes) -> None:
    """Refuse a PBF file that ends too early, is damaged between its blobs, or holds too much.

    Raises:
        OsmFileError: with the byte at which the blob begins.
    """
    whole, place, total = memoryview(content), 0, 0
    while place < len(whole):
        start = place
        try:
            place, unpacked_bytes = blob_at(whole, start)
        except IndexError as error:
            raise OsmFileError(f"ends within the part that begins at byte {start:,}", MAKE_IT_ANEW) from error
        except ValueError as error:
            raise OsmFileError(f"is no readable PBF: {error}, at byte {start:,}", MAKE_IT_ANEW) from error
        total += unpacked_bytes
        if total > MOST_UNPACKED_BYTES:
            raise too_large()


def osm_buffer(content: bytes) -> osmium.io.FileBuffer:
    """Return a file's content ready to be read, PBF or XML whatever the file is called.

    Raises:
        OsmFileError: it is neither, is cut off, unpacks to more than 1 GiB, or declares a document type.
    """
    if content.startswith(GZIP):
        content = unpacked(gzip.GzipFile(fileobj=io.BytesIO(content)))
    elif content.startswith(BZIP2):
        content = unpacked(bz2.BZ2File(io.BytesIO(content)))
    if content[:40].find(b"OSMHeader") > 0:
        check_blobs(content)
        return osmium.io.FileBuffer(content, "pbf")
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"<":
        raise OsmFileError("is neither PBF nor XML of OpenStreetMap", "give a file .osm.pbf, .osm, .osm.gz or .osm.bz2")
    place = content.find(b"<!DOCTYPE")
    if place >= 0:
        line = content.count(b"\n", 0, place) + 1
        raise OsmFileError("holds a document type", "OpenStreetMap's XML needs none; delete <!DOCTYPE ...>", line)
    return osmium.io.FileBuffer(content, "osm")


def things_in(
    buffer: osmium.io.FileBuffer, kind: osmium.osm.osm_entity_bits, only: osmium.BaseFilter | None = None
) -> Iterator[Any]:
    """Yield a file's nodes or ways that are on the map, those that pass a filter; each is gone when the next one comes.

    Raises:
        OsmFileError: the file is damaged.
    """
    found = osmium.FileProcessor(buffer, kind)
    chosen: Iterable[Any] = found.with_filter(only) if only is not None else found
    try:
        for thing in chosen:
            if thing.visible and not thing.deleted:
                yield thing
    except (RuntimeError, ValueError, OverflowError, osmium.InvalidLocationError) as error:
        line = LINE.search(str(error))
        raise OsmFileError(f"cannot be read as a map ({error})", MAKE_IT_ANEW, int(line[1]) if line else 0) from error


def highways(buffer: osmium.io.FileBuffer) -> Iterator[osmium.osm.Way]:
    """Yield the ways that are some kind of road; each is gone when the next one comes.

    Raises:
        OsmFileError: the file is damaged, or its roads have more than ten million points.
    """
    points = 0
    for way in things_in(buffer, osmium.osm.WAY, osmium.filter.KeyFilter("highway")):
        points += len(way.nodes)
        if points > MOST_POINTS:
            raise OsmFileError(f"its roads have more than {MOST_POINTS:,} points", "cut the extract to the town")
        yield way
