"""Who is named in real bylines, against one reader: "Bylines" in benchmarks/README.md.

    python benchmarks/bylines.py

`bylines.jsonl` has bylines of allsides with the people they name, as written, judged from the
byline and the outlet alone before the program read them: 80 drawn from articles at random, 160 from
bylines with a part that looks like no plain name, in turns of outlets, so that none dominates.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from search.ingest.authors import byline

HERE = Path(__file__).parent


def main() -> None:
    """Print the table and every byline that is read otherwise, and keep both."""
    lines = (HERE / "bylines.jsonl").read_text(encoding="utf-8").splitlines()
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        judged = json.loads(line)
        groups[judged["drawn"]].append(judged)
    figures = {drawn: _measured(rows) for drawn, rows in groups.items()}
    print("| drawn from | bylines | read as judged | names | precision | recall |")
    print("|---|---|---|---|---|---|")
    for drawn, figure in figures.items():
        print(
            f"| {drawn} | {figure['bylines']} | {figure['exact']} | {figure['names']}"
            f" | {figure['precision']:.3f} | {figure['recall']:.3f} |"
        )
    for figure in figures.values():
        for other in figure["otherwise"]:
            print(f"{other['byline']!r} ({other['outlet']}): {other['read']}")
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (HERE / "results" / "bylines.json").write_text(text + "\n", encoding="utf-8")


def _measured(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Names are right where they are equal letter by letter."""
    named = found = right = 0
    otherwise: list[dict[str, Any]] = []
    for row in rows:
        people, read = row["people"], list(byline(row["byline"], own=[row["outlet"]]).authors)
        named, found = named + len(people), found + len(read)
        right += len(set(people) & set(read))
        if people != read:
            otherwise.append({**row, "read": read})
    return {
        "bylines": len(rows),
        "exact": len(rows) - len(otherwise),
        "names": named,
        "precision": round(right / found, 4),
        "recall": round(right / named, 4),
        "otherwise": otherwise,
    }


if __name__ == "__main__":
    main()
