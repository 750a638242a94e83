"""A server on which nobody could sign in says what is missing, and does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import free_port
from provider_secrets_file import write_secrets

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.enable_socket


def refused(folder, first_path=""):
    """What `news-search serve --sign-in oidc` says before it ends."""
    command = [sys.executable, "-m", "search.cli", "serve", "--sign-in", "oidc"]
    path = [first_path, str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [*command, "--index", "index", "--port", str(free_port())],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_without_secrets_it_says_where_they_are_looked_for(tmp_path):
    told = refused(tmp_path)
    assert told.startswith("news-search: --sign-in oidc: No secrets found.")
    assert str(tmp_path / ".streamlit" / "secrets.toml") in told


def test_each_secret_that_is_missing_is_named(tmp_path):
    write_secrets(tmp_path, "https://id.example", client_id="", cookie_secret=None)
    told = refused(tmp_path)
    assert "there is no cookie_secret, no client_id\n" in told
    assert str(tmp_path / ".streamlit" / "secrets.toml") in told


def test_each_secret_that_cannot_work_is_named(tmp_path):
    write_secrets(
        tmp_path, "id.example", redirect_uri="https://paper.example/", cookie_secret="guess"
    )
    told = refused(tmp_path)
    assert "redirect_uri is not the page's address followed by /oauth2callback" in told
    assert "server_metadata_url is not an address" in told
    assert "cookie_secret has fewer than 32 characters" in told


def test_a_provider_may_not_lead_back_to_a_host_that_is_refused(tmp_path):
    write_secrets(
        tmp_path, "https://id.example", redirect_uri="https://paper.example/oauth2callback"
    )
    assert "add --allow-host paper.example" in refused(tmp_path)


def test_secrets_that_are_no_toml_are_told_with_their_file(tmp_path):
    file = write_secrets(tmp_path, "https://id.example")
    file.write_text("[auth\n")
    assert f"Error parsing secrets file at {file}" in refused(tmp_path)


def test_without_authlib_it_says_how_to_install_it(tmp_path):
    write_secrets(tmp_path, "https://id.example")
    (tmp_path / "authlib.py").write_text("raise ImportError")
    told = refused(tmp_path, first_path=str(tmp_path))
    assert "pip install 'authlib>=1.3.2' httpx" in told
