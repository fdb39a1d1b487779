"""An object as it is written: its bytes at rest, their hash, and the rows that answers are read from.

Made once, where the object is read, so that whoever writes it has nothing left to convert.
"""

from hashlib import blake2b

from msgspec import Struct

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.model import CatalogObject
from catalog_sync.catalog.payload import encode_object, pack
from catalog_sync.catalog.projection import Projection, project


class Content(Struct, frozen=True, array_like=True, gc=False):
    """What one version of an object says.

    Attributes:
        content_hash: 16 bytes over the object as JSON.
        payload: as `version.payload` holds it.
        changed_at: geaendertDatumZeit, microseconds since 1970, UTC; None where none was delivered.
        label: the office's own name of the version.
        projection: where the object names no area, for the areas of the source that delivered it.
    """

    content_hash: bytes
    payload: bytes
    changed_at: int | None
    label: str | None
    projection: Projection


def hash_of(encoded: bytes) -> bytes:
    """What contents are compared by, of an object as JSON."""
    return blake2b(encoded, digest_size=16).digest()


def content_of(obj: CatalogObject, source_areas: tuple[AreaKey, ...]) -> Content:
    """The content of an object that a source which writes in these areas delivers."""
    encoded, version = encode_object(obj), obj.version
    return Content(
        hash_of(encoded), pack(encoded), version.changed_at, version.label, project(obj, source_areas)
    )
