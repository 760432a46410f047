"""What everybody may read: notices with their record, the form for an objection, its progress."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from awards.campaign.rules.wording import left_text
from awards.notice import limits
from awards.notice.actions.filing import LISTED, AlreadyFiled, code_opens, file_objection
from awards.notice.forms import NAMED, LookupForm, ObjectionForm
from awards.notice.models import Notice, Objection
from awards.notice.pages import notice_context
from awards.notice.papers import notice_paper
from awards.notice.queries import listing
from awards.notice.rules import ACCEPT_DAYS, RULING_DAYS, parse_receipt, receipt_number
from awards.ranking.models import Ranking
from units.audit.context import current
from units.errors import Refused
from units.kit.columns import Column
from units.kit.lists import ListPage
from units.papers.document import docx_response

OPENED, JUST_FILED, OBJECTING = "objections_opened", "objection_filed", "objecting"
TRAIL = [("公示公告", "/notices/")]

public = method_decorator(login_not_required, name="dispatch")


def published():
    return Notice.objects.published().select_related("campaign__organiser").filter(campaign__is_scratch=False)


@public
class NoticeListView(ListPage):
    template_name = "awards/notice/list.html"
    title, noun, unit, exports = "公示公告", "公示", "次", False
    start = ("-published_at",)

    def rows(self):
        return published()

    def columns(self):
        return [
            Column("公示", "title", main=True, link="get_absolute_url"),
            Column("组织单位", "campaign.organiser.name", folded=True),
            Column("发布时间", "published_at", "date", order="published_at"),
            Column("公示期", "first_day", "date", order="first_day"),
            Column("状态", "mark", "mark"),
        ]

    def empty(self):
        return {"title": "还没有公示", "text": "工委审定名单后，在这里公示5个工作日以上。"}


@public
class NoticeView(View):
    """A published notice: list, days, how to object, the record."""

    def get(self, request, slug):
        notice = get_object_or_404(published(), slug=slug)
        return render(request, "awards/notice/notice.html", notice_context(notice))


@public
class RecordView(View):
    """The record byte for byte, so that its digest can be checked by anybody."""

    def get(self, request, slug):
        notice = get_object_or_404(published().exclude(ranking=None), slug=slug)
        text = Ranking.objects.values_list("record", flat=True).get(pk=notice.ranking_id)
        name = f"record-{notice.campaign.code}.json"
        response = HttpResponse(text.encode(), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


@public
class NoticePaperView(View):
    def get(self, request, slug):
        notice = get_object_or_404(published(), slug=slug)
        return docx_response(notice.title, notice_paper(notice), on=timezone.localdate(notice.published_at))


# ---------------------------------------------------------------- objecting


@public
class ObjectionNewView(View):
    """The form; it stays open to the last second, and says so when that has passed."""

    def dispatch(self, request, *args, **kwargs):
        self.notice = get_object_or_404(published(), slug=kwargs["slug"])
        # What was typed before the last second and sent after it stays on the page, with the refusal.
        if not self.notice.is_running and request.method != "POST":
            messages.error(request, "公示期已满，不再受理异议。")
            return redirect(self.notice)
        self.address = limits.neighbourhood(current().address)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, slug):
        # Two sendings of one page must find one session, where the first leaves the lookup code.
        request.session[OBJECTING] = True
        return self.page(self.form(initial={"entry": request.GET.get("entry")}))

    def post(self, request, slug):
        if limits.SENT.is_reached(self.address):
            return self.page(self.form(request.POST), too_often=limits.SENT)
        limits.SENT.count(self.address)
        sent = request.FILES.getlist("files")
        if sent and limits.FILES_READ.is_reached(self.address):
            form = self.form(request.POST, {})
            form.add_error(
                "files", "附件过多，暂时不能接收。请去掉附件后提交，附件可按公示所列地址书面补充。"
            )
            return self.page(form)
        limits.FILES_READ.count(self.address, len(sent))
        form = self.form(request.POST, request.FILES)
        if form.is_from_a_machine:
            raise Http404
        if not form.is_valid():
            return self.page(form)
        try:
            objection, code = self.file(form)
        except AlreadyFiled as known:
            return redirect("awards:objection-receipt", known.receipt)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form)
        for limit, whom in self.crowds():
            limit.count(whom)
        remember(request, objection.receipt)
        request.session[JUST_FILED] = {"receipt": objection.receipt, "code": code}
        return redirect("awards:objection-receipt", objection.receipt)

    def form(self, *data, **kwargs) -> ObjectionForm:
        entries = [line for line in listing(self.notice) if line.nomination.state in LISTED]
        return ObjectionForm(
            *data, entries=entries, kept_days=self.notice.campaign.contacts_kept_days, **kwargs
        )

    def crowds(self):
        return [(limits.CROWD_BY_ADDRESS, self.address), (limits.CROWD_ON_NOTICE, self.notice.slug)]

    def file(self, form):
        values = form.cleaned_data
        return file_objection(
            self.notice, nomination=form.listed[values["entry"]], ground=values["ground"],
            facts=values["facts"], evidence=values["evidence"],
            is_named=values["signed"] == NAMED, name=values["name"], contact=values["contact"],
            uploads=values["files"], form_key=values["form_key"],
            in_a_crowd=any(limit.is_reached(whom) for limit, whom in self.crowds()),
        )  # fmt: skip

    def page(self, form, *, too_often=None):
        context = {
            "form": form, "notice": self.notice, "too_often": too_often,
            "trail": [*TRAIL, (self.notice.title, self.notice.get_absolute_url())],
            "left": left_text(timezone.now(), self.notice.closes_at),
            "accept_days": ACCEPT_DAYS, "ruling_days": RULING_DAYS,
        }  # fmt: skip
        return render(
            self.request, "awards/notice/objection_form.html", context, status=429 if too_often else 200
        )


def remember(request, receipt: str) -> None:
    """This browser may see the progress of the objection without typing its code again."""
    request.session[OPENED] = [*request.session.get(OPENED, []), receipt][-20:]


@method_decorator(never_cache, name="dispatch")
@public
class ReceiptView(View):
    """The receipt with its code, once; a second look finds no code any more."""

    def get(self, request, receipt):
        filed = request.session.get(JUST_FILED)
        if not filed or filed["receipt"] != receipt:
            return redirect("awards:objection", receipt)
        del request.session[JUST_FILED]
        objection = get_object_or_404(
            Objection.objects.select_related("notice__campaign__organiser", "nomination"), receipt=receipt
        )
        context = {
            "objection": objection, "code": filed["code"], "ruling_days": RULING_DAYS,
            "line": objection.notice.entries.get(nomination=objection.nomination),
        }  # fmt: skip
        return render(request, "awards/notice/receipt.html", context)


@public
class ObjectionLookupView(View):
    """From the receipt somebody typed to its page; whether it exists is told only to who has the code."""

    def get(self, request):
        found = parse_receipt(request.GET.get("receipt", ""))
        if found:
            return redirect("awards:objection", receipt_number(*found))
        if request.GET.get("receipt"):
            messages.error(request, "受理编号的格式应如2026-YY-007，请核对后再查。")
        return render(request, "awards/notice/lookup.html", {"typed": request.GET.get("receipt", "")})


@method_decorator(never_cache, name="dispatch")
@public
class ObjectionView(View):
    """The progress of one objection, behind its lookup code."""

    def get(self, request, receipt):
        if receipt not in request.session.get(OPENED, []):
            return self.ask(LookupForm())
        objection = get_object_or_404(
            Objection.objects.select_related("notice__campaign__organiser", "nomination"), receipt=receipt
        )
        context = {
            "objection": objection, "steps": steps(objection),
            "line": objection.notice.entries.get(nomination=objection.nomination),
            "ruling": getattr(objection, "ruling", None) if objection.is_named else None,
        }  # fmt: skip
        return render(request, "awards/notice/objection.html", context)

    def post(self, request, receipt):
        form = LookupForm(request.POST)
        address = limits.neighbourhood(current().address)
        gates = [(limits.WRONG_CODES, address), (limits.WRONG_CODES_FOR_ONE, f"{address} {receipt}")]
        for limit, whom in gates:
            if limit.is_reached(whom):
                form.is_valid()
                form.add_error("code", f"查询码多次不符，请{limit.minutes}分钟后再试，或电话查询。")
                return self.ask(form, status=429)
        if not form.is_valid():
            return self.ask(form)
        objection = Objection.objects.filter(receipt=receipt).first()
        if objection is None or not code_opens(objection, form.cleaned_data["code"]):
            for limit, whom in gates:
                limit.count(whom)
            form.add_error("code", "受理编号或查询码不符，请核对。")
            return self.ask(form)
        remember(request, receipt)
        return redirect("awards:objection", receipt)

    def ask(self, form, status=200):
        context = {
            "title": f"查询{self.kwargs['receipt']}", "form": form, "verb": "查询",
            "cancel_url": reverse("awards:notice-list"), "trail": TRAIL,
        }  # fmt: skip
        return render(self.request, "components/form_page.html", context, status=status)


def answered_at(objection: Objection):
    return getattr(getattr(objection, "ruling", None), "ruled_at", None)


def steps(objection: Objection) -> list[dict]:
    """Filed, taken up, answered, as the line of stages; what is refused ends there, a tip is not answered."""
    state = objection.state
    done = {"filed": 1, "accepted": 2, "refused": 2, "ruled": 3}[state]
    names = [("已收到", objection.filed_at)]
    if state == "refused":
        names.append(("不予受理", objection.refused_at))
    else:
        names += [
            ("受理", objection.accepted_at),
            ("答复" if objection.is_named else "办结", answered_at(objection)),
        ]
    due = [None, objection.accept_due_on, objection.rule_due_on]
    return [
        {
            "label": label,
            "when": timezone.localtime(when) if when else None,
            "due": due[place],
            "status": "done" if place < done else "now" if place == done else "next",
        }
        for place, (label, when) in enumerate(names)
    ]
