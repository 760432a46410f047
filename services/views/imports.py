"""A workbook of the log comes in; the page is that of every import."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from services.actions.imports import import_workbook, undo_import
from services.intake import Names, read_workbook
from services.models.imports import ImportedBook
from services.models.logged import LogState
from services.permissions import logs
from services.register import fields_of
from services.views.common import RegisterMixin
from units.kit.acts import ActPage
from units.kit.columns import clock
from units.kit.reasons import ReasonForm
from units.views.importing import ImportView

MOST_RECENT = 10


class RegisterImportView(RegisterMixin, ImportView):
    measure = "条"
    ready = "下面是前几行，核对后确认。全部成为草稿，报送前都可以修改。"
    tips = ("日期写2026-03-12、2026.3.12、2026年3月12日、20260312都可以；单位写全称、简称、别名都可以。",)

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not logs(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def name(self):
        return self.register.label

    @property
    def back(self):
        return self.register.label, self.register.list_url

    def template_fields(self):
        return fields_of(self.register, Names(self.request.user))

    def read(self, file, name):
        return read_workbook(file, self.register, name=name, user=self.request.user)

    def recent(self):
        found = list(books_of(self.register, self.request.user).select_related("made_by")[:MOST_RECENT])
        sent = self.register.model.objects.filter(book__in=found).exclude(state=LogState.DRAFT)
        sent = set(sent.values_list("book", flat=True))
        for book in found:
            book.over = "已撤销" if book.undone_at else "已报送" if book.pk in sent else ""
            book.undo_url = "" if book.over else self.register.undo_url(book)
        return found

    def take(self, word, file_name):
        rows = import_workbook(word, file_name=file_name)
        told = f"已导入{len(rows)}条，均为草稿，核对后报送。导错了可以在导入页整批撤销。"
        messages.success(self.request, told)
        return redirect(f"{self.register.list_url}?state=draft")


def books_of(register, user):
    return ImportedBook.objects.visible_to(user).filter(register=register.code)


class ImportUndoView(RegisterMixin, ActPage):
    """Throw away what one workbook brought, while all of it is still draft."""

    title, verb, danger = "撤销导入", "撤销导入", True
    text = "这次导入的草稿全部删除，不能恢复；日志中保留记录。已经报送的不能撤销。"
    form_class = ReasonForm

    @cached_property
    def book(self) -> ImportedBook:
        return get_object_or_404(books_of(self.register, self.request.user), slug=self.kwargs["book"])

    def stopped(self) -> str:
        return "这次导入已经撤销。" if self.book.undone_at else ""

    def facts(self):
        rows = self.register.model.objects.filter(book=self.book)
        changed = rows.filter(version__gt=1).count()
        return [
            ("文件", self.book.file_name),
            ("导入", f"{clock(self.book.made_at)}，{self.book.made_by}，{self.book.rows}条"),
            ("现有", f"{rows.count()}条" + (f"，其中{changed}条导入后修改过" if changed else "")),
        ]

    def act(self, reason: str):
        return undo_import(self.book, reason=reason, actor=self.request.user)

    def told(self, rows: int) -> str:
        return f"已撤销，删除草稿{rows}条。"

    def back(self) -> str:
        return self.register.url("import")

    def trail(self):
        return [(self.register.label, self.register.list_url), ("导入", self.back())]
