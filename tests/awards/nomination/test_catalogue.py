"""The table of the form's fields: a new row of it is everywhere, and nobody keeps a list of his own."""

import ast
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, models
from docx import Document

from awards import catalogue
from awards.catalogue import FIELDS, Field, known, typed
from awards.nomination.forms.draft import NominationForm
from awards.nomination.models import Nomination, Submission
from awards.nomination.papers import application_paper
from awards.nomination.queries.answers import answer, changes, facts
from awards.nomination.queries.content import form_state, frozen_content
from awards.nomination.rules.freezing import digest_of_content
from awards.review.queries.reading import read_submission, what_changed, words_of
from awards.screening.forms import part_choices
from awards.screening.queries.reading import parts_of
from tests.factories import AssignmentFactory, NominationFactory, SecretaryFactory

ROOT = Path(settings.BASE_DIR)
PARTNERSHIP = Field(
    "made_up",
    "合作单位说明",
    "basics",
    hint="写明与谁合作。",
    blind="masked",
    categories="FZX",
    check="made-up-check",
)


# ---------------------------------------------------------------- a field more


@pytest.fixture
def made_up(db, monkeypatch):
    """A column and a row of the catalogue, and nothing else, for the length of one test."""
    column = models.CharField(PARTNERSHIP.label, max_length=200, blank=True, default="")
    column.set_attributes_from_name("made_up")
    column.model = Nomination
    with connection.schema_editor() as editor:
        editor.add_field(Nomination, column)
    column.contribute_to_class(Nomination, "made_up")
    place = FIELDS.index(known("target")) + 1
    monkeypatch.setattr(catalogue, "FIELDS", (*FIELDS[:place], PARTNERSHIP, *FIELDS[place:]))
    yield PARTNERSHIP
    Nomination._meta.local_fields.remove(column)
    Nomination._meta._expire_cache()
    del Nomination.made_up


def paper_text(nomination):
    document = Document(io.BytesIO(application_paper(nomination).to_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*cells, *(paragraph.text for paragraph in document.paragraphs)]


def handed_over(nomination, number=1, **answers):
    content = frozen_content(nomination) | answers
    return Submission.objects.create(
        nomination=nomination, number=number, content=content, sha256=digest_of_content(content)
    )


def test_a_new_field_is_in_form_map_remarks_content_paper_and_pages(made_up, client):
    secretary = SecretaryFactory()
    nomination = NominationFactory(unit=secretary.posts.get().unit, made_up="与区工商联合作")
    client.force_login(secretary)

    form = NominationForm(instance=nomination)
    order = list(form.fields)
    assert order[order.index("target") + 1] == "made_up"
    assert (form["made_up"].label, form["made_up"].value(), form["made_up"].help_text) == (
        "合作单位说明", "与区工商联合作", "写明与谁合作。",
    )  # fmt: skip
    page = client.get(f"/nominations/{nomination.slug}/edit/").content.decode()
    assert re.search(r'<input[^>]*name="made_up"[^>]*value="与区工商联合作"', page) or re.search(
        r'<input[^>]*value="与区工商联合作"[^>]*name="made_up"', page
    )

    blank = NominationFactory(unit=nomination.unit)
    lacking = [gap.text for section in form_state(blank) for gap in section.gaps]
    assert "合作单位说明未填" in lacking
    assert "合作单位说明未填" not in [gap.text for section in form_state(nomination) for gap in section.gaps]

    basics = dict(part_choices())["基本信息"]
    assert ("made_up", "合作单位说明") in basics
    assert "made_up" in catalogue.open_answers(["basics"])
    assert catalogue.part_of_check("made-up-check") == "made_up"

    content = frozen_content(nomination)
    assert content["made_up"] == "与区工商联合作"
    assert "与区工商联合作" in paper_text(nomination)
    dossier = client.get(nomination.get_absolute_url()).content.decode()
    assert "<dt>合作单位说明</dt><dd>与区工商联合作</dd>" in dossier

    older = content | {"made_up": "与区科协合作"}
    told = {one.code: one for one in changes(older, content)}
    assert set(told) == {"made_up"}
    (part,) = [part for part in parts_of(content, older, {"made_up": "写全称"}) if part.changed]
    (shown,) = [one for one in part.answers if one.changed]
    assert (part.code, shown.label, shown.remark) == ("basics", "合作单位说明", "写全称")


def test_what_is_typed_into_a_new_field_is_saved(made_up, client):
    secretary = SecretaryFactory()
    nomination = NominationFactory(unit=secretary.posts.get().unit)
    client.force_login(secretary)
    address = f"/nominations/{nomination.slug}/edit/"
    page = client.get(address)
    sent = {"version": nomination.version, "title": nomination.title, "made_up": "与区总工会合作"}
    sent |= {"claims-TOTAL_FORMS": "0", "claims-INITIAL_FORMS": "0", "category": nomination.category_id}
    sent["base"] = (
        re.search(r'name="base" value="([^"]*)"', page.content.decode()).group(1).replace("&quot;", '"')
    )

    client.post(address, sent)

    assert Nomination.objects.values_list("made_up", flat=True).get(pk=nomination.pk) == "与区总工会合作"


@pytest.mark.parametrize(("stage", "shown"), [("written", "某单位"), ("live", None)])
def test_a_new_field_is_on_the_reviewers_sheet_with_names_masked(made_up, stage, shown):
    desk = AssignmentFactory(seat__panel__stage=stage)
    unit = desk.nomination.unit
    handed_over(desk.nomination, 7, made_up=f"与{unit.name}合作")

    reading = read_submission(desk)

    assert dict(reading.facts)["合作单位说明"] == f"与{shown or unit.name}合作"


def test_a_field_that_reviewers_are_not_shown_stays_away_and_a_name_hides_itself(made_up, monkeypatch):
    desk = AssignmentFactory()
    handed_over(desk.nomination, 7, made_up="王大山", summary="由王大山负责。")
    for blind in ("", "person"):
        row = replace(PARTNERSHIP, blind=blind)
        fields = tuple(row if one.code == row.code else one for one in catalogue.FIELDS)
        monkeypatch.setattr(catalogue, "FIELDS", fields)
        reading = read_submission(desk)
        assert "合作单位说明" not in dict(reading.facts)
        summary = next(one for one in reading.passages if one.code == "summary")
        text = "".join(words_of(part) for part in summary.paragraphs)
        assert text == ("由某人负责。" if blind else "由王大山负责。")


def test_what_changed_under_a_reviewer_is_told_of_a_new_field_too(made_up):
    desk = AssignmentFactory()
    first = handed_over(desk.nomination, 7, made_up="与甲合作")
    handed_over(desk.nomination, 8, made_up="与乙合作")

    found = what_changed(read_submission(desk, first.pk), read_submission(desk))

    assert [one.label for one in found] == ["合作单位说明"]


# ---------------------------------------------------------------- one printer


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("started_on", "2026-03-01", "2026年3月1日"),
        ("pledged", True, "已承诺"),
        ("pledged", False, "未承诺"),
        ("service_kinds", ["people", "gone"], "服务群众、gone"),
        ("innovation_kind", "improved", "改进"),
        ("innovation_kind", "dropped", "dropped"),
        ("satisfaction_percent", "98.6", "98.6%"),
        ("satisfaction_sample", 0, "0"),
        ("leader_phone", "13812341234", "138****1234"),
        ("summary", "一\r\n二", "一\n二"),
        ("summary", None, ""),
        ("claims", [{"indicator": "次数", "value": "3", "measure": None}], "次数 3"),
        ("partners", [{"name": "甲", "share": 50}], "甲，计分50%"),
    ],
)
def test_a_frozen_answer_is_printed_in_one_way(code, value, words):
    one = known(code)
    assert answer(one, {one.key or code: value}) == words


def test_an_old_content_without_a_field_still_reads():
    assert all(answer(one, {}) == "" for one in FIELDS)
    assert {fact.text for fact in facts({})} == {""}


@pytest.mark.parametrize(
    ("content", "label", "text"),
    [
        ({"started_on": "2026-03-01"}, "实施时间", "2026年3月1日起"),
        ({"started_on": "2026-03-01", "ended_on": "2026-09-30"}, "实施时间", "2026年3月1日至2026年9月30日"),
        ({"satisfaction_percent": "98.6", "satisfaction_sample": 500}, "满意率", "98.6%（样本500）"),
        ({"satisfaction_sample": 500}, "满意率", ""),
        ({"leader_name": "甲", "leader_duty": "科长"}, "项目负责人", "甲 科长"),
        ({"leader_duty": "科长"}, "项目负责人", "科长"),
    ],
)
def test_two_fields_in_one_cell_read_as_one(content, label, text):
    assert {fact.label: fact.text for fact in facts(content)}[label] == text


def test_a_phone_that_changed_behind_its_mask_is_told():
    older, newer = {"leader_phone": "13812341234"}, {"leader_phone": "13899991234"}
    (change,) = changes(older, newer)
    assert (change.label, [piece.text for piece in change.pieces]) == ("负责人电话", ["138****1234"])


# ---------------------------------------------------------------- nobody else lists a field

# Words of the form that other things of the portal are called as well, so that the word proves nothing.
COMMON = {
    "title", "summary", "target", "effect", "practice", "background", "claims", "evidence", "partners", "attachments",
    "contact_phone",  # of the office, in a year's call
    "document_number",  # of the circular that announces the results
}  # fmt: skip
# Who may say a field by name, and why.
MAY_NAME = {
    "awards/nomination/models.py": "its columns",
    "awards/screening/queries/findings.py": "the checklist asks about these very days",
    "awards/campaign/defaults.py": "the default rubric judges sections of the text",
    "awards/result/past/": "files from the years before have a title and little more",
}


def named_in_python(path, wanted):
    tree = ast.parse(path.read_text())
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in wanted}


def test_no_field_is_listed_outside_the_catalogue():
    wanted = {one.code for one in typed()} - COMMON
    assert len(wanted) > 15
    found = {}
    for path in sorted((ROOT / "awards").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if {"migrations", "demo"} & set(path.parts) or name == "awards/catalogue.py":
            continue
        if (codes := named_in_python(path, wanted)) and not any(name.startswith(one) for one in MAY_NAME):
            found[name] = sorted(codes)
    for path in sorted((ROOT / "templates" / "awards").rglob("*.html")):
        text = path.read_text()
        if codes := [code for code in wanted if re.search(rf"(?:form|content|nomination)\.{code}\b", text)]:
            found[str(path.relative_to(ROOT))] = sorted(codes)
    assert found == {}


def test_no_module_lists_the_texts_of_the_form():
    """The common words too, once three of them stand together in one literal."""
    wanted = {one.code for one in typed(kind="text")}
    found = set()
    for path in sorted((ROOT / "awards").rglob("*.py")):
        if {"migrations", "demo"} & set(path.parts) or path.name in ("catalogue.py", "defaults.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            parts = (
                node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else getattr(node, "keys", [])
            )
            said = {one.value for one in parts if isinstance(one, ast.Constant)}
            if len(said & wanted) >= 3:
                found.add(str(path.relative_to(ROOT)))
    assert found == set()


def test_the_content_of_a_submission_keeps_the_keys_it_always_had(db):
    content = frozen_content(NominationFactory())
    assert json.loads(json.dumps(content)) == content
    assert set(content) == {
        "activities", "attachments", "background", "campaign", "category", "claims", "contact_name",
        "contact_phone", "document_number", "earlier_awards", "effect", "ended_on", "innovation",
        "innovation_kind", "investment_done", "investment_planned", "leader_duty", "leader_name",
        "leader_phone", "partners", "pledged", "practice", "project_kind", "recorded",
        "satisfaction_percent", "satisfaction_sample", "service_kinds", "spread", "started_on", "summary",
        "target", "title", "unit", "unit_notice_from", "unit_notice_to",
    }  # fmt: skip
