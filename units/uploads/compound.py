"""The old container of Office and WPS files (OLE): its table of contents, read just far enough to name the kind."""

import re
import struct

from units.uploads.facts import UploadRefused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACROS = {"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"}
EMBEDDED = {"\x01Ole10Native", "Package", "EmbeddedOdf"}
OBJECT = re.compile(r"MBD[0-9A-F]{8}")
# A field begins with the character 19; the text has one byte a letter, or two.
DDE_FIELD = re.compile(rb"\x13(?:\0?\s)*\0?D\0?D\0?E(?:\0?A\0?U\0?T\0?O)?\0?\s", re.IGNORECASE)
MOST_SECTORS = 65536
END_OF_CHAIN = 0xFFFFFFFA  # this number and those above mark ends and free places


def kind_of(file, size: int, shown: str) -> str | None:
    """wps for a text document, et for a sheet, None for another container or a broken one.

    Raises UploadRefused for what is locked, carries macros or other files, or fetches data by itself.
    """
    container = Container(file)
    names = container.entries.keys()
    if "EncryptedPackage" in names:
        raise _locked(shown)
    if names & MACROS:
        raise UploadRefused(f"“{shown}”带有宏，请另存为不含宏的文件后再上传。")
    if names & EMBEDDED or any(OBJECT.fullmatch(name) for name in names):
        raise UploadRefused(f"“{shown}”里嵌入了其他文件或程序，请删去后再上传，需要的另行上传。")
    if "WordDocument" in names:
        _check_text(container.stream("WordDocument"), shown)
        return "wps"
    if sheet := next((name for name in ("Workbook", "Book") if name in names), None):
        _check_sheet(container.stream(sheet), shown)
        return "et"
    return "et" if "ETDocument" in names else None


def _check_text(content: bytes, shown: str) -> None:
    if len(content) > 12 and content[11] & 1:
        raise _locked(shown)
    if DDE_FIELD.search(content):
        raise UploadRefused(f"“{shown}”带有自动执行的内容（DDE域），请删去后再上传。")


def _check_sheet(content: bytes, shown: str) -> None:
    """Walk the records: a lock, a sheet of old macros, a book linked by DDE."""
    place = 0
    while place + 4 <= len(content):
        record, length = struct.unpack_from("<HH", content, place)
        body = content[place + 4 : place + 4 + length]
        if record == 0x2F:
            raise _locked(shown)
        if record == 0x85 and len(body) > 5 and body[5] == 1:
            raise UploadRefused(f"“{shown}”带有宏，请另存为不含宏的文件后再上传。")
        if record == 0x1AE and b"\x03" in body[2:] and len(body) > 4:
            raise UploadRefused(f"“{shown}”带有自动执行的内容（DDE链接），请断开链接后再上传。")
        place += 4 + length


def _locked(shown: str) -> UploadRefused:
    return UploadRefused(f"“{shown}”加了密码，请取消密码后再上传。")


class Container:
    """entries: name of each stream and folder → its first sector and size; none when its chains lead nowhere."""

    def __init__(self, file):
        self.file, self.entries = file, {}
        file.seek(0)
        header = file.read(512)
        power = int.from_bytes(header[30:32], "little")
        if len(header) < 512 or power not in (9, 12):
            return
        self.sector = 1 << power
        self.table = _allocation_table(file, header, self.sector)
        for block in self._chain(_number(header, 48), MOST_SECTORS):
            self.entries |= _entries(block)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream as large as documents are; the smallest lie elsewhere and give none."""
        first, size = self.entries[name]
        return b"".join(self._chain(first, -(-size // self.sector)))[:size]

    def _chain(self, place: int, most: int):
        steps = 0
        while place < END_OF_CHAIN and steps < most:
            yield _sector(self.file, place, self.sector)
            place = self.table.get(place, END_OF_CHAIN)
            steps += 1


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


def _entries(block: bytes) -> dict[str, tuple[int, int]]:
    found = {}
    for start in range(0, len(block) - 127, 128):
        length = int.from_bytes(block[start + 64 : start + 66], "little")
        if 2 <= length <= 64 and block[start + 66]:
            name = block[start : start + length - 2].decode("utf-16-le", "replace")
            found[name] = (_number(block, start + 116), _number(block, start + 120))
    return found


def _number(block: bytes, offset: int) -> int:
    return int.from_bytes(block[offset : offset + 4], "little")
