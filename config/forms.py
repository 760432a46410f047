"""The log-in as a person types it."""

from allauth.account import forms

from units.folding import account_name


class LoginForm(forms.LoginForm):
    def clean_login(self) -> str:
        """Full-width letters, spaces and marks that were copied along are no part of a name."""
        return account_name(self.cleaned_data["login"])
