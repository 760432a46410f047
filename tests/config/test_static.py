from django.core.management import call_command


def test_production_finds_every_file_that_a_style_or_script_names(tmp_path, settings):
    """The manifest storage stops at a reference to a file that is not there."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)

    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert {"staticfiles.json", "vendor/echarts/echarts.min.js", "css/theme.css"} <= names
