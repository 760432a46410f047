from django.core.management.base import BaseCommand, CommandError

from units.actions.beginning import begin
from units.errors import Refused
from units.models import Unit, UnitKind


class Command(BaseCommand):
    help = "Begin in an empty portal: the committee and the three administrators, whose passwords are printed once."

    def add_arguments(self, parser):
        parser.add_argument("--name", default="中共东营市东营区委区直机关工作委员会")
        parser.add_argument("--short-name", default="东营区委区直机关工委")
        parser.add_argument("--slug", default="gongwei")

    def handle(self, *, name, short_name, slug, **options):
        committee = Unit(slug=slug, name=name, short_name=short_name, kind=UnitKind.COMMITTEE)
        try:
            made = begin(committee)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{name}已建立。初始密码只显示这一次，首次登录须修改：")
        for user, password in made:
            self.stdout.write(f"  {user.username:<10}{password}  {user.name}")
        self.stdout.write("下一步：以sysadmin登录建立账号和党组织，以secadmin登录确认岗位。")
