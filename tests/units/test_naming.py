import pytest

from units.naming import called


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("区卫生健康局", {"卫生健康局", "区卫生健康", "卫健局"}),
        ("区水利局", {"水利局", "区水利"}),
        ("东营市东营区水利局", {"水利局"}),
        ("区市场监督管理局", {"市场监督管理局", "市场监管局", "市监局"}),
        ("高新区市场监督管理局", {"市场监督管理局"}),
        ("区文化和旅游局", {"文化和旅游局", "文旅局"}),
        ("区人力资源和社会保障局", {"人社局"}),
        ("区住房和城乡建设局", {"住建局"}),
        ("区税务局机关党委", {"区税务局", "税务局"}),
    ],
)
def test_a_unit_is_known_by_what_it_is_shortened_to(name, short):
    assert short | {name} <= called([name])


@pytest.mark.parametrize("name", ["区委办公室", "区委组织部", "区人民法院", "区妇联", "文汇街道"])
def test_what_any_district_has_says_no_unit(name):
    assert called([name]) == {name}


def test_aliases_count_and_nothing_shorter_than_three_characters():
    forms = called(["区水利局", "区水务", "", "水利"])
    assert {"区水务", "水利"} <= forms
    assert not {form for form in forms if len(form) < 3} - {"水利"}
