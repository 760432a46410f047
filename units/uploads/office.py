"""The parts of docx, xlsx and ofd: what in them acts, what they say of their makers, their text, a clean copy.

Parts of XML are walked by a parser that refuses a DTD, so that no entity, inside or outside, is ever looked up.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import dirname, normpath
from typing import IO
from urllib.parse import urlsplit
from xml.parsers import expat

from units.uploads import images
from units.uploads.facts import UploadRefused

XML = (".xml", ".rels")
PROGRAMS = re.compile(
    r"\.(exe|dll|com|scr|pif|cpl|msi|bat|cmd|ps1|vbs?|vbe|jse?|wsf|wsh|hta|lnk|jar|sh|reg|chm|html?|mht|zip|rar|7z|gz|docm?"
    r"|dotm|xls[mb]?|pptm?|rtf|pdf|apk|iso|img)$",
    re.IGNORECASE,
)
SIGNATURES = (
    b"MZ",
    b"\x7fELF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"%PDF",
    b"\x1f\x8b",
    b"{\\rtf",
)
EMBEDDED = re.compile(r"(^|/)(embeddings/|oleobject\d*\.bin$|package\d*\.bin$|afchunk)", re.IGNORECASE)
CHART_DATA = re.compile(r"(^|/)embeddings/[^/]+\.xlsx$", re.IGNORECASE)
CHART_LINKS = re.compile(r"(^|/)charts/_rels/[^/]+\.rels$")
OUTSIDE = {
    "attachedTemplate": "外部模板", "oleObject": "外部对象", "frame": "外部框架", "image": "外部图片",
    "externalLinkPath": "对其他工作簿的引用", "externalLink": "对其他工作簿的引用", "subDocument": "外部子文档",
}  # fmt: skip
HARMLESS_SCHEMES = {"", "http", "https", "mailto", "tel", "ftp"}
FIELDS = re.compile(
    r"^\s*((DDE|DDEAUTO|INCLUDETEXT|DATABASE|IMPORT|LINK)\b|QUOTE(\s+\d+){3})", re.IGNORECASE | re.MULTILINE
)
FORMULA = re.compile(r"\b(WEBSERVICE|RTD|CALL|REGISTER(\.ID)?|EXEC|DDE)\s*\(|^[^\"']*\w\|\s*'", re.IGNORECASE)
OFD_ACTS = {"JavaScript", "Script", "Launch", "Movie", "Sound", "GotoA"}
MOST_LETTERS = 400_000


@dataclass
class Walk:
    """What one XML part holds. links: type, target, whether it leads outside. codes: field codes, run together."""

    text: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    links: list[tuple[str, str, bool]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    people: list[str] = field(default_factory=list)


@dataclass
class Contents:
    """What a package says. traces: of its makers, where they cannot be taken out."""

    text: str = ""
    traces: list[str] = field(default_factory=list)


def walked(data: bytes, shown: str) -> Walk:
    """Raises UploadRefused for a DTD and for what is no XML."""
    walk, path = Walk(), []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def doctype(*about):
        raise UploadRefused(f"“{shown}”带有外部实体声明，请在WPS或Word中另存后再上传。")

    def start(name, attributes):
        path.append(name.rpartition(" ")[2])
        walk.names.add(path[-1])
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if path[-1] == "Relationship":
            outside = plain.get("TargetMode", "").lower() == "external"
            walk.links.append((plain.get("Type", "").rpartition("/")[2], plain.get("Target", ""), outside))
        if "instr" in plain or plain.get("fldCharType") == "begin":
            walk.codes.append("\n" + plain.get("instr", ""))
        named = ("author", "userName", *(["displayName"] if path[-1] == "person" else []))
        walk.people.extend(plain[key] for key in named if plain.get(key))
        # Names of sheets, and what stands for a picture.
        walk.text.extend("\n" + plain[key] for key in ("name", "descr", "title") if plain.get(key))
        if path[-1] in ("p", "br", "tab", "row", "si", "c", "TextCode"):
            walk.text.append("\n")

    def end(name):
        path.pop()

    def letters(text):
        if path[-1] == "instrText":
            walk.codes.append(text)
        elif path[-1] == "f":
            walk.formulas.append(text)
        if path[-1] in ("author", "lastModifiedBy", "creator"):
            walk.people.append(text)
        else:
            walk.text.append(text)

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, letters
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise UploadRefused(f"“{shown}”已损坏，打不开，请重新保存后再上传。") from None
    return walk


def check(
    package: zipfile.ZipFile, kind: str, shown: str, judge: Callable[[IO[bytes]], str | None] | None
) -> None:
    """Refuse what acts when the document is opened, and what hides in it.

    judge: tells the kind of the workbook behind a chart; None where this is such a workbook itself.
    """
    names = package.namelist()
    if len(set(names)) < len(names) or any(_strays(name) for name in names):
        raise UploadRefused(f"“{shown}”的内部文件名异常，请在WPS或Word中另存后再上传。")
    charted = _chart_data(package, shown) if judge else set()
    for name in names:
        if name.endswith("/"):
            continue
        if name in charted and judge(io.BytesIO(package.read(name))) == "xlsx":
            continue
        _check_part(package, name, kind, shown)


def _check_part(package: zipfile.ZipFile, name: str, kind: str, shown: str) -> None:
    with package.open(name) as part:
        head = part.read(8)
    if EMBEDDED.search(name) or PROGRAMS.search(name) or head.startswith(SIGNATURES):
        raise UploadRefused(f"“{shown}”里嵌入了其他文件或程序，请删去后再上传，需要的另行上传。")
    if kind == "ofd" and "encrypt" in name.lower():
        raise UploadRefused(f"“{shown}”加了密码，请取消密码后再上传。")
    if name.startswith("customUI/") or name == "xl/connections.xml":
        raise UploadRefused(f"“{shown}”带有自动执行的内容（数据连接或自定义界面），请删去后再上传。")
    if not name.lower().endswith(XML):
        return
    walk = walked(package.read(name), shown)
    for link, target, outside in walk.links:
        _check_link(link, target, outside, shown)
    if FIELDS.search("".join(walk.codes)) or any(FORMULA.search(text) for text in walk.formulas):
        raise UploadRefused(f"“{shown}”带有自动执行的内容（DDE等外部数据域或公式），请改为文字后再上传。")
    if "ddeLink" in walk.names or (kind == "ofd" and walk.names & OFD_ACTS):
        raise UploadRefused(f"“{shown}”带有自动执行的内容（脚本或DDE），请删去后再上传。")


def _check_link(link: str, target: str, outside: bool, shown: str) -> None:
    if link in ("oleObject", "aFChunk", "vbaProject", "control", "ddeLink"):
        raise UploadRefused(f"“{shown}”里嵌入了其他文件或程序，请删去后再上传，需要的另行上传。")
    if not outside:
        return
    if link != "hyperlink":
        what = OUTSIDE.get(link, "外部内容")
        raise UploadRefused(f"“{shown}”引用了{what}（{target[:60]}），请断开链接后再上传。")
    try:
        scheme = urlsplit(target.strip()).scheme.lower()
    except ValueError:
        scheme = ""
    if scheme not in HARMLESS_SCHEMES or target.startswith(("\\\\", "//")):
        raise UploadRefused(f"“{shown}”里的超链接指向本机文件或程序（{target[:60]}），请取消该链接后再上传。")


def _strays(name: str) -> bool:
    return (
        name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name
    )


def _chart_data(package: zipfile.ZipFile, shown: str) -> set[str]:
    """The workbooks behind charts: a chart drawn in Word keeps its figures in one."""
    found = set()
    for name in package.namelist():
        if CHART_LINKS.search(name):
            base = dirname(dirname(name))
            links = walked(package.read(name), shown).links
            found |= {
                normpath(f"{base}/{target}")
                for link, target, outside in links
                if link == "package" and not outside
            }
    return {name for name in found if CHART_DATA.search(name)}


# ---------------------------------------------------------------- text, properties, a clean copy

EMPTY_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
EMPTY_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
EMPTY_CUSTOM = EMPTY_APP.replace(b"extended-properties", b"custom-properties")
PROPERTIES = {
    "docProps/core.xml": EMPTY_CORE,
    "docProps/app.xml": EMPTY_APP,
    "docProps/custom.xml": EMPTY_CUSTOM,
}
SIGNED = re.compile(r"(^|/)(_xmlsignatures/|signs?/|signatures?\.xml$)", re.IGNORECASE)
# Who wrote a remark or a change, where the file lay on somebody's disk, a picture of its first page.
AUTHOR = re.compile(rb'(\b(?:\w+:)?(?:author|initials|userName)=)("[^"]*"|\'[^\']*\')')
PERSON = re.compile(rb'(\b(?:\w+:)?(?:author|displayName|userId|providerId)=)("[^"]*"|\'[^\']*\')')
AUTHORS = re.compile(rb"(<(?:\w+:)?(?:author|lastModifiedBy|creator)>)[^<]*(</)")
PLACE = re.compile(rb'(<(?:\w+:)?absPath\b[^>]*\burl=)("[^"]*"|\'[^\']*\')')
THUMBNAIL = re.compile(rb"<Relationship\b[^>]*/metadata/thumbnail\"[^>]*/>")
OFD_ABOUT = re.compile(
    rb"<((?:\w+:)?(?:Author|Creator|CreatorVersion|Title|Subject|Abstract|Keyword|CustomData|DocUsage))\b([^>/]*)>[^<]*</\1>"
)
OFD_TOLD = re.compile(rb"<(?:\w+:)?(?:Author|Creator|Title|Subject|Abstract)\b[^>/]*>([^<]+)</")


def take(source: IO[bytes], target: IO[bytes], kind: str, shown: str) -> Contents:
    """Write a copy without properties and authors; a signed package stays as it is and tells what it keeps."""
    source.seek(0)
    with zipfile.ZipFile(source) as package:
        names = package.namelist()
        walks = {name: walked(package.read(name), shown) for name in names if name.lower().endswith(XML)}
        texts = "\n".join("".join(walk.text) for name, walk in walks.items() if _is_read(name, kind))
        if any(SIGNED.search(name) for name in names):
            return Contents(texts[:MOST_LETTERS], _traces(package, walks, kind))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
            for entry in package.infolist():
                if not entry.is_dir() and not entry.filename.startswith("docProps/thumbnail"):
                    data = package.read(entry)
                    fresh = zipfile.ZipInfo(entry.filename)
                    fresh.compress_type = entry.compress_type and zipfile.ZIP_DEFLATED
                    made.writestr(fresh, _cleaned(entry.filename, data, kind))
    return Contents(texts[:MOST_LETTERS])


def _is_read(name: str, kind: str) -> bool:
    """Parts whose text somebody sees, or finds by opening what stands beside it; styles and schemes have none."""
    if kind == "ofd":
        return name != "OFD.xml"
    return not name.endswith(".rels") and not re.search(
        r"(^docProps/|Content_Types|/(styles\w*|theme\d*|fontTable|numbering|webSettings|settings)\.xml$|/theme/)",
        name,
    )


def _traces(package: zipfile.ZipFile, walks: dict[str, Walk], kind: str) -> list[str]:
    if kind == "ofd":
        return [text.decode("utf-8", "replace").strip() for text in OFD_TOLD.findall(package.read("OFD.xml"))]
    said = [piece for name in PROPERTIES if name in walks for piece in walks[name].text]
    people = [one for walk in walks.values() for one in walk.people]
    return list(dict.fromkeys(text.strip() for text in [*said, *people] if text.strip()))


def _cleaned(name: str, data: bytes, kind: str) -> bytes:
    lower = name.lower()
    if name in PROPERTIES:
        return PROPERTIES[name]
    if lower.endswith((".jpg", ".jpeg", ".png")):
        return images.without_notes(data)
    if CHART_DATA.search(name):
        made = io.BytesIO()
        take(io.BytesIO(data), made, "xlsx", name)
        return made.getvalue()
    if not lower.endswith(XML):
        return data
    if kind == "ofd":
        return OFD_ABOUT.sub(rb"<\1\2></\1>", data) if name == "OFD.xml" else data
    if name == "_rels/.rels":
        return THUMBNAIL.sub(b"", data)
    who = PERSON if re.search(r"/(people|persons?/[^/]+)\.xml$", name) else AUTHOR
    data = who.sub(rb'\1"-"', data)
    data = PLACE.sub(rb'\1""', data)
    return AUTHORS.sub(rb"\1-\2", data)
