"""Security headers, and what they forbid in a real browser."""

import urllib.error
import urllib.request
from http.client import HTTPConnection

import pytest

from pages.shared.server import inline_script_hashes

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def headers(server, chromium):
    """The headers of the first page."""
    with urllib.request.urlopen(server, timeout=30) as answer:
        return answer.headers


def test_scripts_come_from_the_server_alone(headers):
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["script-src"].split() == ["'self'", *inline_script_hashes()]
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"


def test_the_other_headers(headers):
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/layer_costs", "/static/js/", "/_stcore/health", "/nowhere/at/all"])
def test_every_answer_has_them(server, chromium, path):
    request = urllib.request.Request(server + path)
    try:
        answer = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_an_inline_script_does_not_run(server, chromium):
    page = chromium.new_page()
    page.goto(server)
    page.evaluate(
        "() => { const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        " document.body.append(script); }"
    )
    assert page.evaluate("() => window.ran") is None
    page.close()


@pytest.mark.parametrize(("origin", "status"), [("http://evil.invalid", 403), (None, 101)])
def test_another_site_may_not_open_its_socket(server, chromium, origin, status):
    connection = HTTPConnection(server.removeprefix("http://"), timeout=30)
    asked = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==", "Origin": origin or server}
    connection.request("GET", "/_stcore/stream", headers=asked | key)
    assert connection.getresponse().status == status
    connection.close()
