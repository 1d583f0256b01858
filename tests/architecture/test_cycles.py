"""Imports between modules have no cycle, lazy ones and those for types alone included."""

from graphlib import TopologicalSorter

from grimp import build_graph


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = build_graph("snaptui", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 300
    TopologicalSorter(imports).prepare()  # raises `CycleError` with the modules of the cycle
