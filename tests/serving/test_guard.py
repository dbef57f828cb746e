"""Who is let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from trainer.live.model import LiveError
from trainer.serving.address import address_of, listen
from trainer.serving.guard import Guard
from trainer.web.hub import Allowance, Outbox, parse_text
from trainer.web.pictures import jpeg_size, parse_picture

HOST = "192.168.1.20:8080"


async def hello(request):
    return PlainTextResponse("inside")


def client(token=None):
    app = Starlette(
        routes=[Route("/", hello, methods=["GET", "POST"])],
        middleware=[Middleware(Guard, hosts=(HOST,), token=token)],
    )
    return TestClient(app, base_url=f"http://{HOST}", follow_redirects=False)


def test_the_token_becomes_a_cookie_and_leaves_the_address():
    page = client("secret")
    assert page.get("/").status_code == 403
    assert page.get("/?token=wrong").status_code == 403
    assert page.get("/?token=secret&token=wrong").status_code == 403
    answer = page.get("/?token=secret")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    assert page.get("/").text == "inside"
    assert client("secret").get("/", headers={"cookie": "pijat_token=wrong"}).status_code == 403
    assert (
        client("secret").get("/", headers={"cookie": "pijat_token=s\u00e9cret".encode("latin-1")}).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"origin": f"http://{HOST}"}, 200),
        ("GET", {"origin": "http://evil.example"}, 403),
        ("GET", {"host": "evil.example"}, 403),
        ("GET", {"host": "192.168.1.20"}, 403),
        ("POST", {}, 403),
        ("POST", {"origin": f"http://{HOST}"}, 200),
        ("POST", {"origin": "null"}, 403),
    ],
)
def test_hosts_and_origins(method, headers, status):
    answer = client().request(method, "/", headers=headers)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_header_that_comes_twice_is_refused():
    answer = client().get("/", headers=[("host", HOST), ("host", "evil.example")])
    assert answer.status_code == 403


@given(st.binary(max_size=400))
def test_any_bytes_are_a_picture_or_refused(data):
    for message in (data, b"PJF1" + data, b"PJR1" + data, b"PJF1" + b"\0" * 12 + b"\xff\xd8" + data):
        try:
            assert parse_picture(message).size[0] >= 64
        except LiveError as error:
            assert error.text.id


@given(st.binary(max_size=60), st.integers(64, 1080), st.integers(64, 1080))
def test_the_size_is_read_over_other_segments(comment, width, height):
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    frame = (
        b"\xff\xc0\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x03" + b"\0" * 9
    )
    assert jpeg_size(b"\xff\xd8" + segment + frame) == (width, height)


@given(st.text(max_size=200))
def test_any_text_is_an_object_or_refused(text):
    try:
        assert isinstance(parse_text(text), dict)
    except LiveError as error:
        assert error.code == "message"


def test_the_allowance_lets_a_few_at_once_and_then_waits():
    allowance = Allowance(per_s=0.001, burst=5)
    assert [allowance.take() for _ in range(7)] == [True] * 5 + [False] * 2


def test_the_outbox_keeps_all_messages_but_one_picture_and_result():
    import asyncio

    async def taken():
        box = Outbox()
        for number in range(3):
            box.put(f"message {number}")
            box.put_result(f"result {number}")
            box.put_picture(f"picture {number}".encode())
        return [await box.take() for _ in range(5)]

    assert asyncio.run(taken()) == ["message 0", "message 1", "message 2", b"picture 2", "result 2"]


def test_loopback_unless_asked():
    with listen(None) as here, listen(None, lan=True) as everywhere:
        assert here.getsockname()[0] == "127.0.0.1"
        assert everywhere.getsockname()[0] == "0.0.0.0"
        assert address_of(here, lan=False).token is None
        network = address_of(everywhere, lan=True)
        assert len(network.token) >= 32
        assert all(f"token={network.token}" in url for url in network.network_urls)
        assert here.getsockname()[1] != everywhere.getsockname()[1]
