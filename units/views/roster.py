"""The roster comes in: template, preview with every fault, then all accounts or none."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views import View

from units.downloads import attachment_response
from units.errors import Refused
from units.forms import RosterForm
from units.papers.carried import carried, unpacked
from units.papers.intake import IntakeRefused
from units.papers.template import template_bytes
from units.papers.workbook import CONTENT_TYPE, Column, Sheet, export_line, workbook_response
from units.permissions import RoleRequiredMixin
from units.roles import Role
from units.roster import FIELDS, import_roster, read_roster

SHOWN_PROBLEMS, SHOWN_LINES = 100, 20


class RosterImportView(RoleRequiredMixin, View):
    """Upload, preview with every problem by row and column, then all rows or none."""

    roles_required = (Role.SYSADMIN,)

    def get(self, request):
        if "template" in request.GET:
            return attachment_response(template_bytes("人员名册", FIELDS), "人员名册模板.xlsx", CONTENT_TYPE)
        return self.page(RosterForm())

    def post(self, request):
        if "content" in request.POST:
            return self.save(request.POST["content"], request.POST.get("name", ""))
        form = RosterForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form)
        file = form.cleaned_data["file"]
        try:
            roster = read_roster(file, name=file.name)
        except IntakeRefused as refusal:
            form.add_error("file", str(refusal))
            return self.page(form)
        return self.preview(roster, carried(file), file.name)

    def save(self, content: str, name: str):
        try:
            roster = read_roster(unpacked(content), name=name)
        except (ValueError, IntakeRefused):  # of the carried text, or of the reader
            messages.error(self.request, "文件没有完整传回，请重新上传。")
            return redirect("units:roster-import")
        try:
            return self.passwords(import_roster(roster, actor=self.request.user))
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return self.preview(roster, content, name)

    def preview(self, roster, content: str, name: str):
        return self.page(
            RosterForm(),
            roster=roster,
            lines=roster.lines[:SHOWN_LINES],
            problems=roster.problems[:SHOWN_PROBLEMS],
            more=max(0, len(roster.problems) - SHOWN_PROBLEMS),
            content="" if roster.problems else content,
            name=name,
        )

    def page(self, form, **more):
        return render(self.request, "units/roster_import.html", {"form": form, **more})

    def passwords(self, made):
        """The first passwords as a workbook, the only time they are readable."""
        columns = [
            Column("账号", lambda line: line[0].username),
            Column("姓名", lambda line: line[0].name),
            Column("单位", lambda line: line[1].name),
            Column("初始密码", lambda line: line[2]),
        ]
        subtitle = export_line("", str(self.request.user))
        sheet = Sheet("初始密码", columns, made, subtitle=subtitle, note="请当面交给本人，首次登录须改密码。")
        return workbook_response("初始密码", [sheet])
