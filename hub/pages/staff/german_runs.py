"""German for what the journal says of runs as a whole, and why one cannot be confirmed or taken back."""

from hub.pages.staff.german import Pairs

_NOTHING = "Es wurde nichts gelöscht."

RUNS: Pairs = (
    (
        "What is different is kept of the first objects only: this dry run would change more than can be kept of one.",
        (
            "Was anders wäre, steht nur bei den ersten Objekten. Dieser Probelauf würde mehr ändern, als von einem "
            "aufbewahrt werden kann."
        ),
    ),
    (
        "The snapshot holds no object that could be taken: nothing was deleted.",
        f"In der Gesamtlieferung steht kein Objekt, das angenommen werden konnte. {_NOTHING}",
    ),
    (
        "The snapshot is not complete: nothing was deleted.",
        f"Die Gesamtlieferung ist nicht vollständig. {_NOTHING}",
    ),
    (
        "The snapshot would delete {what}. Nothing was deleted; the deletions wait to be confirmed. See {command}.",
        f"Die Gesamtlieferung würde löschen: {{what}}. {_NOTHING} Die Löschungen warten auf Ihre Freigabe.",
    ),
    (
        (
            "The snapshot would delete {what}. This was a dry run: delivered without, its deletions would wait to be "
            "confirmed."
        ),
        (
            "Die Gesamtlieferung würde löschen: {what}. Ohne Probelauf geliefert, würden die Löschungen auf Ihre "
            "Freigabe warten."
        ),
    ),
    (
        (
            "The snapshot would now delete {now}, and no longer {before}: other runs came between. Nothing was "
            "deleted; {command} again if that is right."
        ),
        (
            f"Die Gesamtlieferung würde jetzt löschen: {{now}}, und nicht mehr: {{before}}. Andere Läufe kamen "
            f"dazwischen. {_NOTHING} Wenn das so richtig ist, geben Sie die Löschungen noch einmal frei."
        ),
    ),
    (
        "The hub failed at this run; see its log. It goes on when the same call comes again.",
        "Der Hub ist bei diesem Lauf gescheitert. Er geht weiter, wenn dieselbe Lieferung noch einmal kommt.",
    ),
    (
        "The hub stopped during this dry run; ask for it again.",
        "Der Hub wurde während dieses Probelaufs angehalten. Bitte starten Sie ihn noch einmal.",
    ),
    (
        "The hub stopped while this delivery came in: nothing of it was taken. Send it again.",
        (
            "Der Hub wurde angehalten, während diese Lieferung ankam. Es wurde nichts davon angenommen. Bitte "
            "senden Sie sie noch einmal."
        ),
    ),
    (
        "{url} could not be fetched: it answered {status}.",
        "{url} konnte nicht abgeholt werden: Die Antwort war {status}.",
    ),
    ("{url} could not be fetched: {why}.", "{url} konnte nicht abgeholt werden: {why}."),
    (
        "{url} is empty: it names no file. Nothing was changed.",
        "{url} ist leer: Dort steht keine Datei. Es wurde nichts geändert.",
    ),
    ("{url} is no text in UTF-8.", "{url} ist kein Text in UTF-8."),
    (
        "{index} names {url}, which is not on its own host.",
        "{index} nennt {url}. Diese Adresse liegt auf einem anderen Rechner.",
    ),
    (
        (
            "Its deletions waited to be confirmed for longer than deliveries are kept: they are not made any more. "
            "Deliver the snapshot again to be asked again."
        ),
        (
            "Die Löschungen haben länger auf eine Freigabe gewartet, als Lieferungen aufbewahrt werden. Sie werden "
            "nicht mehr ausgeführt. Liefern Sie den ganzen Bestand noch einmal, dann werden Sie wieder gefragt."
        ),
    ),
    (
        "The same bytes came with run {run} too, which stands: nothing changed.",
        "Dieselben Bytes kamen auch mit dem Lauf {run}, und der gilt weiter. Es hat sich nichts geändert.",
    ),
    (
        "Run {run} is {state}; only a run that is to_confirm can be confirmed.",
        "Dieser Lauf wartet nicht auf eine Freigabe.",
    ),
    (
        "Run {run} was a dry run: nothing of it can be confirmed. Deliver it.",
        "Dieser Lauf war ein Probelauf. Liefern Sie die Datei, dann können Sie die Löschungen freigeben.",
    ),
    (
        "Run {run} was reverted by {by}; its deletions cannot be confirmed any more.",
        "Dieser Lauf wurde zurückgenommen (durch {by}). Seine Löschungen lassen sich nicht mehr freigeben.",
    ),
    (
        "Run {run} was reverted by {by} already.",
        "Dieser Lauf wurde schon zurückgenommen (durch {by}).",
    ),
    (
        "Run {run} is itself a revert, of {of_run}. To have that again, deliver it again.",
        "Dieser Lauf ist selbst eine Rücknahme. Liefern Sie noch einmal, was wieder gelten soll.",
    ),
    (
        "Run {run} changed nothing: there is nothing to bring back.",
        "Dieser Lauf hat nichts geändert. Es gibt nichts zurückzunehmen.",
    ),
    (
        "Run {run} has not come to its end; revert it then.",
        "Dieser Lauf ist noch nicht beendet. Nehmen Sie ihn danach zurück.",
    ),
    (
        (
            "Run {run} is too old: what is needed to bring back what it changed is not kept any more. Deliver "
            "what is to hold."
        ),
        "Dieser Lauf ist zu alt: Was die Rücknahme braucht, wird nicht mehr aufbewahrt. Liefern Sie, was gelten soll.",
    ),
)
"""Of runs as a whole, and why one cannot be confirmed or taken back; special ones stand before general ones."""
