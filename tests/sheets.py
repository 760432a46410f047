"""Real workbooks, as offices send them, and the way of every import page: preview, then confirm."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from units.papers.workbook import CONTENT_TYPE


def workbook(*rows, name="名册.xlsx", merge=()):
    """Rows (lists of cells) → an uploaded xlsx file; merge: ranges to be merged."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for cells in merge:
        book.active.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue(), CONTENT_TYPE)


def preview(client, url, *rows, **options):
    """The page that shows what a workbook would do."""
    response = client.post(url, {"file": workbook(*rows, **options), "nothing_secret": "on"})
    assert response.status_code == 200
    return response


def words_of(response) -> dict:
    """What the confirm form of a preview sends back."""
    context = response.context
    return {
        "content": context["content"],
        "name": context["file_name"],
        "shown": context["shown"],
        "ticket": str(context["ticket"]),
    }


def told(response) -> list[tuple[int, str, str]]:
    """Row, column and sentence of everything that is wrong."""
    problems = response.context["problems"]
    return [(problem.row, problem.column, problem.message) for problem in problems]


def blamed(response) -> set[tuple[int, str]]:
    return {(row, column) for row, column, _ in told(response)}


def effects(response) -> list[str]:
    """The word of each previewed row."""
    return [line.effect.label for line in response.context["lines"]]
