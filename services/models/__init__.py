"""The log of the 四项服务 and its registers. Only what the office has reviewed counts."""

from services.models.activities import *  # noqa: F403
from services.models.imports import *  # noqa: F403
from services.models.logged import *  # noqa: F403
from services.models.registers import *  # noqa: F403
from services.models.tasks import *  # noqa: F403
from services.models.years import *  # noqa: F403
