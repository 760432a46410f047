"""Files that would take a server's memory or minutes, read in a process that can be ended."""

import hashlib
import io
import random
import resource
import time
import zipfile

import pytest
from openpyxl import Workbook

from tests.units import tasks
from units.papers.intake import Field, IntakeRefused, read_sheet
from units.uploads import apart
from units.uploads.apart import run_apart
from units.uploads.facts import UploadRefused


def grown(act):
    """MB by which the peak of this very process rises while it acts."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    act()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def test_a_task_apart_gets_the_file_and_gives_its_answer_and_what_it_wrote():
    file = io.BytesIO(b"abc")
    file.read()
    answer, made = run_apart(tasks.measure, file, name="材料.pdf", word="好")
    assert answer == ["材料.pdf", 3, hashlib.sha256(b"abc").hexdigest()]
    assert made.read().decode() == "好"
    assert file.tell() == 0


def test_a_refusal_comes_through_and_a_fault_becomes_one(capfd):
    with pytest.raises(UploadRefused, match="不收。"):
        run_apart(tasks.refuse, io.BytesIO(), name="a.pdf")
    with pytest.raises(UploadRefused, match=r"“a\.pdf”打不开"):
        run_apart(tasks.stumble, io.BytesIO(), name="a.pdf")


# The helper reads its limits when it starts: another one, with shorter clocks.
IN_A_HURRY = """
import socket, sys
from units.uploads import apart
apart.CPU_SECONDS, apart.SECONDS = %d, %d
apart.serve(socket.socket(fileno=sys.stdin.fileno()))
"""


@pytest.mark.parametrize(
    ("task", "processor", "clock"), [(tasks.hoard, 60, 60), (tasks.spin, 1, 60), (tasks.sleep, 60, 1)]
)
def test_what_takes_too_much_ends_and_the_next_file_is_read(task, processor, clock, monkeypatch):
    monkeypatch.setattr(apart.Helper, "COMMAND", ["-c", IN_A_HURRY % (processor, clock)])
    monkeypatch.setattr(apart, "_helper", apart.Helper())
    started = time.monotonic()
    with pytest.raises(UploadRefused, match="读不完"):
        run_apart(task, io.BytesIO(), name="a.pdf")
    assert time.monotonic() - started < 30
    assert run_apart(tasks.measure, io.BytesIO(), name="b.pdf", word="")[0][0] == "b.pdf"
    assert apart.CPU_SECONDS < apart.SECONDS <= 30


def test_a_helper_that_was_ended_is_followed_by_another():
    run_apart(tasks.measure, io.BytesIO(), name="a.pdf", word="")
    apart._helper.process.kill()
    apart._helper.process.wait()
    assert run_apart(tasks.measure, io.BytesIO(), name="b.pdf", word="")[0][0] == "b.pdf"


def test_a_crowd_is_asked_to_wait_and_told(monkeypatch):
    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    with apart._helper.lock, pytest.raises(UploadRefused, match="请稍后再试"):
        run_apart(tasks.measure, io.BytesIO(), name="a.pdf", word="")


STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
    b'.spreadsheetml.sharedStrings+xml"/></Types>'
)


def of_many_strings(count):
    """A small workbook of so many shared strings, kept below the ratio at which a package is called a bomb."""
    plain, made = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</Types>", STRINGS))
        new.writestr("xl/media/noise.png", random.Random(1).randbytes(count * 5 // 190))
        with new.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
            for _ in range(count // 100_000):
                part.write(b"<si/>" * 100_000)
            part.write(b"</sst>")
    return made.getvalue()


@pytest.mark.parametrize("count", [54_000_000, 7_500_000])
def test_a_workbook_of_millions_of_strings_costs_neither_memory_nor_minutes(count, monkeypatch):
    monkeypatch.setattr(apart.Helper, "COMMAND", ["-c", IN_A_HURRY % (3, 60)])
    monkeypatch.setattr(apart, "_helper", apart.Helper())
    content = of_many_strings(count)
    assert len(content) < 2 * 1024 * 1024
    started = time.monotonic()

    def act():
        with pytest.raises(IntakeRefused, match=r"读不完|内容过多"):
            read_sheet(io.BytesIO(content), [Field("a", ("单位",), required=True)], name="名单.xlsx")

    assert grown(act) < 50
    assert time.monotonic() - started < apart.SECONDS + 5
