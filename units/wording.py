"""How forms refuse, in the words of the house: the framework's own translation reads like one.

Registered by being imported. A form that can say it better says it itself.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import Field

Field.default_error_messages = {**Field.default_error_messages, "required": "请填写这一项。"}
MinValueValidator.message = "不能小于%(limit_value)s。"
MaxValueValidator.message = "不能大于%(limit_value)s。"
