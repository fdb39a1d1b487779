"""German for what the journal says in English: a sentence of each rule, with its parameters in the same places.

The journal holds a rule's word and a sentence. Where the sentence is one of those known here, its parameters are taken
out of it and put into the German one; `reasons` falls back to the English one for all others.
"""

from collections.abc import Mapping

Pairs = tuple[tuple[str, str], ...]
"""English and German with the same ``{parameters}``; ``{of}`` is one of `WORDS`, ``{list}`` may hold `` and ``."""

WORDS: Mapping[str, str] = {
    "service": "Leistung",
    "authority": "Organisationseinheit",
    "online service": "Onlinedienst",
    "specialisation": "Spezialisierung",
    "responsibility": "Zuständigkeit",
    "parent authority": "übergeordnete Organisationseinheit",
    "delete": "Löschung",
    "owner": "Organisationseinheit oder Onlinedienst",
}

NO_ARS: Pairs = (
    (
        "{said} is no regional key (ARS): it has digits only, 2, 3, 5, 9 or 12 of them.",
        "{said} ist kein Regionalschlüssel (ARS): Er hat nur Ziffern, und zwar 2, 3, 5, 9 oder 12.",
    ),
    (
        (
            "{said} looks like a municipality key (AGS, 8 digits). Use the 12-digit ARS {key}, where nnnn is the "
            "association, or the district {district}."
        ),
        (
            "{said} sieht nach einem Gemeindeschlüssel aus (AGS, 8 Ziffern). Nehmen Sie den ARS mit 12 Ziffern, {key} "
            "(nnnn ist der Verband), oder den Kreis {district}."
        ),
    ),
    (
        (
            "{said} has {number} digits. A regional key (ARS) has 2 (state), 3 (region), 5 (district), 9 (association) "
            "or 12 (municipality)."
        ),
        (
            "{said} hat {number} Ziffern. Ein Regionalschlüssel (ARS) hat 2 (Land), 3 (Regierungsbezirk), 5 (Kreis), 9 "
            "(Verband) oder 12 (Gemeinde)."
        ),
    ),
)
_UNREADABLE: Pairs = (
    ("id {id} has no schemeAgencyID", "Die Kennung {id} hat keine schemeAgencyID"),
    ("schemeAgencyID {id} is no agency id", "Die schemeAgencyID {id} ist keine Redaktionskennung"),
    ("id {id} is malformed", "Die Kennung {id} ist nicht wohlgeformt"),
)


def _missing(to: str, german: str) -> tuple[Pairs, Pairs]:
    reasons = (
        (f"{{of}} without {to}", f"{{of}}: {german} ist nicht genannt"),
        *(
            (f"{{of}} without a readable {to}: {english}", f"{{of}}: {german} ist nicht lesbar. {de}")
            for english, de in _UNREADABLE
        ),
    )
    remedy = f"Liefern Sie zu „{german}“ die Kennung mit ihrer schemeAgencyID."
    return reasons, ((f"Send the id of the {to} with its schemeAgencyID.", remedy),)


def _one(english: str, german: str, remedy: str, german_remedy: str) -> tuple[Pairs, Pairs]:
    return ((english, german),), ((remedy, german_remedy),)


OBJECTS: Mapping[str, tuple[Pairs, Pairs]] = {
    "foreign-agency": _one(
        "{id} is of agency {agency}; this source delivers for {own}.",
        "{id} gehört der Redaktion {agency}. Diese Quelle liefert für {own}.",
        "Deliver it through that agency's source, or have the agency added to this source.",
        "Liefern Sie es über die Quelle jener Redaktion, oder lassen Sie die Redaktion bei dieser Quelle ergänzen.",
    ),
    "foreign-owner": _one(
        "The responsibility belongs to {id}, which is of agency {agency}; this source may speak for {own}.",
        "Die Zuständigkeit gehört zu {id}, und das ist ein Objekt der Redaktion {agency}. Diese Quelle darf für {own} "
        "sprechen.",
        "Name an authority or online service of the source's own agency.",
        "Nennen Sie eine Organisationseinheit oder einen Onlinedienst der eigenen Redaktion.",
    ),
    "unknown-area": (
        (
            ("areas {areas} do not exist", "Die Gebiete {areas} gibt es nicht"),
            ("area {areas} does not exist", "Das Gebiet {areas} gibt es nicht"),
        ),
        (
            (
                "Name an area of the official list (ARS), or have the newest list imported.",
                "Nennen Sie ein Gebiet des amtlichen Verzeichnisses (ARS), oder lassen Sie das neueste einlesen.",
            ),
        ),
    ),
    "foreign-area": _one(
        "area {areas} lies outside this source's areas ({own})",
        "Das Gebiet {areas} liegt außerhalb der Gebiete dieser Quelle ({own})",
        "Deliver it through the source of that area, or have the area added to this source.",
        "Liefern Sie es über die Quelle jenes Gebiets, oder lassen Sie das Gebiet bei dieser Quelle ergänzen.",
    ),
    "missing-id": _one(
        "{of} without id",
        "{of} ohne Kennung",
        "Send an id with its schemeAgencyID.",
        "Liefern Sie eine Kennung (id) mit ihrer schemeAgencyID.",
    ),
    "missing-agency": _one(
        "{of}: id {id} has no schemeAgencyID",
        "{of}: Die Kennung {id} hat keine schemeAgencyID",
        "Send the id's schemeAgencyID.",
        "Liefern Sie die schemeAgencyID der Kennung.",
    ),
    "bad-agency": _one(
        "{of}: schemeAgencyID {id} is no agency id",
        "{of}: Die schemeAgencyID {id} ist keine Redaktionskennung",
        "An agency id has letters, digits, - and _ only, 60 at most, like L100042.",
        "Eine Redaktionskennung hat höchstens 60 Zeichen, nur Buchstaben, Ziffern, - und _, wie L100042.",
    ),
    "bad-id": _one(
        "{of}: id {id} is malformed",
        "{of}: Die Kennung {id} ist nicht wohlgeformt",
        "An id has no blanks and no control characters, and {most} characters at most.",
        "Eine Kennung hat keine Leer- und Steuerzeichen und höchstens {most} Zeichen.",
    ),
    "missing-service": _missing("service", "die Leistung"),
    "missing-owner": _missing("owner", "die Organisationseinheit oder der Onlinedienst"),
    "missing-leika-key": _one(
        "service without LeiKa key",
        "Leistung ohne Leistungsschlüssel (LeiKa)",
        "Send its referenzLeiKa (2.3: referenzLeistungsschluessel), 14 digits that begin with 99.",
        "Liefern Sie referenzLeiKa (2.3: referenzLeistungsschluessel): 14 Ziffern, die mit 99 beginnen.",
    ),
    "bad-leika-key": (
        (
            ("LeiKa key {key} does not begin with 99", "Der Leistungsschlüssel {key} beginnt nicht mit 99"),
            ("LeiKa key has {number} digits: {key}", "Der Leistungsschlüssel hat {number} Ziffern: {key}"),
            (
                "LeiKa key {key} has other characters than digits",
                "Der Leistungsschlüssel {key} hat andere Zeichen als Ziffern",
            ),
        ),
        (
            (
                "{key} is no service key (LeiKa): it has 14 digits and begins with 99, like 99050012104000.",
                "Ein Leistungsschlüssel (LeiKa) hat 14 Ziffern und beginnt mit 99, wie 99050012104000.",
            ),
        ),
    ),
    "no-known-area": (
        tuple((f"{{of}}: {english}", f"{{of}}: {german}") for english, german in NO_ARS),
        (
            (
                "Send at least one area with 2, 3, 5, 9 or 12 digits.",
                "Liefern Sie mindestens ein Gebiet mit 2, 3, 5, 9 oder 12 Ziffern.",
            ),
        ),
    ),
    "missing-area": _one(
        "{of} without area",
        "{of} ohne Gebiet",
        "Send at least one gebietID with 2, 3, 5, 9 or 12 digits.",
        "Liefern Sie mindestens eine gebietID mit 2, 3, 5, 9 oder 12 Ziffern.",
    ),
    "missing-name": _one(
        "authority without name",
        "Organisationseinheit ohne Namen",
        "Send a name in at least one language.",
        "Liefern Sie einen Namen in mindestens einer Sprache.",
    ),
    "bad-version-date": (
        (
            ("{list} is not a date", "{list} ist kein Datum"),
            ("{list} are not a date", "{list} sind keine Daten"),
        ),
        (
            (
                "Send dates as ISO 8601 has them, like 2026-03-02T04:15:00+01:00.",
                "Liefern Sie Daten nach ISO 8601, wie 2026-03-02T04:15:00+01:00.",
            ),
        ),
    ),
    "unknown-class": _one(
        "delete of unknown class {said}",
        "Löschung einer unbekannten Klasse {said}",
        "klasse is Leistung, Organisationseinheit, Onlinedienst, LeistungSpezialisierung or Zustaendigkeit.",
        "klasse ist Leistung, Organisationseinheit, Onlinedienst, LeistungSpezialisierung oder Zustaendigkeit.",
    ),
    "unknown-kind": _one(
        "{said} is no kind of object",
        "{said} ist keine bekannte Art von Objekt",
        "A schreibe holds one of {kinds}.",
        "In schreibe steht eins von: {kinds}.",
    ),
    "missing-reference": (
        (
            ("It names {list}, which is not there.", "Es nennt {list}, und das ist noch nicht da."),
            ("It names {list}, which are not there.", "Es nennt {list}, und die sind noch nicht da."),
        ),
        (
            (
                "Deliver what it names; it is linked when that comes.",
                "Liefern Sie, was genannt ist. Verknüpft wird es, sobald das da ist.",
            ),
        ),
    ),
}
"""By rule: reasons and remedies."""

NO_RULE: Pairs = (
    (
        "An older version: the hub holds one that was changed later.",
        "Eine ältere Fassung: Der Hub hat schon eine, die später geändert wurde.",
    ),
    ("A newer message has deleted this object.", "Eine neuere Nachricht hat dieses Objekt gelöscht."),
    (
        "There is no such object; the delete is remembered.",
        "Dieses Objekt gibt es nicht. Die Löschung ist vorgemerkt.",
    ),
    ("The object was deleted before.", "Das Objekt war schon gelöscht."),
    (
        "A newer message has written this object again.",
        "Eine neuere Nachricht hat dieses Objekt wieder geschrieben.",
    ),
    (
        "The object that carried this rule came again without it.",
        "Das Objekt, in dem diese Zuständigkeit stand, kam ohne sie wieder.",
    ),
    ("The snapshot does not hold it any more.", "In der Gesamtlieferung steht es nicht mehr."),
    ("Run {run} was reverted.", "Der Lauf {run} wurde zurückgenommen."),
)
"""Of objects that were taken, kept or deleted without breaking a rule."""
