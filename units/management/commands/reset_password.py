from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from units.actions.accounts import reset_password
from units.folding import account_name
from units.models import User


class Command(BaseCommand):
    help = (
        "The emergency door, where two administrators are missing: a new first password, printed once. All "
        "administrators and supervisors see for 30 days that it was used, and why."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument(
            "--reason", required=True, help="why it cannot be done by two people in the portal"
        )

    @transaction.atomic
    def handle(self, *, username, reason, **options):
        if not reason.strip():
            raise CommandError("请用--reason写明理由。")
        user = User.objects.filter(username__iexact=account_name(username)).first()
        if user is None:
            raise CommandError(f"没有账号{username}。")
        password = reset_password(user, actor=None, reason=reason.strip())
        self.stdout.write(f"{user.username}  {password}  只显示这一次，首次登录须修改。")
