"""What a picker's search box asks while somebody types."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import View

from units.models import Unit
from units.permissions import holds, posts_of
from units.pickers import Found
from units.roles import Role

# What may be looked for: the organizations right below a committee, or any unit.
SCOPES = {"tops": lambda units: units.top_organizations(), "all": lambda units: units}


class UnitFindView(View):
    """Units by name, short name, alias or number, of the committees in which the person holds a post.

    `name`, `kind`: of the picker that asks; `<name>-words`: what is looked for; `<name>`: chosen already.
    What is offered here is a help: the form decides what it takes.
    """

    def get(self, request):
        name, kind, scope = (request.GET.get(word, "") for word in ("name", "kind", "scope"))
        if not name.isidentifier() or kind not in ("checkbox", "radio") or scope not in SCOPES:
            raise Http404
        words = request.GET.get(f"{name}-words", "").strip()[:80]
        found = Found.among(SCOPES[scope](self.units()), words, request.GET.getlist(name))
        context = {"found": found, "name": name, "kind": kind, "words": words}
        return render(request, "components/_picker_found.html", context)

    def units(self):
        active = Unit.objects.active_on(timezone.localdate())
        if holds(self.request.user, Role.SYSADMIN):
            return active
        condition = Q(pk__in=[])
        for root in {post.unit.organiser_slug for post in posts_of(self.request.user)}:
            condition |= Q(path__startswith=f"{root}/")
        return active.filter(condition)
