"""The secrets that signing in with a provider needs, written where the server looks for them."""

import json

COOKIE_SECRET = "c" * 40


def write_secrets(folder, provider_address, **changed):
    """`[auth]` in a folder's secrets.toml; what is changed to None is left out."""
    auth = {
        "redirect_uri": "http://127.0.0.1:{port}/oauth2callback",
        "cookie_secret": COOKIE_SECRET,
        "client_id": "news-search",
        "client_secret": "the client's secret",
        "server_metadata_url": f"{provider_address}/.well-known/openid-configuration",
    } | changed
    lines = [f"{key} = {json.dumps(value)}" for key, value in auth.items() if value is not None]
    file = folder / ".streamlit" / "secrets.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(["[auth]", *lines, ""]), encoding="utf-8")
    return file
