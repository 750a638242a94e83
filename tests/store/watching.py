"""What a reader may rely on while others write, checked in one snapshot after another.

The writer keeps this: in every generation all articles carry one version, and there are 4 or 6.
"""

from newsroom import vector_of, vectors_in

from search.store import LocalStore
from search.types import EVERYTHING, Contains, Count


def watch(store: LocalStore, last_version: int) -> list[int]:
    """Check snapshots until one has that version; the generations seen, each once."""
    seen, has_ended = [-1], False
    while not has_ended:
        with store.snapshot() as snapshot:
            assert snapshot.generation >= seen[-1]
            check(snapshot)
            if snapshot.generation != seen[-1]:
                seen.append(snapshot.generation)
            has_ended = snapshot.count(Contains(f"version{last_version}")) != Count()
    return seen[1:]


def check(snapshot) -> None:
    refs, matched = snapshot.browse(EVERYTHING, newest_first=True, offset=0, limit=99)
    found = snapshot.fetch(refs)
    articles = {article.id: article for article, _ in found}
    assert matched == snapshot.count(EVERYTHING) == Count(3 * len(articles), len(articles))
    assert len(found) == matched.passages
    if not articles:
        return
    assert len(articles) in (4, 6)
    (version,) = {article.text.split()[1] for article in articles.values()}
    assert snapshot.count(Contains(version)) == matched
    held = snapshot.candidates(encode=None, words=version, condition=EVERYTHING, depth=99)
    assert (held.matched, sorted(held.refs.tolist())) == (matched, sorted(refs))
    before = f"version{int(version.removeprefix('version')) - 1}"
    assert snapshot.count(Contains(before)) == Count()
    for article in articles.values():
        vectors = vectors_in(snapshot, article.id)
        for passage, vector in zip(snapshot.passages(article.id), vectors, strict=True):
            assert abs(vector - vector_of(passage.text)).max() < 1e-3
    wanted = found[0][1]
    near = snapshot.candidates(
        encode=lambda: vector_of(wanted.text), words=wanted.text, condition=EVERYTHING, depth=5
    )
    best = near.refs[[near.cosine.argmax(), near.bm25.argmax()]]
    assert [passage for _, passage in snapshot.fetch(best)] == [wanted, wanted]
