"""Services by words, scored as the hub scores them, over a session."""

from collections import defaultdict
from math import log

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.plain.models import Posting
from catalog_sync.search.analyzer import question


def found(session: Session, words: str) -> list[str]:
    """Keys of the services that all words name, best first."""
    named: dict[str, list[float]] = defaultdict(list)
    for word in question(words):
        for key, score in _of_word(session, word).items():
            named[key].append(score)
    most = max((len(scores) for scores in named.values()), default=0)
    scores = {key: sum(parts) for key, parts in named.items() if len(parts) == most}
    return sorted(scores, key=lambda key: (-scores[key], key))


def _of_word(session: Session, word: str) -> dict[str, float]:
    statement = select(Posting).where(
        Posting.token >= word,
        Posting.token < word + "\U0010ffff",
    )
    scores: dict[str, float] = {}
    for row in session.scalars(statement):
        score = row.weight * (3.0 if row.token == word else len(word) / len(row.token))
        scores[row.leika_key] = max(score, scores.get(row.leika_key, 0.0))
    rarity = log(1.0 + 5000.0 / (1.0 + len(scores)))
    return {key: score * rarity for key, score in scores.items()}
