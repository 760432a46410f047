import sys
from types import ModuleType, SimpleNamespace

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

ACCOUNTS = [
    {
        "label": "评选",
        "accounts": [{"username": "office", "role": "office", "title": "评选办", "does": "资格审查"}],
    }
]


class LoginForm(forms.Form):
    login = forms.CharField()
    password = forms.CharField()


class AccountForm(forms.Form):
    """The fields that allauth's own forms have."""

    oldpassword = forms.CharField(label="当前密码")
    password1 = forms.CharField(label="新密码")
    password2 = forms.CharField(label="新密码（重复）")
    secret = "SECRET"


@pytest.fixture(autouse=True)
def only_account_urls(settings):
    settings.ROOT_URLCONF = "tests.templates.urls"


@pytest.fixture
def demo_data(monkeypatch):
    """A stand-in for the demo's list of accounts."""
    module = ModuleType("units.demo")
    module.__spec__ = SimpleNamespace(name="units.demo")
    module.login_groups = lambda: ACCOUNTS
    monkeypatch.setitem(sys.modules, "units.demo", module)


@pytest.mark.django_db  # asked for the pages worth seeing; there is no year
def test_the_demo_offers_each_account_as_one_form(settings, demo_data):
    settings.DEMO = True
    page = render_to_string("account/login.html", {"form": LoginForm()})
    assert "演示账号" in page
    assert '<input type="hidden" name="login" value="office">' in page
    assert page.count('action="/accounts/login/"') == 2


def test_outside_the_demo_the_log_in_page_names_no_account(settings, demo_data):
    settings.DEMO = False
    page = render_to_string("account/login.html", {"form": LoginForm()})
    assert 'name="login"' in page
    assert 'name="password"' in page
    assert "演示" not in page
    assert "office" not in page
    assert "Demo-2026" not in page
    assert page.count("<form") == 1


def test_a_refused_log_in_keeps_the_name_and_never_the_password(settings):
    form = LoginForm({"login": "<office>", "password": "secret"})
    form.add_error(None, "账号或密码不对。")
    page = render_to_string("account/login.html", {"form": form})
    assert 'value="&lt;office&gt;"' in page
    assert "账号或密码不对。" in page
    assert "secret" not in page


@pytest.mark.parametrize("name", ["403.html", "404.html", "500.html", "403_csrf.html"])
def test_an_error_page_needs_no_context(name):
    page = get_template(name).render()
    assert page.lstrip().startswith("<!doctype html>")
    assert "返回首页" in page
    assert "退出登录" not in page


@pytest.mark.parametrize(
    "name",
    [
        "account/password_change.html",
        "account/logout.html",
        "account/password_reset.html",
        "account/reauthenticate.html",
        "mfa/authenticate.html",
        "mfa/totp/activate_form.html",
        "mfa/totp/deactivate_form.html",
        "mfa/recovery_codes/index.html",
        "mfa/recovery_codes/generate.html",
        "mfa/index.html",
    ],
)
def test_the_account_pages_stand_in_the_frame_of_the_portal(name, rf):
    page = render_to_string(
        name, {"form": AccountForm(), "request": rf.get("/accounts/2fa/"), "MFA_SUPPORTED_TYPES": ["totp"]}
    )
    assert '<header class="site-head' in page
    assert "Menu:" not in page
    assert 'class="btn' in page
