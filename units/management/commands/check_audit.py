from django.core.management.base import BaseCommand, CommandError

from units.audit.models import AuditSeal
from units.audit.seal import faults, first_unsealed, seal_entries, sealed_head


class Command(BaseCommand):
    help = "Walk the audit chain; say where it breaks and from which entry on nothing is sealed yet."

    def add_arguments(self, parser):
        parser.add_argument("--seal", action="store_true", help="seal first, as before a dump")

    def handle(self, **options):
        if options["seal"]:
            self.stdout.write(f"本次封存{seal_entries()}条。")
        found = list(faults())
        for fault in found:
            self.stderr.write(f"第{fault.position}号封存（审计记录{fault.entry}）：{fault.message}")
        self.stdout.write(f"已封存{AuditSeal.objects.count()}条，链头{sealed_head()}")
        waiting = first_unsealed()
        if waiting:
            self.stdout.write(f"从审计记录{waiting.pk}（{waiting.at:%Y-%m-%d %H:%M:%S}）起尚未封存。")
        else:
            self.stdout.write("全部审计记录已封存。")
        if found:
            raise CommandError(f"审计链有{len(found)}处不一致。")
