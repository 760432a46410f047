"""Anybody checks a certificate by its number."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from awards.result.models import Certificate
from awards.result.papers import dated, qr_svg, sentence_of
from awards.result.rules import parse_certificate, wording
from units.kit.search import called

public = method_decorator(login_not_required, name="dispatch")


def issued():
    """Certificates as their page shows them; a scratch year has none that count."""
    rows = Certificate.objects.select_related(
        "result__campaign__organiser", "result__category", "result__nomination", "result__notice"
    )
    return rows.filter(result__campaign__is_scratch=False)


@public
class CertificateCheckView(View):
    """The form; what is typed is read forgivingly and shown under its own address."""

    def get(self, request):
        typed = request.GET.get("number", "").strip()
        found = parse_certificate(typed) or issued().filter(called(typed, "number")).first()  # an older form
        if found:
            return redirect("awards:certificate", str(found))
        context = {"typed": typed, "malformed": bool(typed)}
        return render(request, "awards/result/certificate.html", context)


@public
class CertificateView(View):
    def get(self, request, number):
        parsed = parse_certificate(number)
        if parsed and str(parsed) != number:
            return redirect("awards:certificate", str(parsed))
        certificate = issued().filter(number=number).first()
        context = {"typed": number, "now": timezone.now()}
        if certificate is None:
            return render(request, "awards/result/certificate.html", context | {"unknown": True}, status=404)
        result = certificate.result
        words = wording(result.campaign.approval_number)
        context |= {
            "certificate": certificate, "result": result, "sentence": sentence_of(result),
            "dated": dated(result), "words": words,
            "mark": result.mark if result.revoked_at else result.mark.said(words.honour),
            "objections": result.notice.objections.filter(nomination=result.nomination).count()
            if result.notice else 0,
        }  # fmt: skip
        return render(request, "awards/result/certificate.html", context)


@public
class QrView(View):
    """The QR code of a certificate's page, a picture of its own: the policy allows no inline drawing data."""

    def get(self, request, number):
        certificate = get_object_or_404(issued(), number=number)
        url = request.build_absolute_uri(reverse("awards:certificate", args=[certificate.number]))
        return HttpResponse(qr_svg(url), content_type="image/svg+xml")
