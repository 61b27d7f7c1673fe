"""Checks as a project writes them in its pyproject.toml."""

from pathlib import Path

import pytest

from analysis.gate.settings import find_config, merged, read_entries

KEYS = ("alpha", "rho", "resolution", "max_mult_adds", "max_params", "baseline", "max_growth", "number_format")


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text, folder="."):
        Path(folder).mkdir(exist_ok=True)
        path = Path(folder, "pyproject.toml")
        path.write_text(text, "utf-8")
        return path

    return write


def test_one_table_is_one_check(config):
    path = config('[tool.multadds]\nnetwork = "mobilenet_v2"\nmax_mult_adds = "300M"\nalpha = 0.75\n')
    (entry,) = read_entries(path, KEYS)
    assert (entry.name, entry.network) == ("mobilenet_v2", "mobilenet_v2")
    assert entry.options == {"max_mult_adds": "300M", "alpha": "0.75"}
    assert entry.where == "pyproject.toml, [tool.multadds]"


def test_checks_take_what_the_table_says_unless_they_say_otherwise(config):
    text = '[tool.multadds]\nnetwork = "a"\nmax_growth = "2%"\nrho = 0.5\nmax_params = 5\n'
    text += '[[tool.multadds.check]]\nname = "x"\n'
    text += '[[tool.multadds.check]]\nname = "y"\nnetwork = "b"\nresolution = 96\nmax_params = 7\n'
    x, y = read_entries(config(text), KEYS)
    assert (x.name, x.network, x.options) == ("x", "a", {"max_growth": "2%", "rho": "0.5", "max_params": "5"})
    assert (y.name, y.network, y.options) == ("y", "b", {"max_growth": "2%", "resolution": "96", "max_params": "7"})
    assert y.where == "pyproject.toml, check y"


def test_paths_are_from_the_file_s_folder(config, monkeypatch, tmp_path):
    path = config('[tool.multadds]\nnetwork = "net.yaml"\nbaseline = "costs/b.json"\n')
    Path("net.yaml").touch()
    Path("below").mkdir()
    monkeypatch.chdir("below")
    (entry,) = read_entries(tmp_path / path, KEYS)
    assert (entry.name, entry.network, entry.options["baseline"]) == ("../net.yaml", "../net.yaml", "../costs/b.json")


def test_the_nearest_table_is_found(config, tmp_path):
    config('[tool.multadds]\nnetwork = "a"\n')
    config("[project]\n", "middle")
    (tmp_path / "middle" / "deep").mkdir()
    assert find_config(tmp_path / "middle" / "deep") == tmp_path / "pyproject.toml"
    config('[tool.multadds]\nnetwork = "b"\n', "middle")
    assert find_config(tmp_path / "middle" / "deep") == tmp_path / "middle" / "pyproject.toml"


def test_no_table_is_none(config, tmp_path):
    config("[tool.other]\n")
    assert find_config(tmp_path) is None


TOP = '[tool.multadds]\nnetwork = "a"\n'
CHECK = '[[tool.multadds.check]]\nname = "x"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{TOP}max_mult_add = 1",
            "[tool.multadds]: max_mult_add is not an option of a check; did you mean max_mult_adds?",
        ),
        (f"{TOP}max-params = 1", "[tool.multadds]: max-params is not an option of a check; did you mean max_params?"),
        (f"{TOP}zzz = 1", "[tool.multadds]: zzz is not an option of a check"),
        (f"{TOP}name = 'x'", "[tool.multadds]: name is not an option of a check"),
        (f"{TOP}{CHECK}alfa = 1", "check x: alfa is not an option of a check; did you mean alpha?"),
        (f"{TOP}alpha = true", "[tool.multadds]: alpha must be text or a number, got True"),
        (f"{TOP}alpha = [1]", "[tool.multadds]: alpha must be text or a number, got [1]"),
        (f"{TOP}alpha = 1979-05-27", "[tool.multadds]: alpha must be text or a number, got 1979-05-27"),
        ("[tool.multadds]\nalpha = 1", "[tool.multadds]: network is missing"),
        (f"[tool.multadds]\n{CHECK}", "check x: network is missing"),
        (f"{TOP}[[tool.multadds.check]]\nalpha = 1", "check 1: name is missing"),
        (f"{TOP}[[tool.multadds.check]]\nname = ' '", "check 1: name is missing"),
        (f"{TOP}{CHECK}{CHECK}", "the name x is of 2 checks"),
        (f"{TOP}[tool.multadds.check]\nname = 'x'", "checks must be tables [[tool.multadds.check]]"),
        (f"{TOP}check = []", "checks must be tables [[tool.multadds.check]]"),
        ("[tool]\nmultadds = 1", "tool.multadds must be a table [tool.multadds]"),
        ("tool = 1", "has no table [tool.multadds]"),
        ("[tool.multadds", "Expected"),
        ("x = " + "[" * 50_000, "pyproject.toml"),
        ("#" * 4_000_001, "the file must be at most 4,000,000 bytes"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(config, text, message):
    with pytest.raises(ValueError, match=r"^pyproject\.toml") as error:
        read_entries(config(text), KEYS)
    assert message in str(error.value)


def test_a_file_that_cannot_be_read_is_named(config, tmp_path):
    Path("pyproject.toml").write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"^pyproject.toml must be UTF-8$"):
        read_entries(Path("pyproject.toml"), KEYS)
    with pytest.raises(ValueError, match=r"^absent.toml cannot be read: No such file or directory$"):
        read_entries(Path("absent.toml"), KEYS)


def test_a_resolution_takes_the_place_of_a_rho():
    assert merged({"rho": 1, "alpha": 1}, {"resolution": 96}) == {"alpha": 1, "resolution": 96}
    assert merged({"resolution": 96, "alpha": 1}, {"rho": 1, "alpha": 2}) == {"alpha": 2, "rho": 1}
