from starlette.routing import BaseRoute

from hub.pages import front, search, service, suggesting
from hub.pages.queries import Graph
from hub.pages.rendering import Pages


def routes(pages: Pages, graph: Graph) -> list[BaseRoute]:
    """The pages that anybody may read, and the files that all pages need."""
    return [
        *front.routes(pages, graph),
        *search.routes(pages, graph),
        *service.routes(pages, graph),
        *suggesting.routes(graph),
        *pages.file_routes(),
    ]
