"""Who comes in, and what another site can make a browser do here: nothing."""

import pytest
from desk_client import HOST, Browser

from trainer.desk.app import PAGES
from trainer.desk.desk import Desk

PASSPHRASE = "pijat punggung ibu"


@pytest.fixture
def locked(library):
    library.passphrase.set(PASSPHRASE)
    return Desk(library, port=8090, locked=True)


def test_first_it_is_asked_who_grades(desk):
    answer = Browser(desk).get("/people?search=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/who?next=%2Fpeople%3Fsearch%3Dx")
    answer = Browser(desk).post("/who/new", {"code": "F-09", "name": "Kader Dewi", "next": "/people"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert "set-cookie" in answer.headers


def test_every_page_and_action_is_locked(locked):
    outside = Browser(locked)
    for method, path, _, who in PAGES:
        if who == "open":
            continue
        for part in ("session", "person", "grading", "entry", "group", "sitting"):
            path = path.replace(f"{{{part}:int}}", "1")
        path = path.replace("{protocol:str}", "tegalagung-2022").replace("{table:str}", "people")
        answer = outside.get(path) if method == "GET" else outside.post(path)
        if path.startswith("/api/"):
            assert (answer.status_code, answer.json()) == (401, {"error": "enter"}), path
        else:
            assert answer.status_code == 303 and answer.headers["location"].startswith("/enter"), path


def test_the_passphrase_lets_in_and_leaving_ends_it(locked):
    visitor = Browser(locked, "192.168.1.7")
    wrong = visitor.post("/enter", {"passphrase": "salah", "next": "/people"})
    assert wrong.status_code == 403 and "tidak benar" in wrong.text
    answer = visitor.post("/enter", {"passphrase": PASSPHRASE, "next": "/people"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    visitor.sit_down()
    assert visitor.get("/people").status_code == 200
    kept = dict(visitor.client.cookies)
    visitor.post("/leave")
    visitor.client.cookies.update(kept)
    assert visitor.get("/people").headers["location"].startswith("/enter")
    actions = [row.action for row in locked.library.audit.list().items]
    assert "desk.refused" in actions and "desk.entered" in actions


def test_guessing_is_made_to_wait(locked):
    guesser = Browser(locked, "192.168.1.66")
    codes = [guesser.post("/enter", {"passphrase": f"tebakan {n}"}).status_code for n in range(5)]
    assert codes[:3] == [403, 403, 403] and codes[3:] == [429, 429]
    assert guesser.post("/enter", {"passphrase": PASSPHRASE}).status_code == 429
    assert Browser(locked, "192.168.1.7").post("/enter", {"passphrase": PASSPHRASE}).status_code == 303


def test_another_passphrase_sends_everybody_away(locked):
    visitor = Browser(locked)
    visitor.post("/enter", {"passphrase": PASSPHRASE})
    visitor.sit_down()
    locked.library.passphrase.set("kata sandi yang lain")
    again = Browser(Desk(locked.library, port=8090, locked=True))
    again.client.cookies.update(dict(visitor.client.cookies))
    assert again.get("/people").headers["location"].startswith("/enter")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"host": "evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_other_sites_change_nothing(browser, headers):
    answer = browser.post("/people", {"role": "trainee", "group": ""}, headers=headers)
    assert answer.status_code in (400, 403)
    assert browser.desk.library.people.list().total == 0


def test_without_an_origin_nothing_is_changed(browser):
    assert browser.client.post("/people", data={"role": "trainee", "group": ""}).status_code == 403


def test_every_answer_carries_the_policy(browser):
    for path in ("/", "/people", "/nosuch", "/static/grading.js", "/api/health"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
    policy = browser.get("/").headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "http:" not in policy


@pytest.mark.parametrize(
    "where",
    ["http://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/a\r\nx: y", "x" * 5000],
)
def test_going_on_never_leads_elsewhere(browser, where):
    answer = browser.post("/language", {"language": "en", "next": where})
    assert answer.headers["location"] == "/"


def test_too_much_and_garbage_are_refused(browser):
    origin = {"origin": f"http://{HOST}"}
    large = browser.client.post("/people", content=b"a=" + b"x" * 300_000, headers=origin)
    assert large.status_code == 422
    many = browser.client.post("/people", content=b"&".join([b"a=1"] * 5000), headers=origin)
    assert many.status_code == 422
    address = "/api/sessions/1/grades"
    for body in (b"{", b"\xff\xfe", b"[]", b"[" * 100_000):
        assert browser.client.post(address, content=body, headers=origin).status_code in (422, 404)
    assert browser.get(f"/sessions/{10**30}").status_code == 404
    assert browser.get("/sessions/99999").status_code == 404
    assert browser.get("/?page=99999999999999999999&group=abc&sort=nosuch").status_code == 200


def test_answers_do_not_wait_for_each_other():
    """A listening socket that does not say it is TCP keeps Nagle's algorithm on: 40 ms for each answer in two parts."""
    import asyncio
    import socket

    from trainer.serving.address import listen

    async def nodelay():
        with listen(None, first=8890) as listener:
            server = await asyncio.start_server(lambda reader, writer: told.set_result(writer), sock=listener)
            told = asyncio.get_running_loop().create_future()
            async with server:
                with socket.create_connection(listener.getsockname()):
                    writer = await told
                    kept = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                    writer.close()
                    return kept

    assert asyncio.run(nodelay())
