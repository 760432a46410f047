"""The second person of an act, in a session of the own."""

from django.test import Client

from tests.factories.units import PASSWORD
from units.pending.models import PendingAct


def confirmed_by(user, act: PendingAct | None = None, **more):
    """Open the act (by default the one that waits) as this person, send back what is shown; gives the answer."""
    act = act or PendingAct.objects.get(state="waiting")
    client = Client()
    client.force_login(user)
    shown = client.get(act.get_absolute_url())
    form = shown.context["form"] if shown.status_code == 200 else None
    digest = form.initial["digest"] if form else ""
    return client.post(act.get_absolute_url(), {"digest": digest, "proof": PASSWORD} | more)
