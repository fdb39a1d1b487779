"""The addresses of the pages for a source's staff."""

from starlette.routing import Route

from catalog_sync.intake import Intake
from hub.pages.queries import Graph
from hub.pages.staff.access import StaffDoor
from hub.pages.staff.deeds import Deed, DeedPages
from hub.pages.staff.difference import DifferencePage
from hub.pages.staff.quality import QualityPage
from hub.pages.staff.rehearsal import RehearsalPage
from hub.pages.staff.runs import RunPages

_SOURCE = "/quellen/{source}"
_RUN = _SOURCE + "/laeufe/{run}"


def routes(door: StaffDoor, intake: Intake, graph: Graph) -> list[Route]:
    """The pages below /quellen, each behind the door."""
    runs = RunPages(door, intake.pipeline)
    rehearsal = RehearsalPage(door, intake)
    return [
        Route(_SOURCE, door.for_staff(runs.timeline), methods=["GET"]),
        Route(_RUN, door.for_staff(runs.one), methods=["GET"]),
        Route(f"{_RUN}/objekt", door.for_staff(DifferencePage(door, runs).show), methods=["GET"]),
        Route(f"{_SOURCE}/qualitaet", door.for_staff(QualityPage(door, graph).show), methods=["GET"]),
        Route(f"{_SOURCE}/probelauf", door.for_staff(rehearsal.take), methods=["POST"]),
        *_deed_routes(DeedPages(door, intake, runs, "freigeben")),
        *_deed_routes(DeedPages(door, intake, runs, "zuruecknehmen")),
    ]


def _deed_routes(pages: DeedPages) -> list[Route]:
    deed: Deed = pages.deed
    path = f"{_RUN}/{deed}"
    return [
        Route(path, pages.door.for_staff(pages.ask), methods=["GET"]),
        Route(path, pages.door.for_staff(pages.do), methods=["POST"]),
    ]
