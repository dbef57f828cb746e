"""The practice page's application, asked without a browser."""

import pytest
from english import english_on
from starlette.testclient import TestClient

from trainer.web.app import create_app

HOST = "127.0.0.1:8080"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/report/nowhere", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/", 405),
        ("GET", "/api/protocols", 500),
    ],
)
def test_what_is_refused_is_said_in_the_language_of_the_page(
    method, address, status, language, tmp_path, caplog
):
    app = create_app(None, tmp_path, [object()], [HOST], language=language)
    client = TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
    answer = client.request(method, address, headers={"origin": f"http://{HOST}"})
    assert answer.status_code == status
    assert status == 500 or answer.headers["content-security-policy"]
    assert answer.text.count("\n") == 1
    assert bool(english_on(answer.text)) == (language == "en")
