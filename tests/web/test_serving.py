"""What the page is allowed to do, by how it is served."""

import pytest
from streamlit import config
from streamlit.web import bootstrap

from search.errors import InputError
from search.web import add_rights, server, sign_in
from search.web.add_rights import EVERYWHERE, MOST_MB, AddRights
from search.web.server import page
from search.web.sign_in import ByProxy

BY_PROXY = sign_in.chosen("header", [], ["127.0.0.1"], None)


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """As a fresh process reads them; after the test they are what they were before."""
    monkeypatch.setattr(config, "_main_script_path", None)  # the first page says it for all
    yield
    monkeypatch.undo()
    add_rights.use(None)
    sign_in.use(None)
    bootstrap.load_config_options({})


def test_who_may_only_read_can_send_no_more_than_the_settings_say():
    page("127.0.0.1", 8501)
    assert add_rights.in_use() is None
    assert config.get_option("server.maxUploadSize") == 5


def test_who_may_add_can_send_what_the_page_promises():
    page("127.0.0.1", 8501, allow_add="")
    assert config.get_option("server.maxUploadSize") > MOST_MB


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_any_file_can_be_named_where_every_host_is_this_machine(host):
    page(host, 8501, ["127.0.0.2"], allow_add="")
    assert add_rights.in_use() == AddRights(EVERYWHERE)


@pytest.mark.parametrize(
    ("host", "names", "signing_in"),
    [
        ("0.0.0.0", [], None),
        ("::", [], None),
        ("10.0.0.1", [], None),
        ("127.0.0.1", ["archive.paper.example"], None),
        ("127.0.0.1", ["*"], None),
        ("127.0.0.1", [], BY_PROXY),
    ],
)
def test_no_file_can_be_named_where_readers_may_be_elsewhere(host, names, signing_in):
    page(host, 8501, names, signing_in, allow_add="")
    assert add_rights.in_use() == AddRights(None)


@pytest.mark.parametrize(
    ("named", "rights"),
    [("localhost", AddRights(EVERYWHERE)), ("archive.paper.example", AddRights(None))],
)
def test_nor_where_the_settings_name_a_host_that_is_elsewhere(tmp_path, monkeypatch, named, rights):
    script, configured = tmp_path / "app.py", tmp_path / ".streamlit" / "config.toml"
    script.touch()
    configured.parent.mkdir()
    configured.write_text(f'[server]\nallowedHosts = ["{named}"]\n')
    monkeypatch.setattr(server, "page_script", lambda: script)
    page("127.0.0.1", 8501, allow_add="")
    assert config.get_option("server.allowedHosts") == [named, "127.0.0.1"]
    assert add_rights.in_use() == rights


def test_a_folder_is_for_all_readers_and_has_to_be_there(tmp_path):
    page("0.0.0.0", 8501, ["archive.paper.example"], BY_PROXY, allow_add=str(tmp_path))
    assert add_rights.in_use() == AddRights(tmp_path.resolve())
    assert isinstance(sign_in.in_use(), ByProxy)
    with pytest.raises(InputError, match="is not a folder"):
        page("127.0.0.1", 8501, allow_add=str(tmp_path / "missing"))
