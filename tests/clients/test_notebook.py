"""The notebook in examples/ runs against the endpoint, top to bottom, and is kept without outputs."""

from __future__ import annotations

import json

import altair as alt
import pytest

from lanzarote_atlas import resources

NOTEBOOKS = sorted((resources.project() / "examples").glob("*.ipynb"))


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_outputs(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert path.stat().st_size < 20_000


def test_its_cells_run_and_give_a_table_and_a_chart(endpoint, monkeypatch):
    monkeypatch.setenv("LANZAROTE_ENDPOINT", endpoint)
    names: dict[str, object] = {}
    (path,) = NOTEBOOKS
    last = ""
    for cell in cells(path):
        if cell["cell_type"] == "code":
            last = "".join(cell["source"])
            exec(compile(last, path.name, "exec"), names)  # noqa: S102 - our own notebook
    table = names["table"]
    assert len(table) >= 50
    assert {"Denmark", "Sweden"} <= set(table.index)
    assert len(table.columns) >= 5
    chart = eval(compile(last, path.name, "eval"), names)  # noqa: S307 - as above: the last cell is a chart
    assert isinstance(chart, alt.Chart)
    assert chart.to_dict()["encoding"]["y"]["field"] == "principle"
