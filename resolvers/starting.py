"""Whether the person signed in may start a service here and now, and if not, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from catalog_sync.catalog.keys import AreaKey
from catalog_sync.catalog.records import OnlineServiceRecord, ServiceEntryRecord, ServiceRecord
from identity.assurance import AssuranceLevel
from identity.viewer import Viewer
from resolvers import descriptions
from resolvers.assurance import level_of_code
from resolvers.context import Context
from resolvers.responsibilities import offers_of_services
from resolvers.services import Audience
from resolvers.views import DescriptionView, OfferView


class StartReason(Enum):
    """Why one may start, or may not."""

    OK = "OK"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    ASSURANCE_TOO_LOW = "ASSURANCE_TOO_LOW"
    NOT_ONLINE_HERE = "NOT_ONLINE_HERE"
    NOT_FOR_THIS_SUBJECT = "NOT_FOR_THIS_SUBJECT"
    LEVEL_UNKNOWN = "LEVEL_UNKNOWN"


@dataclass(frozen=True, slots=True)
class StartDecision:
    """The answer for one service and place."""

    reason: StartReason
    required: AssuranceLevel | None = None
    current: AssuranceLevel | None = None
    step_up_url: str | None = None
    online_service: OnlineServiceRecord | None = None

    @property
    def allowed(self) -> bool:
        """Whether one may start now."""
        return self.reason is StartReason.OK


_BEST_FIRST = (
    StartReason.OK,
    StartReason.NOT_SIGNED_IN,
    StartReason.ASSURANCE_TOO_LOW,
    StartReason.LEVEL_UNKNOWN,
    StartReason.NOT_FOR_THIS_SUBJECT,
    StartReason.NOT_ONLINE_HERE,
)


async def required_assurance(
    context: Context, parents: Sequence[ServiceRecord], area: AreaKey | None = None
) -> list[AssuranceLevel | None]:
    """The level of the area's online service, else of the merged description."""
    described = [described_level(view) for view in await descriptions.of_services(context, parents, area)]
    if area is None:
        return described
    answers = []
    for offers, level in zip(await offers_of_services(context, parents, area), described, strict=True):
        levels = (level_of_code(offer.online_service.head.assurance) for offer in offers)
        answers.append(next((found for found in levels if found is not None), level))
    return answers


def described_level(view: DescriptionView | None) -> AssuranceLevel | None:
    """The level that the most specific layer names."""
    for layer in view.layers.chosen if view else ():
        if isinstance(layer.record, ServiceEntryRecord):
            level = level_of_code(layer.record.head.assurance)
            if level is not None:
                return level
    return None


async def viewer_can_start(
    context: Context, parents: Sequence[ServiceRecord], area: AreaKey
) -> list[StartDecision]:
    """Matched against the signed-in subject, with the way to step up."""
    viewer = await context.viewer()
    offered = await offers_of_services(context, parents, area)
    described = await descriptions.of_services(context, parents, area)
    return [
        _decide(context, viewer, offers, described_level(view), _audiences(view))
        for offers, view in zip(offered, described, strict=True)
    ]


def _audiences(view: DescriptionView | None) -> set[str]:
    for layer in view.layers.chosen if view else ():
        if isinstance(layer.record, ServiceEntryRecord) and layer.record.head.audiences:
            return set(layer.record.head.audiences)
    return set()


def _decide(
    context: Context,
    viewer: Viewer | None,
    offers: Sequence[OfferView],
    described: AssuranceLevel | None,
    audiences: set[str],
) -> StartDecision:
    decisions = []
    for offer in offers:
        level = level_of_code(offer.online_service.head.assurance)
        required = described if level is None else level
        decisions.append(_for_offer(context, viewer, offer.online_service, required, audiences))
    current = viewer.assurance if viewer else None
    decisions.append(StartDecision(StartReason.NOT_ONLINE_HERE, described, current))
    return min(decisions, key=lambda decision: _BEST_FIRST.index(decision.reason))


def _for_offer(
    context: Context,
    viewer: Viewer | None,
    online: OnlineServiceRecord,
    required: AssuranceLevel | None,
    audiences: set[str],
) -> StartDecision:
    current = viewer.assurance if viewer else None
    if viewer and not is_for(viewer, audiences):
        return StartDecision(StartReason.NOT_FOR_THIS_SUBJECT, required, current, None, online)
    if required is None:
        return StartDecision(StartReason.LEVEL_UNKNOWN, None, current, None, online)
    if required is AssuranceLevel.NONE:
        return StartDecision(StartReason.OK, required, current, None, online)
    if viewer is None:
        return StartDecision(
            StartReason.NOT_SIGNED_IN, required, None, context.step_up_url(required.acr), online
        )
    if viewer.assurance < required:
        url = context.step_up_url(required.acr)
        return StartDecision(StartReason.ASSURANCE_TOO_LOW, required, current, url, online)
    return StartDecision(StartReason.OK, required, current, None, online)


def is_for(viewer: Viewer, audiences: set[str]) -> bool:
    """Whether a service for some audiences is for this subject: who acts for a business is asked as the business."""
    if not audiences:
        return True
    wanted = Audience.BUSINESS if viewer.acting_for else Audience.CITIZEN
    return wanted.value in audiences
