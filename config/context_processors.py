"""What the frame of every page reads: the navigation and the name of the place."""

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from awards.home.navigation import campaign_of, items_for, menu_for, years_for
from units.permissions import posts_of


def portal(request):
    """`nav`, `years`, `portal`, `post_label`; asked lazily, so a fragment or a file costs nothing.

    Not `site`: allauth gives its log-in page something else of that name.
    """
    campaign = SimpleLazyObject(lambda: campaign_of(request))

    def place():
        return {
            "name": "“三个最佳”评选平台",
            "organiser": campaign.organiser.name if campaign else "",
            "demo_banner": settings.DEMO,
            "server_time": timezone.localtime(),
        }

    return {
        "demo": settings.DEMO,
        "nav": SimpleLazyObject(lambda: items_for(request, campaign)),
        "years": SimpleLazyObject(lambda: years_for(request, campaign)),
        "menu": SimpleLazyObject(lambda: menu_for(request)),
        "portal": SimpleLazyObject(place),
        "post_label": SimpleLazyObject(
            lambda: " · ".join(label_of(post) for post in posts_of(request.user)[:2])
        ),
    }


def label_of(post) -> str:
    return f"{post.unit} · {post.get_role_display()}"
