"""Pieces of pages and workbooks that several tests of the log need."""

import io

import pytest
from openpyxl import load_workbook

from tests import sheets
from units.papers.workbook import CONTENT_TYPE


@pytest.fixture
def workbook():
    """Rows (lists of cells) → an uploaded xlsx file."""

    def make(*rows, name="台账.xlsx", merge=None):
        return sheets.workbook(*rows, name=name, merge=[merge] if merge else ())

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
