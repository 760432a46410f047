from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from units.second_factor import encrypt_anew


class Command(BaseCommand):
    help = "Encrypt every second factor with the first key of SECOND_FACTOR_KEYS; then the others may go."

    @transaction.atomic
    def handle(self, **options):
        count = encrypt_anew(Authenticator.objects.select_for_update().order_by("pk"))
        self.stdout.write(f"已用新密钥加密{count}项两步验证。")
