import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/healthz/", "/accounts/login/", "/no-such-page/"])
def test_every_answer_forbids_inline_script_and_other_hosts(client, url):
    policy = client.get(url)["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_answers_are_neither_sniffed_nor_framed(client):
    answer = client.get("/healthz/")

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
