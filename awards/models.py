"""Django looks here for the models of the app; each lives with its stage."""

from awards.campaign.models import *  # noqa: F403
from awards.decision.models import *  # noqa: F403
from awards.nomination.models import *  # noqa: F403
from awards.notice.models import *  # noqa: F403
from awards.panel.models import *  # noqa: F403
from awards.ranking.models import *  # noqa: F403
from awards.result.models import *  # noqa: F403
from awards.review.models import *  # noqa: F403
from awards.screening.models import *  # noqa: F403
