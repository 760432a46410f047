"""The reason of a proposal; the proof of the second person."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from crispy_forms.helper import FormHelper
from django import forms

from units.kit.fields import LongTextField
from units.pending.models import Why


class ProposalForm(forms.Form):
    """Why the first person asks for it: a reason that is counted, and words, unless the act's own form asks for them."""

    prefix = "proposal"

    why = forms.ChoiceField(label="提出理由", choices=[("", "请选择"), *Why.choices])
    reason = LongTextField(label="说明", max_length=300, help_text="确认人据此核对，并记入日志。")

    def __init__(self, *args, beside: forms.BaseForm | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.beside = beside if "reason" in getattr(beside, "fields", ()) else None
        if self.beside:
            del self.fields["reason"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def said(self) -> dict[str, str]:
        words = self.beside or self
        return {"why": self.cleaned_data["why"], "reason": words.cleaned_data["reason"]}


class ProofForm(forms.Form):
    """The second person proves again who it is: by the second factor where there is one, else by the password."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    proof = forms.CharField(
        label="登录密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        max_length=128,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if self.factor:
            self.fields["proof"].label = "两步验证码"
            self.fields["proof"].widget = forms.TextInput(
                attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_proof(self) -> str:
        proof = self.cleaned_data["proof"]
        right = TOTP(self.factor).validate_code(proof) if self.factor else self.user.check_password(proof)
        if not right:
            raise forms.ValidationError(f"{self.fields['proof'].label}不正确。", code="wrong_proof")
        return proof
