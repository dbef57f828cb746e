"""A browser as far as HTTP goes."""

from starlette.testclient import TestClient

from trainer.desk.app import create_app

HOST = "127.0.0.1:8090"


class Browser:
    """Keeps cookies, and sends an Origin with everything that changes something."""

    def __init__(self, desk, address="127.0.0.1"):
        self.desk = desk
        self.client = TestClient(
            create_app(desk, [HOST]),
            base_url=f"http://{HOST}",
            follow_redirects=False,
            client=(address, 50000),
            raise_server_exceptions=False,
        )

    def get(self, path, **more):
        return self.client.get(path, **more)

    def post(self, path, fields=None, **more):
        headers = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"} | more.pop("headers", {})
        return self.client.post(path, data=fields or {}, headers=headers, **more)

    def send(self, path, document):
        return self.client.post(path, json=document, headers={"origin": f"http://{HOST}"})

    def sit_down(self, code="F-01", name="Bidan Ani", *, blind=False, language="id"):
        known = {one.code: one.id for one in self.desk.library.facilitators.list()}
        if code not in known:
            known[code] = self.desk.library.facilitators.add(code, name).id
        answer = self.post("/who", {"facilitator": str(known[code]), **({"blind": "1"} if blind else {})})
        assert answer.status_code == 303
        if language != "id":
            self.post("/language", {"language": language})
        return self
