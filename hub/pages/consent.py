"""The consent page: what goes to whom for what purpose, in words; once for each portal and set of attributes."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hub.pages.rendering import Pages
from identity.person import Person
from identity.provider import parameters
from identity.provider.consenting import Consenting, Question
from identity.provider.interactions import BROWSER_COOKIE, CONSENT_PATH, cancel_path, resume_path
from identity.provider.provider import Provider
from identity.sessions import SESSION_COOKIE


def routes(provider: Provider, pages: Pages) -> list[Route]:
    """The page and its form."""
    page = _ConsentPage(provider, pages, Consenting(provider))
    return [
        Route(CONSENT_PATH, page.show, methods=["GET"]),
        Route(CONSENT_PATH, page.decide, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _ConsentPage:
    provider: Provider
    pages: Pages
    consenting: Consenting

    async def show(self, request: Request) -> Response:
        """Ask; who is no longer logged in goes on to the login."""
        found = await self._question(request, request.query_params.get("interaction", ""))
        if isinstance(found, Response):
            return found
        person = await self.provider.accounts.person(found.session.account_id) or Person()
        return self.pages.render(
            request,
            "consent.html",
            form_action=[found.interaction.redirect_origin],
            question=found,
            values=_values(found, person),
            host=found.interaction.redirect_origin.split("://")[1],
        )

    async def decide(self, request: Request) -> Response:
        """Keep the decision and go on, or tell the portal that the person refused."""
        pairs = await parameters.form_pairs(request) or []
        form = dict(pairs)
        found = await self._question(request, form.get("interaction", ""))
        if isinstance(found, Response):
            return found
        if form.get("decision") == "refuse":
            return self._go(cancel_path(found.interaction.id))
        chosen = [value for name, value in pairs if name == "attribute"]
        if not await self.consenting.answer(found, form.get("form_token", ""), chosen):
            return self._gone(request, 403)
        return self._go(resume_path(found.interaction.id))

    async def _question(self, request: Request, interaction_id: str) -> Question | Response:
        waiting = await self.consenting.waiting(interaction_id, request.cookies.get(BROWSER_COOKIE))
        if waiting is None:
            return self._gone(request, 400)
        question = await self.consenting.question(waiting, request.cookies.get(SESSION_COOKIE))
        return question or self._go(resume_path(waiting.id))

    def _go(self, path: str) -> Response:
        return RedirectResponse(self.provider.issuer + path, 303, headers={"Cache-Control": "no-store"})

    def _gone(self, request: Request, status: int) -> Response:
        return self.pages.render(request, "consent_gone.html", status)


def _values(question: Question, person: Person) -> dict[str, str | None]:
    """What would be told, as the person reads it."""
    acting_for = question.session.acting_for
    place = " ".join(filter(None, (person.postcode, person.city)))
    return {
        "name": person.display_name,
        "birthdate": person.birthdate,
        "email": person.email,
        "address": ", ".join(filter(None, (person.street, place, person.country))) or None,
        "organisation": acting_for.name if acting_for else None,
        "graph": None,
    }
