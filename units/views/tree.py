"""The tree of party organizations: list, one unit, changes and moves."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from units.actions.tree import change_unit, close_unit, create_unit, move_unit
from units.filters import UnitFilter
from units.forms import CloseUnitForm, MoveUnitForm, UnitForm
from units.kit.acts import ActPage
from units.kit.columns import Column
from units.kit.filled import Filled
from units.kit.lists import ListPage
from units.kit.together import SharedForm
from units.models import Post, Unit
from units.permissions import RoleRequiredMixin, can_change_units, can_see_accounts, holds, within_reach
from units.queries import tree_of, units_for
from units.roles import UNIT_ROLES, Role
from units.templatetags.portal import cn_date
from units.tree.columns import FIELDS
from units.tree.reading import read_units
from units.tree.taking import import_units
from units.views.importing import ImportView

TRAIL = [("党组织", "/units/")]


class UnitListView(RoleRequiredMixin, ListPage):
    roles_required = (Role.SYSADMIN, Role.SECADMIN, Role.OFFICE, Role.SUPERVISOR)
    template_name = "units/unit_list.html"
    filter_class = UnitFilter
    title, noun, unit = "党组织", "党组织", "个"
    start = ("order", "path")

    def rows(self):
        return tree_of(units_for(self.request.user, *self.roles_required))

    def columns(self):
        return [
            Column("排序", "order", "number", order="order", by=("order", "path")),
            Column("全称", "name", order="name", main=True, link="get_absolute_url"),
            Column("简称", "short_name", folded=True),
            Column("任务", "task", folded=True),
            Column("类型", "get_kind_display", css="nowrap"),
            Column("上级", "parent.name"),
            Column("下级", "children_count", "number", order="children", by=("children_count",)),
            Column("在任岗位", "posts_count", "number", order="posts", by=("posts_count",)),
            Column("成立日期", "active_from", "date", order="active_from"),
            Column("撤销日期", "active_to", "date", order="active_to"),
            Column("任务期限", "ends_on", "date", page=False),
            Column("代码", "slug", page=False),
        ]

    def book_name(self):
        return "党组织名册"

    book_title = book_name

    def empty(self):
        return {"title": "还没有党组织", "text": "新建党组织，或导入名册。"}

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


class UnitFormView(SharedForm):
    """Make a unit, or change one."""

    partly = False

    def row(self) -> Unit | None:
        slug = self.kwargs.get("slug")
        unit = get_object_or_404(Unit, slug=slug) if slug else None
        if not can_change_units(self.request.user, unit):
            raise PermissionDenied
        self.name = unit.name if unit else ""
        return unit

    def form_key(self, unit) -> str:
        return f"unit:{unit.pk if unit else 'new'}"

    def bind(self, unit, data=None) -> Filled:
        return Filled(UnitForm(data, instance=unit, asking=self.request.user))

    def typed(self, form):
        return {"unit": form.save(commit=False), "aliases": form.cleaned_data["aliases"]}

    def act(self, unit, aliases):
        actor = self.request.user
        if self.version is None:
            return create_unit(unit, aliases=aliases, actor=actor)
        return change_unit(unit, aliases=aliases, version=self.version, actor=actor)

    @property
    def title(self) -> str:
        return f"修改{self.name}" if self.name else "新建党组织"

    def told(self, unit) -> str:
        return f"{unit}已保存。"

    def trail(self):
        return TRAIL

    def back(self) -> str:
        slug = self.kwargs.get("slug")
        return reverse("units:unit", args=[slug]) if slug else reverse("units:unit-list")

    def after(self, unit) -> str:
        return unit.get_absolute_url()


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


class UnitAct(ActPage):
    """One act on a unit; what it refuses stands at a field."""

    @cached_property
    def unit(self) -> Unit:
        return get_object_or_404(Unit.objects.select_related("parent"), slug=self.kwargs["slug"])

    def allowed(self) -> bool:
        return can_change_units(self.request.user, self.unit)

    def make_form(self, *data):
        return self.form_class(*data, unit=self.unit)

    def back(self) -> str:
        return self.unit.get_absolute_url()

    def trail(self):
        return [*TRAIL, (self.unit.name, self.back())]


class UnitMoveView(UnitAct):
    verb = "调整隶属关系"
    form_class, blamed = MoveUnitForm, "parent"

    @property
    def title(self) -> str:
        return f"调整{self.unit}的隶属关系"

    @property
    def text(self) -> str:
        above = self.unit.parent or "无"
        return f"现上级：{above}。下属组织随之移动；申报名额和回避按新的隶属关系计算。"

    def act(self, **values):
        return move_unit(self.unit, actor=self.request.user, **values)

    def told(self, moved) -> str:
        return f"{moved}已移到{moved.parent}之下。"


class UnitCloseView(UnitAct):
    verb, danger = "撤销党组织", True
    form_class, blamed = CloseUnitForm, "on"
    text = "在任岗位同日结束，已有的记录、申报和结果仍在原名下。正在办理的申报和待报送的记录请先办结。"

    @property
    def title(self) -> str:
        return f"撤销{self.unit}"

    def act(self, into, **values):
        return close_unit(self.unit, into=into, actor=self.request.user, **values), into

    def told(self, outcome) -> str:
        closed, into = outcome
        return f"{closed}到{cn_date(closed.active_to)}为止{f'，并入{into}' if into else ''}。"
