"""How forms refuse, in the words of the house: the framework's own translation reads like one.

Registered by being imported. A form that can say it better says it itself.
"""

from django import forms
from django.core import validators
from django.db import models

DAY = "请填写日期，如2026-06-01。"
TIME = "请填写时间，如09:00。"
LISTED = "请从列表中选择。"
NOT_LISTED = "所选的不在列表中，请重新选择。"
NO_FILE = "没有收到文件，请重新选择。"
NUMBER = "请填写数字。"

FIELDS = {
    forms.Field: {"required": "请填写这一项。"},
    forms.IntegerField: {"invalid": "请填写整数。"},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.DateField: {"invalid": DAY},
    forms.TimeField: {"invalid": TIME},
    forms.DateTimeField: {"invalid": "请填写日期和时间，如2026-06-01 09:00。"},
    forms.SplitDateTimeField: {"invalid_date": DAY, "invalid_time": TIME},
    forms.DurationField: {"invalid": "请填写时长。", "overflow": "时长超出可以填写的范围。"},
    forms.ChoiceField: {"invalid_choice": NOT_LISTED},
    forms.MultipleChoiceField: {"invalid_choice": NOT_LISTED, "invalid_list": LISTED},
    forms.ModelChoiceField: {"invalid_choice": NOT_LISTED},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": NOT_LISTED,
        "invalid_list": LISTED,
        "invalid_pk_value": NOT_LISTED,
    },
    forms.MultiValueField: {"invalid": LISTED, "incomplete": "请填写完整。"},
    forms.FileField: {
        "invalid": NO_FILE,
        "missing": NO_FILE,
        "empty": "文件是空的，请核对后重新选择。",
        "max_length": "文件名太长（%(length)d个字符），请改到%(max)d个以内。",
        "contradiction": "请选择文件，或勾选清除，不能同时。",
    },
    forms.ImageField: {"invalid_image": "图片打不开，请核对后重新选择。"},
    forms.URLField: {"invalid": "网址不对，请从浏览器地址栏复制。"},
    forms.UUIDField: {"invalid": "编号不对。"},
    forms.JSONField: {"invalid": "内容不完整，请刷新后重试。"},
    forms.models.InlineForeignKeyField: {"invalid_choice": NOT_LISTED},
    forms.BaseFormSet: {
        "missing_management_form": "表单没有完整传回，请刷新后重试。",
        "too_many_forms": "最多填写%(num)d行。",
        "too_few_forms": "至少填写%(num)d行。",
    },
    models.Field: {
        "invalid_choice": NOT_LISTED,
        "null": "请填写这一项。",
        "blank": "请填写这一项。",
        "unique": "这个%(field_label)s已经有了，请换一个。",
        "unique_for_date": "当天已经有相同的%(field_label)s。",
    },
}
MESSAGES = {
    validators.BaseValidator: "填写的内容不对。",
    validators.MinValueValidator: "不能小于%(limit_value)s。",
    validators.MaxValueValidator: "不能大于%(limit_value)s。",
    validators.StepValueValidator: "应为%(limit_value)s的倍数。",
    validators.MinLengthValidator: "至少%(limit_value)d个字符，现为%(show_value)d个。",
    validators.MaxLengthValidator: "最多%(limit_value)d个字符，现为%(show_value)d个。",
    validators.RegexValidator: "填写的内容不对。",
    validators.EmailValidator: "邮箱地址不对，如office@example.cn。",
    validators.URLValidator: FIELDS[forms.URLField]["invalid"],
    validators.DomainNameValidator: "域名不对。",
    validators.ProhibitNullCharactersValidator: "含有看不见的字符，请删去后重新填写。",
    validators.FileExtensionValidator: "不收%(extension)s文件，请改用%(allowed_extensions)s。",
}

for field, words in FIELDS.items():
    field.default_error_messages = field.__dict__.get("default_error_messages", {}) | words
for validator, sentence in MESSAGES.items():
    validator.message = sentence
validators.DecimalValidator.messages = {
    "invalid": NUMBER,
    "max_digits": "最多%(max)s位数字。",
    "max_decimal_places": "最多%(max)s位小数。",
    "max_whole_digits": "小数点前最多%(max)s位数字。",
}
