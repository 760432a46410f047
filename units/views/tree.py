"""The tree of party organizations: list, one unit, changes and moves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from units.actions import change_unit, create_unit, move_unit
from units.errors import Refused
from units.filters import UnitFilter
from units.forms import MoveUnitForm, UnitForm
from units.models import Post, Unit
from units.papers.workbook import Column
from units.permissions import RoleRequiredMixin, can_change_units, holds, within_reach
from units.queries import tree_of
from units.roles import UNIT_ROLES, Role
from units.views.lists import FilteredListView

TRAIL = [("党组织", "/units/")]


class UnitListView(RoleRequiredMixin, FilteredListView):
    roles_required = (Role.SYSADMIN, Role.SECADMIN, Role.OFFICE, Role.SUPERVISOR)
    template_name = "units/unit_list.html"
    filterset_class = UnitFilter
    title = "党组织名册"

    def base_queryset(self):
        return tree_of(Unit.objects.order_by("order", "path"))

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
        ]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, may_change=can_change_units(self.request.user))


class UnitView(View):
    """One unit: its place, its names, who holds its posts. Its own people may read it."""

    readers = UnitListView.roles_required

    def get(self, request, slug):
        unit = get_object_or_404(Unit.objects.select_related("parent", "top"), slug=slug)
        if not holds(request.user, *self.readers) and not within_reach(request.user, unit, UNIT_ROLES):
            raise PermissionDenied
        context = {
            "unit": unit,
            "children": unit.children.all(),
            "aliases": unit.aliases.all(),
            "posts": Post.objects.current().filter(unit=unit).select_related("user"),
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
        action = change_unit if slug else create_unit
        saved = action(form.save(commit=False), aliases=form.cleaned_data["aliases"], actor=request.user)
        messages.success(request, f"{saved}已保存。")
        return redirect(saved)

    def unit(self, request, slug):
        unit = get_object_or_404(Unit, slug=slug) if slug else None
        if not can_change_units(request.user, unit):
            raise PermissionDenied
        return unit

    def page(self, request, unit, form):
        name = Unit.objects.get(pk=unit.pk).name if unit and unit.pk else ""
        context = {
            "title": f"修改{name}" if name else "新建党组织",
            "form": form,
            "trail": TRAIL,
            "cancel_url": unit.get_absolute_url() if name else reverse("units:unit-list"),
        }
        return render(request, "components/form_page.html", context)


class UnitMoveView(View):
    def get(self, request, slug):
        unit = self.unit(request, slug)
        return self.page(request, unit, MoveUnitForm(unit=unit))

    def post(self, request, slug):
        unit = self.unit(request, slug)
        form = MoveUnitForm(request.POST, unit=unit)
        if form.is_valid():
            try:
                unit = move_unit(unit, actor=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error("parent", str(refusal))
            else:
                messages.success(request, f"{unit}已移到{unit.parent}之下。")
                return redirect(unit)
        return self.page(request, unit, form)

    def unit(self, request, slug):
        unit = get_object_or_404(Unit.objects.select_related("parent"), slug=slug)
        if not can_change_units(request.user, unit):
            raise PermissionDenied
        return unit

    def page(self, request, unit, form):
        context = {
            "title": f"调整{unit}的隶属关系",
            "text": f"现上级：{unit.parent or '无'}。下属组织随之移动；申报名额和回避按新的隶属关系计算。",
            "form": form,
            "verb": "调整隶属关系",
            "cancel_url": unit.get_absolute_url(),
        }
        return render(request, "components/confirm.html", context)
