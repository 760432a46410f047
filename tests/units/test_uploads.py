"""Files as people, and people with bad intentions, hand them in."""

import hashlib
import io
import re
import resource
import struct
import time
import zipfile
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from docx import Document
from openpyxl import Workbook
from PIL import Image, PngImagePlugin

from units.downloads import attachment_response
from units.uploads import images, packages, receive, upload_path
from units.uploads.facts import KINDS, FileFacts, UploadRefused, display_name
from units.uploads.inspection import inspect
from units.uploads.taking import take

EVERY = tuple(KINDS)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GPS = 0x8825


def saved(thing, **options):
    out = io.BytesIO()
    thing.save(out, **options)
    return out.getvalue()


def picture(format="JPEG", size=(40, 20), **options):
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return saved(image, format=format, **options)


def photo():
    """Taken on its side by a phone that knows where it was."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[GPS] = 6, "Phone of Zhang", {1: "N", 2: (37.0, 26.0, 0.0)}
    return picture(exif=exif, comment=b"secret comment")


def docx():
    return saved(Document())


def xlsx():
    return saved(Workbook())


def package(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def with_parts(content, change=lambda name, data: data, **parts):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def ofd():
    return package(
        **{"OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>', "Doc_0/Document.xml": "<x/>"}
    )


def box(kind, body=b""):
    return struct.pack(">I", 8 + len(body)) + kind + body


def mp4(brand=b"isom"):
    return box(b"ftyp", brand + bytes(8)) + box(b"moov", bytes(40)) + box(b"mdat", bytes(100))


def compound(*names):
    """A container of the old Office kind whose folder lists these streams."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<II", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    entries = ["Root Entry", *names]
    sectors = -(-len(entries) // 4)
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    folder = b""
    for index, name in enumerate(entries):
        raw = name.encode("utf-16-le") + b"\0\0"
        folder += raw.ljust(64, b"\0") + struct.pack("<HB", len(raw), 5 if index == 0 else 2) + bytes(61)
    return bytes(header) + table + folder.ljust(sectors * 512, b"\0")


def taken(content, name, allowed=EVERY):
    """What the reader makes of a file, in this process: the stored bytes and what it says of it."""
    made = io.BytesIO()
    said = take(io.BytesIO(content), made, name=name, allowed=allowed, max_bytes=None)
    return made.getvalue() or content, said | {"facts": FileFacts(**said["facts"])}


def judge(content, name, allowed=EVERY, **options):
    return inspect(io.BytesIO(content), name=name, allowed=allowed, **options)


SAMPLES = {
    "pdf": PDF, "docx": docx(), "xlsx": xlsx(), "wps": compound("1Table", "WordDocument"),
    "et": compound("\x05SummaryInformation", "a", "b", "c", "Workbook"), "ofd": ofd(), "jpg": picture(),
    "png": picture("PNG"), "mp4": mp4(),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_is_known_by_its_content(kind):
    content = SAMPLES[kind]
    facts = judge(content, f"材料.{kind.upper()}")
    assert (facts.kind, facts.content_type) == (kind, KINDS[kind].content_type)
    assert facts.size == len(content)
    assert facts.sha256 == facts.original_sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("claimed", EVERY)
def test_a_file_is_taken_as_what_it_is_whatever_it_is_called(kind, claimed):
    assert judge(SAMPLES[kind], f"材料.{claimed}").kind == kind
    others = tuple(one for one in EVERY if one != kind)
    if kind != claimed:
        with pytest.raises(
            UploadRefused, match=re.escape(f"“材料.{claimed}”的内容不是{KINDS[claimed].label}")
        ):
            judge(SAMPLES[kind], f"材料.{claimed}", allowed=others)


def test_a_file_called_something_else_is_stored_under_its_own_ending():
    for name, shown in [("微信图片.jpg", "微信图片.png"), ("图.png", "图.png"), ("a.b.jpeg", "a.b.png")]:
        upload = receive(io.BytesIO(picture("PNG")), name=name)
        assert (upload.display_name, upload.facts.kind) == (shown, "png")
        assert upload.content.name.endswith(".png")
    assert receive(io.BytesIO(picture()), name="图.JPEG").display_name == "图.JPEG"


def test_jpeg_is_jpg():
    assert judge(SAMPLES["jpg"], "a.JPEG").kind == "jpg"


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        package(**{"run.exe": b"MZ"}),
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;<script>alert(1)</script>",
        b"%PDF-1.7 without an end",
        b"PK\x03\x04 broken",
        b"\xff\xd8\xff broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000,
        box(b"ftyp", b"isom" + bytes(8)) + b"<script>",
        mp4(b"qt  "),
        mp4(b"heic"),
        compound("Something"),
    ],
    ids=lambda content: content[:8].hex(),
)
def test_disguised_and_broken_files_are_refused(content, kind):
    with pytest.raises(UploadRefused):
        judge(content, f"材料.{kind}")


def test_a_gif_with_a_page_behind_it_is_no_image_here():
    gif = saved(Image.new("P", (2, 2)), format="GIF") + b"<script>alert(1)</script>"
    with pytest.raises(UploadRefused, match="的内容不是png图片"):
        judge(gif, "a.png")


@pytest.mark.parametrize(
    "name", ["a.exe", "a.pdf.exe", "a", "pdf", "a.html", "a.svg", "a.zip", "", "a.pdf\u202e.exe"]
)
def test_names_off_the_list_are_refused_whatever_is_inside(name):
    with pytest.raises(UploadRefused, match="可以上传pdf、docx、xlsx、wps、et、ofd、jpg、png、mp4"):
        inspect(io.BytesIO(PDF), name=name)


def test_old_formats_are_told_what_to_become():
    with pytest.raises(UploadRefused, match="在WPS中另存为docx后再上传"):
        inspect(io.BytesIO(compound("WordDocument")), name="材料.doc")
    with pytest.raises(UploadRefused, match="在WPS中另存为xlsx后再上传"):
        inspect(io.BytesIO(compound("Workbook")), name="材料.et", allowed=("xlsx",))


@pytest.mark.parametrize(
    "content",
    [
        with_parts(docx(), **{"word/vbaProject.bin": b"x"}),
        with_parts(xlsx(), **{"xl/VBAPROJECT.BIN": b"x"}),
        with_parts(xlsx(), **{"xl/macrosheets/sheet1.xml": b"x"}),
        with_parts(
            docx(),
            lambda name, data: data.replace(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
        ),
        compound("WordDocument", "Macros", "VBA"),
        compound("Workbook", "_VBA_PROJECT_CUR"),
    ],
)
def test_macros_are_refused(content):
    for kind in ("docx", "xlsx", "wps", "et"):
        with pytest.raises(UploadRefused, match="带有宏"):
            judge(content, f"材料.{kind}")


def test_a_page_that_asks_for_a_password_is_refused():
    locked = PDF.replace(b"trailer<<>>", b"trailer<</Encrypt 4 0 R>>")
    with pytest.raises(UploadRefused, match="加了密码或权限限制"):
        judge(locked, "a.pdf")
    assert judge(PDF.replace(b"%%EOF", b"% /Encrypted\n%%EOF"), "a.pdf").kind == "pdf"


def test_locked_files_are_refused():
    with pytest.raises(UploadRefused, match="加了密码"):
        judge(compound("EncryptionInfo", "EncryptedPackage"), "材料.docx")
    content = bytearray(docx())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UploadRefused, match="加了密码"):
        judge(bytes(content), "材料.docx")


def test_bombs_are_refused(monkeypatch):
    bomb = with_parts(docx(), **{"word/media/a.bin": bytes(60_000_000)})
    assert len(bomb) < 200_000
    with pytest.raises(UploadRefused, match="解开后过大"):
        judge(bomb, "a.docx")
    many = with_parts(docx(), **{f"word/{number}.xml": b"" for number in range(2001)})
    with pytest.raises(UploadRefused, match="解开后过大"):
        judge(many, "a.docx")
    monkeypatch.setattr(packages, "MOST_BYTES", 1000)
    with pytest.raises(UploadRefused, match="解开后过大"):
        judge(docx(), "a.docx")


def test_empty_and_oversize_files_are_refused():
    with pytest.raises(UploadRefused, match=r"“a\.pdf”是空文件"):
        judge(b"", "a.pdf")
    with pytest.raises(UploadRefused, match=r"有2MB，超过1\.5MB"):
        judge(PDF[:-6] + bytes(2 * 1024 * 1024 - len(PDF)) + b"%%EOF\n", "a.pdf", max_bytes=3 * 512 * 1024)


def test_images_of_too_many_pixels_are_refused_before_they_are_drawn(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 799)
    with pytest.raises(UploadRefused, match="像素过多"):
        judge(picture("PNG"), "a.png")
    monkeypatch.setattr(images, "MOST_OF_A_PHOTO", 799)
    with pytest.raises(UploadRefused, match="像素过多"):
        judge(picture(), "a.jpg")
    header = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    with pytest.raises(UploadRefused, match="像素过多"):
        judge(header + png_chunk(b"IDAT", b"x") + png_chunk(b"IEND", b""), "a.png")


def test_a_large_photo_is_drawn_smaller_before_it_takes_the_memory(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 60_000)
    content, said = taken(picture(size=(800, 400)), "a.jpg")
    assert Image.open(io.BytesIO(content)).size == (200, 100)
    assert said["facts"].original_sha256 != said["facts"].sha256


def test_a_small_file_of_49_million_pixels_costs_the_portal_nothing():
    """190 KB of it, as anybody may send them with an objection."""
    file = io.BytesIO()
    Image.new("RGBA", (7000, 7000), (9, 9, 9, 9)).save(file, format="PNG")
    assert len(file.getvalue()) < 250_000
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UploadRefused, match="像素过多"):
        receive(io.BytesIO(file.getvalue()), name="a.png")
    assert time.monotonic() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zipfile.crc32(kind + body))


def test_a_picture_cut_short_is_refused():
    with pytest.raises(UploadRefused, match="不是完好的图片"):
        judge(picture(size=(400, 400))[:-400], "a.jpg")


def test_a_photo_is_stored_upright_without_place_owner_or_tail():
    original = photo() + b"<script>alert(1)</script>"
    content, said = taken(original, "a.jpg")
    facts = said["facts"]
    image = Image.open(io.BytesIO(content))
    assert image.size == (20, 40)
    top, bottom = image.getpixel((10, 5)), image.getpixel((10, 35))
    assert top[1] < 60 < 200 < bottom[1]
    assert not image.getexif()
    assert not {"exif", "comment"} & set(image.info)
    for trace in (b"Phone of Zhang", b"secret comment", b"<script>", b"Exif"):
        assert trace in original
        assert trace not in content
    assert facts.original_sha256 == hashlib.sha256(original).hexdigest()
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert facts.size == len(content)


def test_a_png_keeps_its_transparency_and_loses_its_notes():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Zhang")
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    original = saved(palette, format="PNG", pnginfo=notes, transparency=1)
    assert b"Zhang" in original
    content, said = taken(original, "a.png")
    facts = said["facts"]
    image = Image.open(io.BytesIO(content))
    assert facts.kind == "png"
    assert image.getpixel((0, 0)) == (255, 0, 0, 0)
    assert b"Zhang" not in content


def test_modes_that_a_jpg_cannot_hold_for_a_browser_are_converted():
    cmyk = saved(Image.new("CMYK", (8, 8)), format="JPEG")
    assert Image.open(io.BytesIO(taken(cmyk, "a.jpg")[0])).mode == "RGB"
    deep = saved(Image.new("I;16", (8, 8), 40_000), format="PNG")
    assert Image.open(io.BytesIO(taken(deep, "a.png")[0])).getpixel((0, 0)) == 40_000


@pytest.mark.parametrize("keep", ["memory", "disk"])
def test_what_a_form_receives_is_ready_to_be_stored(keep):
    def uploaded(name, content):
        if keep == "memory":
            return SimpleUploadedFile(name, content)
        file = TemporaryUploadedFile(name, "application/x", len(content), None)
        file.write(content)
        return file

    upload = receive(uploaded("x.jpg", photo()), name="现场\\照片 1.jpg")
    assert upload.display_name == "照片 1.jpg"
    assert upload.content.read()[:3] == b"\xff\xd8\xff"
    assert upload.facts.sha256 != upload.facts.original_sha256
    upload = receive(uploaded("x.pdf", PDF), name="材料.pdf")
    assert upload.content.read() == PDF
    assert upload.content.name.endswith(".pdf")


def test_stored_names_tell_nothing_and_never_repeat():
    first, second = upload_path(None, "区财政局材料.pdf"), upload_path(None, "区财政局材料.pdf")
    assert re.fullmatch(r"uploads/([0-9a-f]{2})/\1[0-9a-f]{30}\.pdf", first)
    assert first != second
    assert upload_path(None, "../../a.php").endswith(".bin")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\文件夹\\材料.pdf", "材料.pdf"),
        ("../../etc/材料.pdf", "材料.pdf"),
        ("a\u202efdp.exe\x00\r\n", "afdp.exe"),
        ("", "未命名"),
        ("字" * 200 + ".pdf", "字" * 110 + ".pdf"),
    ],
)
def test_names_are_shown_without_folders_and_tricks(name, shown):
    assert display_name(name) == shown


def test_a_file_leaves_as_a_download_that_runs_nowhere():
    response = attachment_response(io.BytesIO(PDF), '评审"材料"\r\nX: y.pdf', "application/pdf")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('评审_材料_X_ y.pdf')}"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
