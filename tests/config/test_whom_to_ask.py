"""Every sentence that sends people to somebody names one who can help with that matter."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from awards.campaign.models import Campaign

ROOT = settings.BASE_DIR
ASKS = re.compile(
    r"请(?:再|把|与)?\S{0,20}(?:联系(?!方式)|告诉)|并告诉"
    r"|请先?由?\S{0,4}(?:管理员|评选办|干部|书记)\S*(?:授予|导入|重置|建立)"
)
ADMINISTRATOR = r"系统管理员|\{% administrator "
# What a sentence is about, and who can do it. The office resets no password, nobody in a unit grants a post.
HELPERS = {
    r"密码|账号|身份|忘记|锁定": ADMINISTRATOR,
    r"权限|岗位|授予": ADMINISTRATOR,
    r"涉密|脱密|疑问": r"评选办|contact_office",
    r"行动党支部": "评选办",
    r"稍后再试|不行时|OTHERS": ADMINISTRATOR,
}


def sentences() -> list[tuple[str, str]]:
    """(file and line, sentence) of all that templates, pages and messages ask people to ask of others."""
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("deploy/pages/*.html")]
    for app in ("awards", "config", "services", "units"):
        files += [file for file in (ROOT / app).rglob("*.py") if not {"migrations", "demo"} & set(file.parts)]
    return [
        (f"{file.relative_to(ROOT)}:{number}", said)
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        for said in re.split(r"[。；<>]", line)
        if ASKS.search(said)
    ]


def test_whoever_is_sent_to_somebody_is_sent_to_one_who_can_help():
    found = sentences()
    assert len(found) >= 12, "the pattern finds the sentences there are"
    wrong = []
    for place, said in found:
        able = [who for matter, who in HELPERS.items() if re.search(matter, said)]
        if not able or not any(re.search(who, said) for who in able):
            wrong.append(f"{place} {said}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_the_administrators_telephone_stands_where_passwords_are_asked_for(client, settings):
    settings.ADMIN_CONTACT = "0546-8200111"
    assert "系统管理员（0546-8200111）重置" in client.get(reverse("account_login")).text
    assert "系统管理员（0546-8200111）" in client.get(reverse("account_reset_password")).text
    assert "系统管理员（0546-8200111）" in render_to_string("403.html")


def test_a_unit_reads_the_offices_telephone_once_there_is_one():
    campaign = Campaign(contact_office="", contact_phone="")
    assert campaign.office_to_ask == "如有疑问，请与评选办联系。"
    campaign.contact_office, campaign.contact_phone = "工委办公室", "0546-8200100"
    assert campaign.office_to_ask == "如有疑问，请与工委办公室联系：0546-8200100。"
