"""Who is let in: by a provider's claims, by what a proxy says; and what cannot be meant."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.cli import main
from search.web.gates import HEALTH, ProxyGate
from search.web.sign_in import ByProvider, chosen

ADA = {"is_logged_in": True, "email": "Ada@Paper.example", "email_verified": True}
SECRET = "s" * 32


# A provider


@pytest.mark.parametrize(
    ("people", "changed", "is_admitted"),
    [
        ((), {}, True),
        ((), {"email": None, "email_verified": None}, True),
        ((), {"is_logged_in": False}, False),
        ((), {"is_logged_in": "yes"}, False),
        (("ada@paper.example",), {}, True),
        (("ADA@PAPER.example",), {}, True),
        (("paper.example",), {}, True),
        (("@paper.example",), {}, True),
        (("eve@paper.example", "paper.example"), {}, True),
        (("eve@paper.example",), {}, False),
        (("example",), {}, False),
        (("paper.example",), {"email": "ada@sub.paper.example"}, False),
        (("paper.example",), {"email": "ada@paper.example.evil.example"}, False),
        (("paper.example",), {"email": "ada@evil.example@paper.example"}, False),
        (("paper.example",), {"email": "paper.example"}, False),
        (("paper.example",), {"email": None}, False),
        (("paper.example",), {"email_verified": False}, False),
        (("paper.example",), {"email_verified": None}, False),
        (("paper.example",), {"email_verified": "false"}, False),
        (("paper.example",), {"email_verified": "true"}, True),
        (("paper.example",), {"is_logged_in": False}, False),
    ],
)
def test_a_provider_admits_those_who_may_read_by_a_verified_address(people, changed, is_admitted):
    assert chosen("oidc", people, (), None).admits(ADA | changed) is is_admitted


def test_nobody_without_claims_is_admitted():
    assert not ByProvider().admits({})


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ada@paper.example", "name": "Ada", "sub": "1"}, "ada@paper.example"),
        ({"email": "", "name": "Ada", "sub": "1"}, "Ada"),
        ({"sub": "1"}, "1"),
        ({}, ""),
    ],
)
def test_a_reader_is_called_by_what_the_provider_tells(claims, name):
    assert ByProvider().name(claims) == name


# A proxy


def asked(gate_of, *, kind="http", path="/", client=("127.0.0.1", 5), headers=()):
    """What a gate sends when it is asked; `[]` where it hands the request on."""
    sent, passed = [], []

    async def page(scope, _receive, _send):
        passed.append(scope["path"])

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    pairs = [(name.lower().encode(), value.encode()) for name, value in headers]
    scope = {"type": kind, "path": path, "client": client, "headers": pairs, "method": "GET"}
    # In a thread of its own, since a browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(gate_of(page)(scope, receive, send))).result()
    assert bool(sent) != bool(passed)
    return sent


def gate(*proxies, header=None, secret=None, monkeypatch=None):
    if secret:
        monkeypatch.setenv("NEWS_SEARCH_PROXY_SECRET", secret)
    signing_in = chosen("header", (), proxies or ("127.0.0.1",), header)
    return lambda page: ProxyGate(page, signing_in)


NAMED = ("X-Forwarded-User", "ada")


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("headers", "client", "reason"),
    [
        ([NAMED], ("127.0.0.1", 5), None),
        ([("x-forwarded-user", " ada ")], ("127.0.0.1", 5), None),
        ([NAMED], ("::ffff:127.0.0.1", 5), None),
        ([NAMED, ("X-Forwarded-For", "10.0.0.9")], ("127.0.0.1", 5), None),
        ([NAMED], ("127.0.0.2", 5), "not from a trusted proxy"),
        ([NAMED], ("10.0.0.9", 5), "not from a trusted proxy"),
        ([NAMED, ("X-Forwarded-For", "127.0.0.1")], ("10.0.0.9", 5), "not from a trusted proxy"),
        ([NAMED], ("::1", 5), "not from a trusted proxy"),
        ([NAMED], None, "not from a trusted proxy"),
        ([], ("127.0.0.1", 5), "without X-Forwarded-User"),
        ([("X-Forwarded-User", " ")], ("127.0.0.1", 5), "without X-Forwarded-User"),
        ([("X-Forwarded-Users", "ada")], ("127.0.0.1", 5), "without X-Forwarded-User"),
        ([NAMED, NAMED], ("127.0.0.1", 5), "with several names in X-Forwarded-User"),
        ([NAMED, ("X-Forwarded-User", "")], ("127.0.0.1", 5), "with several names"),
        ([("X-Forwarded-User", "eve, ada")], ("127.0.0.1", 5), "with several names"),
    ],
)
def test_only_what_the_proxy_asks_for_one_reader_gets_through(
    kind, headers, client, reason, caplog
):
    sent = asked(gate(), kind=kind, client=client, headers=headers)
    if reason is None:
        assert sent == []
    elif kind == "websocket":
        assert sent == [{"type": "websocket.close", "code": 1008}]
    else:
        assert sent[0]["status"] == 403
        assert b"ada" not in sent[1]["body"]
    assert (reason or "") in caplog.text
    assert bool(caplog.records) is bool(reason)


@pytest.mark.parametrize(
    ("given", "is_let_through"),
    [
        ([SECRET], True),
        ([], False),
        ([""], False),
        (["wrong"], False),
        ([SECRET, SECRET], False),
        ([f"{SECRET}x"], False),
    ],
)
def test_where_there_is_a_secret_the_proxy_must_know_it(given, is_let_through, monkeypatch):
    knowing = gate(secret=SECRET, monkeypatch=monkeypatch)
    headers = [NAMED, *(("X-Proxy-Secret", value) for value in given)]
    assert (asked(knowing, headers=headers) == []) is is_let_through


def test_the_header_and_the_proxies_are_as_they_were_named():
    chosen_gate = gate("10.1.0.0/16", "fd00::/8", header="Remote-User")
    there, elsewhere = [("Remote-User", "ada")], [NAMED]
    assert asked(chosen_gate, client=("10.1.2.3", 5), headers=there) == []
    assert asked(chosen_gate, client=("fd00::7", 5), headers=there) == []
    assert asked(chosen_gate, client=("10.2.0.1", 5), headers=there)
    assert asked(chosen_gate, client=("127.0.0.1", 5), headers=there)
    assert asked(chosen_gate, client=("10.1.2.3", 5), headers=elsewhere)


def test_whoever_watches_over_the_process_needs_no_name():
    assert asked(gate(), path=HEALTH, client=("10.0.0.9", 5)) == []
    assert asked(gate(), path=f"{HEALTH}/", client=("10.0.0.9", 5))


def test_a_name_beyond_ascii_is_read_as_proxies_write_it():
    signing_in = chosen("header", (), ("127.0.0.1",), None)
    as_streamlit_reads = "Zoë Ærø".encode().decode("latin-1")
    assert signing_in.name({"proxy_user": as_streamlit_reads}) == "Zoë Ærø"
    assert signing_in.name({"proxy_user": "\xff"}) == "\ufffd"


# What cannot be meant


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--allow-people", "paper.example"], "--allow-people goes with --sign-in oidc"),
        (
            ["--sign-in", "header", "--trusted-proxy", "127.0.0.1", "--allow-people", "a@b.c"],
            "--allow-people goes with --sign-in oidc",
        ),
        (["--trusted-proxy", "127.0.0.1"], "go with --sign-in header"),
        (["--sign-in", "oidc", "--user-header", "Remote-User"], "go with --sign-in header"),
        (["--sign-in", "header"], "--trusted-proxy 127.0.0.1"),
        (["--sign-in", "header", "--trusted-proxy", "proxy"], "'proxy' does not appear to be"),
        (["--sign-in", "header", "--trusted-proxy", "0.0.0.0/0"], "every address there is"),
        (["--sign-in", "header", "--trusted-proxy", "10.0.0.1/8"], "host bits set"),
        (["--sign-in", "oidc", "--allow-people", "ada@"], "neither an address nor a domain"),
        (["--sign-in", "oidc", "--allow-people", "a b"], "neither an address nor a domain"),
        (["--sign-in", "oidc", "--allow-people", ""], "neither an address nor a domain"),
    ],
)
def test_options_that_cannot_be_meant_are_refused_before_anything_listens(
    options, message, tmp_path, capsys
):
    assert main(["serve", "--index", str(tmp_path), *options]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_that_is_easily_guessed_is_refused(secret, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("NEWS_SEARCH_PROXY_SECRET", secret)
    options = ["--sign-in", "header", "--trusted-proxy", "127.0.0.1"]
    assert main(["serve", "--index", str(tmp_path), *options]) == 2
    assert "NEWS_SEARCH_PROXY_SECRET has fewer than 32 characters" in capsys.readouterr().err
