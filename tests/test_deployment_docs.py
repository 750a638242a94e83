"""What docs/deployment.md tells to type is understood."""

import re
import tomllib
from pathlib import Path

import pytest

from search.arguments import read_arguments
from search.web.add_rights import MOST_MB
from search.web.provider_secrets import KEYS

PAGE = (Path(__file__).parents[1] / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_every_command_is_read():
    commands = re.findall(r"^(?:\S+[ /])?news-search serve (.*)$", PAGE, re.M)
    read = [
        read_arguments(["serve", *command.replace("%i", "8501").replace("…", "").split()])
        for command in commands
    ]
    assert [options.sign_in for options in read] == [None, None, "oidc", "header", None]


def test_every_option_of_serve_is_told_about_but_those_of_everyday(capsys):
    with pytest.raises(SystemExit):
        read_arguments(["serve", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out.partition("options:")[2]))
    assert options - set(re.findall(r"--[a-z-]+", PAGE)) == {"--help", "--host"}


def test_the_secrets_are_those_that_are_checked():
    (secrets,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S)
    assert set(tomllib.loads(secrets)["auth"]) == set(KEYS)


def test_what_may_be_sent_together_gets_through_the_proxy():
    (passed,) = re.findall(r"^    client_max_body_size (\d+)m;", PAGE, re.M)
    assert int(passed) > MOST_MB
    assert set(re.findall(r"\b(\d+) MB (?:each|together|hold)", PAGE)) == {str(MOST_MB)}
