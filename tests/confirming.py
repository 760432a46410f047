"""The second person of an act, in a session of the own."""

from django.test import Client

from tests.factories.units import PASSWORD, SupervisorFactory
from units.pending.models import PendingAct

WHY = {"proposal-why": "planned", "proposal-reason": "按方案办理。"}


def confirmed_by(user, act: PendingAct | None = None, *, follow=False, **more):
    """Open the act (by default the one that waits) as this person, send back what is shown; gives the answer."""
    act = act or PendingAct.objects.get(state="waiting")
    client = Client()
    client.force_login(user)
    shown = client.get(act.get_absolute_url())
    form = shown.context["form"] if shown.status_code == 200 else None
    digest = form.initial["digest"] if form else ""
    return client.post(act.get_absolute_url(), {"digest": digest, "proof": PASSWORD} | more, follow=follow)


def by_two(client, path, typed=None, *, second=None):
    """Propose an act on its page and confirm it as a supervisor, or as `second`; gives the text of the page after it,
    or of the refusal."""
    answer = client.post(path, WHY | (typed or {}))
    if answer.status_code != 302:
        return answer.content.decode()
    act = PendingAct.objects.get(state="waiting")
    return confirmed_by(second or SupervisorFactory(unit=act.committee), act, follow=True).content.decode()
