"""The sheet of first passwords: shown once, printed, fetched as a workbook; nothing of it is kept."""

from django.core import signing
from django.shortcuts import render

HEADERS = ("账号", "姓名", "单位", "岗位", "初始密码")


def salt_of(user) -> str:
    return f"first-passwords-{user.pk}"


def show_first_passwords(request, lines, title: str, told: str = ""):
    """lines: as many cells as HEADERS, the last the password. told: what else was done, below the title."""
    codes = signing.dumps(lines, salt=salt_of(request.user), compress=True)
    context = {"headers": HEADERS, "lines": lines, "codes": codes, "title": title, "told": told}
    return uncached(render(request, "units/first_passwords.html", context))


def uncached(response):
    """No cache keeps a page of passwords."""
    response["Cache-Control"] = "no-store"
    return response
