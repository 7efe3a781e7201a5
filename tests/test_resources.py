import pytest

from lanzarote_atlas import resources, settings
from lanzarote_atlas.errors import AtlasError
from tests import small_project


@pytest.fixture(autouse=True)
def asked_anew():
    """Ask anew where the project is, and leave nothing of it behind."""
    resources.project.cache_clear()
    small_project.forget()
    yield
    resources.project.cache_clear()
    small_project.forget()


def test_the_project_is_the_checkout_in_which_the_package_stands():
    assert resources.project() == small_project.ROOT
    assert resources.in_checkout()


def test_an_installed_package_reads_what_it_carries(monkeypatch, tmp_path):
    carried = tmp_path / "lanzarote_atlas" / "_project" / "ontology"
    carried.mkdir(parents=True)
    (carried / "context.jsonld").write_text("{}")
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "lanzarote_atlas")
    assert resources.project() == carried.parent
    assert not resources.in_checkout()


def test_builds_of_an_installed_package_are_kept_with_the_user_s_data(monkeypatch, tmp_path):
    monkeypatch.delenv("LANZAROTE_STORE", raising=False)
    monkeypatch.setattr(resources, "in_checkout", lambda: False)
    monkeypatch.setattr(resources.platformdirs, "user_data_dir", lambda name: str(tmp_path / name))
    assert resources.store_folder() == tmp_path / "lanzarote-atlas" / "build"


def test_builds_of_a_checkout_stand_in_it(monkeypatch):
    monkeypatch.delenv("LANZAROTE_STORE", raising=False)
    assert resources.store_folder() == small_project.ROOT / "build"


def test_the_setting_decides_where_builds_are_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("LANZAROTE_STORE", str(tmp_path))
    assert resources.store_folder() == tmp_path


def test_a_package_without_its_files_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "lanzarote_atlas")
    with pytest.raises(AtlasError, match="install the package again"):
        resources.project()


def test_a_text_is_read_with_the_base_of_the_settings(monkeypatch, tmp_path):
    path = tmp_path / "x.ttl"
    path.write_text(f"<{settings.DEFAULT_BASE}id/a> <{settings.DEFAULT_BASE}id/b>", encoding="utf-8")
    assert resources.read_text(path) == path.read_text()
    monkeypatch.setenv("LANZAROTE_BASE", settings.DEFAULT_BASE + "v2/")
    settings.current.cache_clear()
    assert resources.read_text(path) == f"<{settings.DEFAULT_BASE}v2/id/a> <{settings.DEFAULT_BASE}v2/id/b>"
