"""The README's Python example, run as written, prints what the README shows."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.model
def test_the_example_prints_what_the_readme_shows(tmp_path):
    found = re.search(r"```python\n(.*?)```\n+```\n(.*?)```", README, re.DOTALL)
    code, output = found.groups()
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == output


def test_every_link_within_the_project_leads_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_names_every_command():
    done = subprocess.run(
        [sys.executable, "-m", "search.cli", "--help"], capture_output=True, text=True, timeout=60
    )
    commands = re.findall(r"^    (\w+) ", done.stdout, re.MULTILINE)
    (line,) = re.findall(r"`news-search (add \|.*?)`", README)
    assert line.split(" | ") == commands
