"""The roster comes in: accounts with their first posts, and the first passwords to be handed out."""

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect
from django.urls import reverse

from units.actions.importing import AlreadyImported
from units.kit.exports import Exporting
from units.papers.workbook import Column, Sheet
from units.permissions import RoleRequiredMixin
from units.roles import Role
from units.roster import FIELDS, import_roster, read_roster, roster_again
from units.views.importing import LOST, ImportView
from units.views.passwords import HEADERS, salt_of, show_first_passwords, uncached


class RosterImportView(RoleRequiredMixin, Exporting, ImportView):
    """Accounts and posts. The answer is the page of the first passwords, which can be printed and fetched as a book."""

    roles_required = (Role.SYSADMIN,)
    name, measure = "人员名册", "个账号"
    ready = "导入后显示初始密码，只此一次；岗位经安全管理员确认后生效。"
    tips = (
        "评选办、监督员、工委委员、评委的单位填工委，书记和党务干部填所在党组织；全称、简称、别名都可以。",
        "账号不分大小写；开始日期不填为今天。",
    )

    @property
    def back(self):
        return "账号", reverse("units:account-list")

    def template_fields(self):
        return FIELDS

    def read(self, file, name):
        return read_roster(file, name=name)

    def post(self, request, **kwargs):
        return (
            self.book(request.POST["codes"]) if "codes" in request.POST else super().post(request, **kwargs)
        )

    def take(self, word, file_name):
        secret = self.request.POST.get("once", "")
        try:
            made = import_roster(word, secret)
        except AlreadyImported:
            made = roster_again(word, secret) if secret else []
            if not made:
                raise
        lines = [
            (user.username, user.name, unit.name, Role(role).label, code) for user, unit, role, code in made
        ]
        return show_first_passwords(
            self.request, lines, f"已导入{len(lines)}个账号", "岗位已报安全管理员，确认后生效"
        )

    def book(self, codes: str):
        """The very list of the page as a workbook: it comes back from the page, nothing of it was kept here."""
        try:
            lines = signing.loads(codes, salt=salt_of(self.request.user))
        except signing.BadSignature:
            messages.error(self.request, LOST)
            return redirect(self.request.path)
        columns = [Column(header, lambda line, at=at: line[at]) for at, header in enumerate(HEADERS)]
        note = "请当面交给本人，首次登录须改密码。"
        sheet = Sheet("初始密码", columns, lines, self.subtitle(), note=note)
        return uncached(self.export("初始密码", [sheet], rows=len(lines)))
