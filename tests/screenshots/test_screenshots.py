"""The pictures of the README are what the program shows today."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "screenshots"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("take", FOLDER / "take.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TAKE = script()
CASES = [(name, size) for name in TAKE.SCENES for size in TAKE.SIZES]


@pytest.mark.parametrize(("name", "size"), CASES)
async def test_a_picture_is_up_to_date(
    name: str, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    TAKE.use_utc()
    taken = await TAKE.take(name, TAKE.SCENES[name], size, tmp_path)
    assert taken.read_text() == (FOLDER / taken.name).read_text(), "run: python screenshots/take.py"
