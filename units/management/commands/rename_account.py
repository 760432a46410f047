from django.core.management.base import BaseCommand, CommandError

from units.actions.accounts import rename_account
from units.errors import Refused
from units.folding import account_name
from units.models import User


class Command(BaseCommand):
    help = "Give an account another name to sign in with: for the administrators, and for names that collide."

    def add_arguments(self, parser):
        parser.add_argument("username", help="as it is stored, capitals and all")
        parser.add_argument("new")
        parser.add_argument("--reason", required=True)

    def handle(self, *, username, new, reason, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有账号{username}。")
        try:
            rename_account(user, account_name(new), actor=None, reason=reason)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{username}已改为{account_name(new)}。")
