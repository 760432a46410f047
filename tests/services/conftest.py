"""Pieces of pages and workbooks that several tests of the log need."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from units.papers.workbook import CONTENT_TYPE


@pytest.fixture
def workbook():
    """Rows (lists of cells) → an uploaded xlsx file."""

    def make(*rows, name="台账.xlsx", merge=None):
        book = Workbook()
        for row in rows:
            book.active.append(list(row))
        if merge:
            book.active.merge_cells(merge)
        out = io.BytesIO()
        book.save(out)
        return SimpleUploadedFile(name, out.getvalue(), CONTENT_TYPE)

    return make


@pytest.fixture
def sheet_of():
    """A response with a workbook → the rows of its first sheet."""

    def read(response):
        assert response.status_code == 200
        assert response["Content-Type"] == CONTENT_TYPE
        book = load_workbook(io.BytesIO(response.getvalue()))
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]

    return read
