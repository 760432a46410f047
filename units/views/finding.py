"""What a picker's search box asks while somebody types."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from units.models import Unit, UnitKind
from units.permissions import holds, posts_of
from units.pickers import Found, Units
from units.roles import Role

# What may be looked for: the organizations right below a committee, any unit, or the 行动党支部.
SCOPES = {
    "tops": lambda units: units.top_organizations(),
    "all": lambda units: units,
    "acting": lambda units: units.filter(kind=UnitKind.ACTION_BRANCH),
}


class FindView(View):
    """`name`, `kind`: of the picker that asks; `<name>-words`: what is looked for; `<name>`: chosen already.

    What is offered here is a help: the form decides what it takes.
    """

    what: type = Units

    def rows(self):
        """Those that this person may find."""
        raise NotImplementedError

    def get(self, request, **kwargs):
        name, kind = (request.GET.get(word, "") for word in ("name", "kind"))
        if not name.isidentifier() or kind not in ("checkbox", "radio"):
            raise Http404
        words = request.GET.get(f"{name}-words", "").strip()[:80]
        found = Found.among(self.what, self.rows(), words, request.GET.getlist(name))
        context = {"found": found, "name": name, "kind": kind, "words": words, "noun": self.what.noun}
        return render(request, "components/_picker_found.html", context)


class UnitFindView(FindView):
    """Units by name, short name, alias or number, of the committees in which the person holds a post."""

    def rows(self):
        scope = self.request.GET.get("scope", "")
        if scope not in SCOPES:
            raise Http404
        active = Unit.objects.active_on(timezone.localdate())
        if holds(self.request.user, Role.SYSADMIN):
            return SCOPES[scope](active)
        condition = Q(pk__in=[])
        for root in {post.unit.organiser_slug for post in posts_of(self.request.user)}:
            condition |= Q(path__startswith=f"{root}/")
        return SCOPES[scope](active.filter(condition))
