"""What an open form tells of itself and asks: who else is in it, and the text that nobody has saved yet."""

import json
import re

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.utils import timezone
from django.views.generic import View

from units.actions.presence import come_to, keep_text, others_in
from units.kit.together import SALT
from units.models import Presence

LONGEST = 400_000  # characters of one form's texts
DAY = 86_400  # seconds: a page left open longer has to be opened anew


class HereView(View):
    """`here`: the token that the form carries; it was given to whoever may fill the form, and to nobody else.

    `texts`: control → its texts, to be kept for this person alone; `{}` lets go of them.
    `hello`: the form has just been opened; the answer tells what was kept.
    """

    http_method_names = ["post"]

    def post(self, request):
        form, person = self.token(request.POST.get("here", ""))
        if person != request.user.pk:
            raise PermissionDenied
        told = {}
        if texts := request.POST.get("texts", "")[: LONGEST + 1]:
            if not (kept := texts_of(texts)) and kept != {}:
                return JsonResponse({"errors": {"": ["内容过长，请先保存。"]}}, status=422)
            keep_text(form, request.user, kept or None)
            told["saved_at"] = f"{timezone.localtime():%H:%M:%S}"
        else:
            come_to(form, request.user)
        if "hello" in request.POST:
            mine = Presence.objects.filter(form=form, person=request.user).exclude(texts=None).first()
            told["kept"] = mine and {"texts": mine.texts, "at": mine.texts_at.timestamp() * 1000}
        told["others"] = [
            f"{one.person}正在编辑（{timezone.localtime(one.since):%H:%M}起）"
            for one in others_in(form, request.user)
        ]
        return JsonResponse(told)

    def token(self, text: str) -> tuple[str, int]:
        try:
            form, person = signing.loads(text, salt=SALT, max_age=DAY)
        except signing.BadSignature:
            raise PermissionDenied from None
        return form, person


def texts_of(sent: str) -> dict[str, list[str]] | None:
    """Control → its texts, as the browser wrote it; None for anything else."""
    if len(sent) > LONGEST:
        return None
    try:
        found = json.loads(sent)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    if not all(
        isinstance(texts, list) and all(isinstance(t, str) for t in texts) for texts in found.values()
    ):
        return None
    return {_taken(name): [_taken(text) for text in texts] for name, texts in found.items()}


def _taken(text: str) -> str:
    """Without what JSON can spell and the database cannot take: NUL and lone halves of characters."""
    return re.sub("[\x00\ud800-\udfff]", "", text)
