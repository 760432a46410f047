"""Names, numbers and dates as official papers write them."""

import pytest

from units.papers.typesetting import in_quotes


@pytest.mark.parametrize(
    ("name", "said"),
    [("企业开办全程帮办", "“企业开办全程帮办”"), ("“代表护学路”共建行动", "“‘代表护学路’共建行动”")],
)
def test_quotation_marks_inside_a_quoted_name_become_single(name, said):
    assert in_quotes(name) == said
