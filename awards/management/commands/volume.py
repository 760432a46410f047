from time import perf_counter

from django.core.management.base import BaseCommand, CommandError

from awards.demo.planner import analyze
from awards.demo.volume import Size, fill
from units.audit.context import acting


class Command(BaseCommand):
    help = "Fill a scratch campaign with many qualified, scored entries and print its code."

    def add_arguments(self, parser):
        parser.add_argument("--entries", type=int, default=2000, help="nominations in all (default 2000)")
        parser.add_argument("--reviews", type=int, default=5, help="sheets of each entry (default 5)")
        parser.add_argument("--reviewers", type=int, default=50, help="people in the pool (default 50)")
        parser.add_argument("--units", type=int, default=77, help="organizations that nominate (default 77)")

    def handle(self, *, entries, reviews, reviewers, units, **options):
        if min(entries, reviews, reviewers, units) < 1:
            raise CommandError("--entries, --reviews, --reviewers and --units are at least 1.")
        if reviews > reviewers:
            raise CommandError(f"{reviews} reviews of each entry need as many reviewers, not {reviewers}.")
        started = perf_counter()
        with acting(post="压力测试"):
            campaign = fill(Size(entries, reviews, reviewers, units))
        analyze()
        self.stderr.write(f"{entries} entries in {perf_counter() - started:.1f} s; the campaign's code:")
        self.stdout.write(campaign.code)
