from django.core.management.base import BaseCommand, CommandError

from units.actions.accounts import reset_password
from units.folding import account_name
from units.models import User


class Command(BaseCommand):
    help = "Give an account a new first password, printed once; for the administrators this is the only way."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.filter(username__iexact=account_name(username)).first()
        if user is None:
            raise CommandError(f"没有账号{username}。")
        password = reset_password(user, actor=None)
        self.stdout.write(f"{user.username}  {password}  只显示这一次，首次登录须修改。")
