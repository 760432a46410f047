"""PDF files: what they would do, what they say of their makers, and a copy that no longer says it.

The bytes are searched as they lie there, not by the table of objects: a table can leave out what a reader mends and
opens all the same. Names are compared without their escapes (/#4aavaScript).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from units.uploads.facts import MEGABYTE, UploadRefused

# What an entry does, by the names its dictionary must hold to do it.
ACTIVE = {
    b"JavaScript": "脚本",
    b"Launch": "启动程序的动作",
    b"EmbeddedFile": "嵌入的文件",
    b"EmbeddedFiles": "嵌入的文件",
    b"RichMedia": "嵌入的多媒体",
    b"XFA": "动态表单",
    b"SubmitForm": "向外提交数据的动作",
    b"ImportData": "读入外部数据的动作",
    b"GoToE": "打开嵌入文件的动作",
}
AFTER_NAME = rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"
ACTIVE_NAME = re.compile(rb"/(" + b"|".join(ACTIVE) + rb")" + AFTER_NAME)
# The entry of a trailer that names the lock: a reference or the lock itself, whatever stands between.
ENCRYPTED = re.compile(rb"/Encrypt(?:[\x00\t\n\x0c\r ]|%[^\r\n]*[\r\n])*(?:\d+\s+\d+\s+R|<<)")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
BEGINNING = re.compile(rb"%PDF-\d\.\d[\s%]")
PAGE = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg)\b", re.IGNORECASE)
SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
SIGNED = re.compile(rb"/ByteRange" + AFTER_NAME)
FILTER = re.compile(rb"/Filter\s*(?:\[([^\]]*)\]|(/\w+))")
FLATE = re.compile(rb"/(?:FlateDecode|Fl)" + AFTER_NAME)
PACKED_OBJECTS = re.compile(rb"/ObjStm" + AFTER_NAME)
PICTURE = re.compile(rb"/Subtype\s*/Image" + AFTER_NAME)
INFO = re.compile(rb"/Info\s+(\d+)\s+\d+\s+R")
OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})\s+\d{1,5}\s+obj\b")
METADATA = re.compile(rb"/Type\s*/Metadata" + AFTER_NAME)
LITERAL = re.compile(rb"\((?:[^\\()]|\\.|\((?:[^\\()]|\\.)*\))*\)", re.DOTALL)
HEX = re.compile(rb"<(?!<)[0-9A-Fa-f\s]*>")
ENTRY = re.compile(rb"/(\w+)\s*(" + LITERAL.pattern + rb"|" + HEX.pattern + rb")", re.DOTALL)
MOST_INFLATED, MOST_OF_ONE = 200 * MEGABYTE, 40 * MEGABYTE
TOLD = ("Author", "Creator", "Title", "Subject", "Keywords", "Company", "Manager", "SourceModified")


@dataclass
class Stream:
    """number: of its object. head: its dictionary, names unescaped. start, end: where its bytes lie.

    data: inflated, None if packed otherwise.
    """

    number: int
    head: bytes
    start: int
    end: int
    data: bytes | None

    @property
    def holds_objects(self) -> bool:
        return bool(PACKED_OBJECTS.search(self.head))


@dataclass
class Pdf:
    """The file's bytes with its streams opened. objects: number → its bytes, the last one written."""

    raw: bytes
    streams: list[Stream] = field(default_factory=list)
    objects: dict[int, bytes] = field(default_factory=dict)

    @property
    def is_signed(self) -> bool:
        return bool(SIGNED.search(self.raw))


def opened(raw: bytes, shown: str) -> Pdf:
    """Raises UploadRefused for what unpacks beyond all measure, or hides objects where they cannot be read."""
    pdf, total = Pdf(raw), 0
    for stream in _streams(raw, shown):
        total += len(stream.data or b"")
        if total > MOST_INFLATED:
            raise UploadRefused(f"“{shown}”解开后过大，请重新导出或拆分后再上传。")
        pdf.streams.append(stream)
    starts = [(match.start(), match.end(), int(match[1])) for match in OBJECT.finditer(raw)]
    for (_, begin, number), (end, *_) in zip(starts, [*starts[1:], (len(raw),)], strict=True):
        pdf.objects[number] = re.split(
            rb"endobj|stream[\r\n]", raw[begin : min(end, begin + MEGABYTE)], maxsplit=1
        )[0]
    for stream in pdf.streams:
        if stream.holds_objects:
            pdf.objects |= dict(_packed_objects(stream))
    return pdf


def check(file, size: int, shown: str) -> str | None:
    """`pdf`, None for one that breaks off. Raises UploadRefused for what is locked, active or something else too."""
    file.seek(0)
    raw = file.read()
    last = raw.rfind(b"%%EOF", max(0, size - 2048))
    if last < 0:
        return None
    if (
        not BEGINNING.match(raw)
        or PAGE.search(raw[:4096])
        or raw[last + 5 :].strip(b"\x00\t\n\x0c\r ")
        or SCRIPT.search(raw)
    ):
        raise UploadRefused(f"“{shown}”夹带了PDF以外的内容，请重新导出为pdf后再上传。")
    flat = _unescaped(raw)
    if ENCRYPTED.search(flat):
        raise UploadRefused(f"“{shown}”加了密码或权限限制，他人可能打不开，请取消后重新导出再上传。")
    _refuse_active(flat, shown)
    for stream in opened(raw, shown).streams:
        _refuse_active(_unescaped(stream.data or b""), shown)
    return "pdf"


def _refuse_active(text: bytes, shown: str) -> None:
    if found := ACTIVE_NAME.search(text):
        raise UploadRefused(
            f"“{shown}”带有{ACTIVE[found[1]]}，请用“打印为PDF”重新生成后再上传；附带的文件请单独上传。"
        )


def _unescaped(text: bytes) -> bytes:
    return ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text) if b"#" in text else text


def _streams(raw: bytes, shown: str) -> Iterator[Stream]:
    for match in STREAM.finditer(raw):
        begin = raw.rfind(b"obj", max(0, match.start() - 16384), match.start())
        head = _unescaped(raw[begin + 3 : match.start()]) if begin >= 0 else b""
        end = raw.find(b"endstream", match.end())
        end = len(raw) if end < 0 else end
        filters = FILTER.search(head)
        named = (filters[1] or filters[2]).split() if filters else []
        is_packed = len(named) == 1 and FLATE.match(named[0])
        if PACKED_OBJECTS.search(head) and ((named and not is_packed) or b"/Predictor" in head):
            raise UploadRefused(f"“{shown}”的内容无法检查，请用“打印为PDF”重新生成后再上传。")
        data = None
        if is_packed and (not PICTURE.search(head) or PACKED_OBJECTS.search(head)):
            data = _inflated(raw, match.end(), shown)
        elif not named:
            data = raw[match.end() : end]
        numbers = OBJECT.findall(raw[max(0, begin - 20) : begin + 3])
        yield Stream(int(numbers[-1]) if numbers else 0, head, match.end(), end, data)


def _inflated(raw: bytes, start: int, shown: str) -> bytes:
    """To the end that the packed data itself has; what `endstream` says may be a lie."""
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(memoryview(raw)[start:], MOST_OF_ONE)
    except zlib.error:
        return b""
    if len(data) == MOST_OF_ONE:
        raise UploadRefused(f"“{shown}”解开后过大，请重新导出或拆分后再上传。")
    return data


def _packed_objects(stream: Stream) -> Iterator[tuple[int, bytes]]:
    data, first = stream.data or b"", re.search(rb"/First\s+(\d+)", stream.head)
    if not first:
        return
    start = int(first[1])
    numbers = [int(one) for one in re.findall(rb"\d+", data[:start])]
    places = list(zip(numbers[::2], numbers[1::2], strict=False))
    for (number, place), (_, end) in zip(places, [*places[1:], (0, len(data))], strict=True):
        yield number, data[start + place : start + end]


# ---------------------------------------------------------------- what it says of its makers


def traces(pdf: Pdf) -> list[str]:
    """What the properties say: 作者张三. Signed files keep them, for a change would void the signature."""
    found = {}
    for number in _info_numbers(pdf):
        for key, value in ENTRY.findall(pdf.objects.get(number, b"")):
            if key.decode() in TOLD and (text := string_of(value).strip()):
                found[text] = key.decode()
    return list(found)


def cleaned(pdf: Pdf) -> bytes:
    """The file with its properties blanked in place, so that nothing moves. A packed one is packed anew as short."""
    made = bytearray(pdf.raw)
    for number in _info_numbers(pdf):
        for match in re.finditer(rb"(?<![0-9])%d\s+\d+\s+obj\b" % number, pdf.raw):
            end = pdf.raw.find(b"endobj", match.end())
            made[match.end() : end] = _blanked(pdf.raw[match.end() : end])
        for stream in pdf.streams:
            if stream.holds_objects and (text := dict(_packed_objects(stream)).get(number)):
                _replace(made, stream, stream.data.replace(text, _blanked(text)))
    for stream in pdf.streams:
        if METADATA.search(stream.head) and stream.data:
            _replace(made, stream, b" " * len(stream.data))
    return bytes(made)


def _info_numbers(pdf: Pdf) -> set[int]:
    heads = b"".join(stream.head for stream in pdf.streams)
    return {int(number) for number in INFO.findall(_unescaped(pdf.raw)) + INFO.findall(heads)}


def _blanked(text: bytes) -> bytes:
    """Every string of a dictionary made empty, none of them shorter; dates stay."""

    def blank(match):
        key, value = match[1], match[2]
        if key in (b"CreationDate", b"ModDate", b"Trapped"):
            return match[0]
        inner = (
            b" " * (len(value) - 2)
            if value[:1] == b"("
            else b"20" * ((len(value) - 2) // 2) + b"0" * (len(value) % 2)
        )
        return match[0][: -len(value)] + value[:1] + inner + value[-1:]

    return ENTRY.sub(blank, text)


def _replace(made: bytearray, stream: Stream, data: bytes) -> None:
    room = stream.end - stream.start
    packed = data if not FILTER.search(stream.head) else zlib.compress(data, 9)
    if len(packed) <= room:  # blanks pack better than what they replace
        made[stream.start : stream.end] = packed.ljust(room, b"\n" if data is packed else b"\0")
        stream.data = data


def string_of(value: bytes) -> str:
    """The text of a literal or hexadecimal string."""
    if value[:1] == b"<":
        digits = re.sub(rb"\s", b"", value[1:-1])
        plain = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        plain = unescaped_literal(value[1:-1])
    if plain.startswith(b"\xfe\xff"):
        return plain[2:].decode("utf-16-be", "replace")
    if plain.startswith(b"\xef\xbb\xbf"):
        return plain[3:].decode("utf-8", "replace")
    try:
        return plain.decode("gbk")
    except UnicodeDecodeError:
        return plain.decode("latin-1")


LETTERS = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}
BACKSLASH = re.compile(rb"\\(\r\n|[0-7]{1,3}|.)", re.DOTALL)


def unescaped_literal(text: bytes) -> bytes:
    def plain(match):
        mark = match[1]
        return bytes([int(mark, 8) & 255]) if mark.isdigit() else LETTERS.get(mark, mark)

    return BACKSLASH.sub(plain, text)


def take(source: IO[bytes], target: IO[bytes], shown: str) -> tuple[list[str], Pdf]:
    """Write the cleaned copy, if there is anything to clean; what stays readable of its makers, and the file."""
    source.seek(0)
    pdf = opened(source.read(), shown)
    if pdf.is_signed:
        return traces(pdf), pdf
    made = cleaned(pdf)
    if made != pdf.raw:
        target.write(made)
    left = traces(opened(made, shown))
    return left, pdf
