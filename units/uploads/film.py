"""mp4 films: boxes that follow each other without a gap; what the phone wrote into them is blanked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

# Boxes that hold others and, somewhere below, remarks; boxes that are remarks.
FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"}
NOTES = {b"udta", b"meta", b"uuid", b"free", b"skip"}
BRANDS = (b"iso", b"mp4", b"avc", b"M4V", b"das", b"MSN")
MOST_BOXES = 20_000


def is_mp4(file, size: int, brand: bytes) -> bool:
    """It has an index and the film. Films of phones in other containers (qt, heic, 3gp) do not play everywhere."""
    if brand[:3] not in BRANDS:
        return False
    boxes, end = set(), 0
    for box in _boxes(file, 0, size):
        boxes.add(box.kind)
        end = box.end
    return end == size and {b"moov", b"mdat"} <= boxes


def take(source: IO[bytes], target: IO[bytes], size: int) -> None:
    """Write a copy of the same length in which every remark (place, phone, title) has become empty room."""
    source.seek(0)
    while block := source.read(1024 * 1024):
        target.write(block)
    waiting, left = [(0, size)], MOST_BOXES
    while waiting and left:
        for box in _boxes(source, *waiting.pop()):
            left -= 1
            if box.kind in FOLDERS:
                waiting.append((box.body, box.end))
            elif box.kind in NOTES:
                target.seek(box.start + 4)
                target.write(b"free")
                target.seek(box.body)
                target.write(bytes(box.end - box.body))


class Box(NamedTuple):
    kind: bytes
    start: int
    body: int
    end: int


def _boxes(file, place: int, size: int) -> Iterator[Box]:
    """Each box between two places; stops where they no longer fit."""
    count = 0
    while place + 8 <= size and count < MOST_BOXES:
        file.seek(place)
        header = file.read(16)
        length, body = int.from_bytes(header[:4], "big"), place + 8
        if length == 1:
            length, body = int.from_bytes(header[8:16], "big"), place + 16
        elif length == 0:
            length = size - place
        if length < body - place or place + length > size:
            return
        yield Box(header[4:8], place, body, place + length)
        place += length
        count += 1
