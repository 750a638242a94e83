"""One step of one system, in a process of its own; figures as JSON on the last line.

python run.py SYSTEM add FOLDER CORPUS
python run.py SYSTEM search FOLDER CORPUS     warm queries, memory
python run.py SYSTEM first FOLDER CORPUS      open, one answer
python run.py SYSTEM filtered FOLDER CORPUS   what is found under each outlet, and is nearest
python run.py SYSTEM depth FOLDER CORPUS      passages of every query, for runs
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="true", TQDM_DISABLE="1")
_STARTED = time.time()

from systems import System  # noqa: E402  the clock starts before anything is loaded

SYSTEMS = {
    "ours": "ours:Ours",
    "ours-semantic": "ours:OursSemantic",
    "ours-keyword": "ours:OursKeyword",
    "tutorial": "tutorial:Tutorial",
    "txtai": "txtai_hybrid:Txtai",
    "lancedb": "lancedb_hybrid:LanceDb",
    "milvus-lite": "milvus_hybrid:MilvusLite",
    "bm25s": "bm25s_words:Bm25s",
}
WARM_UP = 20
K = 10
FILTERED = 100
"""So many queries are asked under each outlet."""
DEPTH = 1_000


def main() -> None:
    """Do it and say what it took."""
    name, step, folder, corpus = sys.argv[1:5]
    module, _, kind = SYSTEMS[name].partition(":")
    system: System = getattr(import_module(module), kind)()
    done = STEPS[step](system, Path(folder), Path(corpus))
    print("\n" + json.dumps(done | {"megabytes": megabytes()}))


def add(system: System, folder: Path, corpus: Path) -> dict[str, Any]:
    """The corpus end to end, from files to what can be searched by another process."""
    folder.mkdir(parents=True, exist_ok=True)
    system.ready(corpus)
    started, before = time.perf_counter(), time.process_time()
    passages = system.add(folder, corpus)
    seconds = time.perf_counter() - started
    return {
        "passages": passages,
        "seconds": seconds,
        "processor_seconds": time.process_time() - before,
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
    }


def search(system: System, folder: Path, corpus: Path) -> dict[str, Any]:
    """Milliseconds of every query, after some that nobody times."""
    asked = queries(corpus)
    opened = timed_open(system, folder)
    for query in asked[:WARM_UP]:
        system.search(query, K)
    milliseconds = []
    for query in asked[WARM_UP:]:
        started = time.perf_counter()
        system.search(query, K)
        milliseconds.append(1000 * (time.perf_counter() - started))
    return {"open_seconds": opened, "milliseconds": milliseconds}


def first(system: System, folder: Path, corpus: Path) -> dict[str, Any]:
    """From nothing loaded to the first answer, the interpreter's own start left out."""
    opened = timed_open(system, folder)
    system.search(queries(corpus)[0], K)
    return {"open_seconds": opened, "answer_seconds": time.time() - _STARTED}


def filtered(system: System, folder: Path, corpus: Path) -> dict[str, Any]:
    """Ids found under each outlet, by its own ranking and by meaning alone."""
    system.open(folder)
    outlets = json.loads((corpus / "outlets.json").read_text())
    asked = queries(corpus)[:FILTERED]
    return {
        "found": {
            source: {
                "found": [[one for one, _ in system.search(query, K, source)] for query in asked],
                "nearest": [system.nearest(query, K, source) for query in asked],
            }
            for source in outlets
        }
    }


def depth(system: System, folder: Path, corpus: Path) -> dict[str, Any]:
    """The best passages of every query, as deep as articles want it."""
    system.open(folder)
    asked = json.loads((corpus / "queries.json").read_text())
    return {"found": {name: system.search(text, DEPTH) for name, text in asked.items()}}


STEPS = {"add": add, "search": search, "first": first, "filtered": filtered, "depth": depth}


def timed_open(system: System, folder: Path) -> float:
    """Seconds to open."""
    started = time.perf_counter()
    system.open(folder)
    return time.perf_counter() - started


def queries(corpus: Path) -> list[str]:
    """The queries of a corpus, in order."""
    found: list[str] = json.loads((corpus / "queries.json").read_text())
    return found


def megabytes() -> dict[str, int]:
    """Memory now and at most; `own` is without mapped files."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    now = {"all": "VmRSS", "own": "RssAnon"}
    held = {name: int(status[field].split()[0]) // 1024 for name, field in now.items()}
    return held | {"most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


if __name__ == "__main__":
    main()
