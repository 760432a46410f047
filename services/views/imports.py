"""A workbook of the log comes in; the page is that of every import."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect

from services.actions import import_workbook
from services.intake import Names, read_workbook
from services.permissions import logs
from services.register import fields_of
from services.views.common import RegisterMixin
from units.views.importing import ImportView


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

    def take(self, word, file_name):
        rows = import_workbook(word, file_name=file_name)
        messages.success(self.request, f"已导入{len(rows)}条，均为草稿，核对后报送。")
        return redirect(f"{self.register.list_url}?state=draft")
