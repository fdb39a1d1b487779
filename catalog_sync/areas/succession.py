"""Which area follows one that is gone, where that is certain: the same municipality under another key."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from catalog_sync.areas.resolving import ags_of
from catalog_sync.areas.timeline import Life, Timeline
from catalog_sync.catalog.keys import AreaKey

Successors = dict[AreaKey, AreaKey]


def successors(
    timeline: Timeline, names: Mapping[AreaKey, str], municipalities: Iterable[AreaKey]
) -> Successors:
    """The successor of each municipality that is gone and only changed its key.

    Certain are: the same AGS in another association (only the association changed), and the same name in the same
    state, when the one came as the other went and no other has that name among those who came or went. A
    municipality that was merged into one of another name has none here.
    """
    keys = [key for key in municipalities if key not in timeline.parts]
    gone = [key for key in keys if timeline.lives[key].until is not None]
    alive = [key for key in keys if timeline.lives[key].until is None]
    return _by_name(timeline.lives, names, gone, alive) | _by_ags(gone, alive)


def _by_ags(gone: list[AreaKey], alive: list[AreaKey]) -> Successors:
    current = {ags_of(key): key for key in alive}
    return {key: current[ags_of(key)] for key in gone if ags_of(key) in current}


def _by_name(
    lives: Mapping[AreaKey, Life], names: Mapping[AreaKey, str], gone: list[AreaKey], alive: list[AreaKey]
) -> Successors:
    came = _grouped((key for key in alive if lives[key].since is not None), names)
    went = _grouped(gone, names)
    found: Successors = {}
    for name, keys in went.items():
        candidates = came.get(name, [])
        if len(keys) == 1 and len(candidates) == 1 and _in_time(lives[keys[0]], lives[candidates[0]]):
            found[keys[0]] = candidates[0]
    return found


def _grouped(keys: Iterable[AreaKey], names: Mapping[AreaKey, str]) -> dict[tuple[str, str], list[AreaKey]]:
    groups: dict[tuple[str, str], list[AreaKey]] = defaultdict(list)
    for key in keys:
        groups[key[:2], names[key].casefold()].append(key)
    return groups


def _in_time(gone: Life, came: Life) -> bool:
    """Whether the one came not before the other went (its last day is the eve of the list that lacks it)."""
    return gone.until is not None and came.since is not None and came.since > gone.until
