"""What every template may read; nothing here touches a table."""

from django.conf import settings


def portal(request):
    return {"demo": settings.DEMO}
