from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from units.uploads import receive
from units.uploads.facts import UploadRefused


class Command(BaseCommand):
    help = (
        "Judge files as an upload would: a line for each, exit code 1 if any is refused. Nothing is stored."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files, **options):
        said = [judged(file) for file in files]
        for line in said:
            self.stdout.write(line)
        if any(line.startswith("refused") for line in said):
            raise SystemExit(1)


def judged(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return f"accepted {receive(file, name=path.name).facts.kind}"
    except UploadRefused as refusal:
        return f"refused {refusal}"
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
