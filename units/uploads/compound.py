"""The old container of Office and WPS files (OLE): its table of contents, read just far enough to name the kind."""

from units.uploads.facts import UploadRefused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = {"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"}
MOST_SECTORS = 4096
END_OF_CHAIN = 0xFFFFFFFA  # this number and those above mark ends and free places


def kind_of(file, size: int, shown: str) -> str | None:
    """wps for a text document, et for a sheet, None for another container or a broken one."""
    names = entry_names(file, size)
    if "EncryptedPackage" in names:
        raise UploadRefused(f"“{shown}”加了密码，请取消密码后再上传。")
    if names & MACROS:
        raise UploadRefused(f"“{shown}”带有宏，请另存为不含宏的文件后再上传。")
    if "WordDocument" in names:
        return "wps"
    return "et" if names & {"Workbook", "Book", "ETDocument"} else None


def entry_names(file, size: int) -> set[str]:
    """The names of all streams and folders in the container; empty when its chains lead nowhere."""
    file.seek(0)
    header = file.read(512)
    power = int.from_bytes(header[30:32], "little")
    if len(header) < 512 or power not in (9, 12):
        return set()
    sector = 1 << power
    table = _allocation_table(file, header, sector)
    names, place, steps = set(), _number(header, 48), 0
    while place < END_OF_CHAIN and steps < MOST_SECTORS:
        block = _sector(file, place, sector)
        names.update(_names(block))
        place = table.get(place, END_OF_CHAIN)
        steps += 1
    return names


def _allocation_table(file, header: bytes, sector: int) -> dict[int, int]:
    """Sector → next sector."""
    table, numbers = {}, sector // 4
    for index, place in enumerate(_table_places(file, header, sector)):
        block = _sector(file, place, sector)
        for offset in range(len(block) // 4):
            table[index * numbers + offset] = _number(block, 4 * offset)
    return table


def _table_places(file, header: bytes, sector: int) -> list[int]:
    """Where the blocks of the table lie: 109 places in the header, those of large files in a chain of their own."""
    places = [_number(header, offset) for offset in range(76, 512, 4)]
    further, steps = _number(header, 68), 0
    while further < END_OF_CHAIN and steps < MOST_SECTORS:
        block = _sector(file, further, sector)
        if len(block) < sector:
            break
        places += [_number(block, offset) for offset in range(0, sector - 4, 4)]
        further, steps = _number(block, sector - 4), steps + 1
    return [place for place in places if place < END_OF_CHAIN][:MOST_SECTORS]


def _sector(file, number: int, sector: int) -> bytes:
    file.seek((number + 1) * sector)
    return file.read(sector)


def _names(block: bytes) -> set[str]:
    names = set()
    for start in range(0, len(block) - 127, 128):
        length = int.from_bytes(block[start + 64 : start + 66], "little")
        if 2 <= length <= 64 and block[start + 66]:
            names.add(block[start : start + length - 2].decode("utf-16-le", "replace"))
    return names


def _number(block: bytes, offset: int) -> int:
    return int.from_bytes(block[offset : offset + 4], "little")
