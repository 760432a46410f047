"""The tree of party organizations: list, one unit, changes and moves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from units.actions import change_unit, close_unit, create_unit, move_unit
from units.errors import Refused, StaleVersion
from units.filters import UnitFilter
from units.forms import CloseUnitForm, MoveUnitForm, UnitForm
from units.models import Post, Unit
from units.papers.workbook import Column
from units.permissions import RoleRequiredMixin, can_change_units, can_see_accounts, holds, within_reach
from units.queries import tree_of, units_for
from units.roles import UNIT_ROLES, Role
from units.templatetags.portal import cn_date
from units.tree.columns import FIELDS
from units.tree.reading import read_units
from units.tree.taking import import_units
from units.views.importing import ImportView
from units.views.lists import FilteredListView

TRAIL = [("党组织", "/units/")]


class UnitListView(RoleRequiredMixin, FilteredListView):
    roles_required = (Role.SYSADMIN, Role.SECADMIN, Role.OFFICE, Role.SUPERVISOR)
    template_name = "units/unit_list.html"
    filterset_class = UnitFilter
    title = "党组织名册"

    def base_queryset(self):
        return tree_of(units_for(self.request.user, *self.roles_required)).order_by("order", "path")

    def columns(self):
        return [
            Column("排序", "order", "number"),
            Column("全称", "name"),
            Column("简称", "short_name"),
            Column("类型", "get_kind_display"),
            Column("上级", "parent.name"),
            Column("成立日期", "active_from", "date"),
            Column("撤销日期", "active_to", "date"),
            Column("任务", "task"),
            Column("任务期限", "ends_on", "date"),
            Column("代码", "slug"),
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, may_change=can_change_units(self.request.user))


class UnitView(View):
    """One unit: its place, its names, who holds its posts. Its own people may read it."""

    readers = UnitListView.roles_required

    def get(self, request, slug):
        may_list = holds(request.user, *self.readers)
        found = units_for(request.user, *self.readers) if may_list else Unit.objects.all()
        unit = get_object_or_404(found.select_related("parent", "top"), slug=slug)
        if not may_list and not within_reach(request.user, unit, UNIT_ROLES):
            raise PermissionDenied
        context = {
            "unit": unit,
            "children": unit.children.all(),
            "aliases": unit.aliases.all(),
            "posts": Post.objects.current().filter(unit=unit).select_related("user"),
            "links_people": can_see_accounts(request.user),
            "may_change": can_change_units(request.user, unit),
        }
        return render(request, "units/unit.html", context)


class UnitFormView(View):
    """Make a unit, or change one."""

    def get(self, request, slug=None):
        unit = self.unit(request, slug)
        return self.page(request, unit, UnitForm(instance=unit, asking=request.user))

    def post(self, request, slug=None):
        unit = self.unit(request, slug)
        form = UnitForm(request.POST, instance=unit, asking=request.user)
        if not form.is_valid():
            return self.page(request, unit, form)
        try:
            saved = self.save(form, slug)
        except StaleVersion:
            stored = UnitForm(instance=self.unit(request, slug), asking=request.user)
            return self.page(request, unit, form, clash=True, differences=form.clash_with(stored))
        messages.success(request, f"{saved}已保存。")
        return redirect(saved)

    def save(self, form, slug):
        values = {"aliases": form.cleaned_data["aliases"], "actor": self.request.user}
        if slug is None:
            return create_unit(form.save(commit=False), **values)
        return change_unit(form.save(commit=False), version=form.opened_with, **values)

    def unit(self, request, slug):
        unit = get_object_or_404(Unit, slug=slug) if slug else None
        if not can_change_units(request.user, unit):
            raise PermissionDenied
        return unit

    def page(self, request, unit, form, **more):
        name = Unit.objects.get(pk=unit.pk).name if unit and unit.pk else ""
        context = {
            "title": f"修改{name}" if name else "新建党组织",
            "form": form,
            "trail": TRAIL,
            "cancel_url": unit.get_absolute_url() if name else reverse("units:unit-list"),
        }
        return render(request, "components/form_page.html", context | more)


class UnitImportView(ImportView):
    """The tree from a workbook; who may make a unit may bring many."""

    name, measure = "党组织名册", "个党组织"
    ready = "下面是前几行，核对后确认；名册中已有的按全称识别，空格不改动原有内容。"
    tips = (
        "上级写全称或简称，可以是本表中的另一行，次序不限；不填即直属工委。",
        "名册中已有的党组织，填了的列按表修改，空着的列不动；隶属关系不在这里调整。",
        "名册页导出的表格改好后可以再导入。",
    )

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not can_change_units(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def back(self):
        return TRAIL[0]

    def template_fields(self):
        return FIELDS

    def read(self, file, name):
        return read_units(file, name=name, user=self.request.user)

    def take(self, word, file_name):
        messages.success(self.request, f"已导入{len(import_units(word))}个党组织。")
        return redirect("units:unit-list")


class UnitActView(View):
    """One act on a unit: a confirm page with its form, then the act; what it refuses stands at a field.

    `blamed`: the field beside which a refusal is shown.
    """

    form_class = None
    blamed = ""

    def get(self, request, slug):
        unit = self.unit(request, slug)
        return self.page(request, unit, self.form_class(unit=unit))

    def post(self, request, slug):
        unit = self.unit(request, slug)
        form = self.form_class(request.POST, unit=unit)
        if form.is_valid():
            try:
                done = self.act(unit, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(self.blamed, str(refusal))
            else:
                messages.success(request, done)
                return redirect(unit)
        return self.page(request, unit, form)

    def unit(self, request, slug):
        unit = get_object_or_404(Unit.objects.select_related("parent"), slug=slug)
        if not can_change_units(request.user, unit):
            raise PermissionDenied
        return unit

    def page(self, request, unit, form):
        context = {"form": form, "cancel_url": unit.get_absolute_url(), **self.words(unit)}
        context["trail"] = [*TRAIL, (unit.name, unit.get_absolute_url())]
        return render(request, "components/confirm.html", context)


class UnitMoveView(UnitActView):
    form_class, blamed = MoveUnitForm, "parent"

    def act(self, unit, **values) -> str:
        moved = move_unit(unit, actor=self.request.user, **values)
        return f"{moved}已移到{moved.parent}之下。"

    def words(self, unit):
        text = f"现上级：{unit.parent or '无'}。下属组织随之移动；申报名额和回避按新的隶属关系计算。"
        return {"title": f"调整{unit}的隶属关系", "text": text, "verb": "调整隶属关系"}


class UnitCloseView(UnitActView):
    form_class, blamed = CloseUnitForm, "on"

    def act(self, unit, **values) -> str:
        closed = close_unit(unit, actor=self.request.user, **values)
        into = f"，并入{values['into']}" if values["into"] else ""
        return f"{closed}到{cn_date(closed.active_to)}为止{into}。"

    def words(self, unit):
        text = "在任岗位同日结束，已有的记录、申报和结果仍在原名下。正在办理的申报和待报送的记录请先办结。"
        return {"title": f"撤销{unit}", "text": text, "verb": "撤销党组织", "danger": True}
