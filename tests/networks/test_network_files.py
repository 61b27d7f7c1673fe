"""Network files: what is written reads back equal, and what is wrong is said in one sentence with its place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.networks import CATALOGUE, DIVISIBLE, Network, Rounding, parse_network, read_network, write_network
from analysis.networks.branches import SqueezeExcite
from analysis.networks.files.schema import MOST_ROWS, network_schema, schema_text
from analysis.networks.files.texts import Format
from analysis.networks.rows import Conv, Dropout, Head, InvertedResidual, Pool

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "analysis" / "networks" / "catalogue").glob("*.yaml"))
SCHEMA = jsonschema.Draft202012Validator(network_schema())

MY_NET = """\
name: my_net
t: 6
rows:
  - {block: conv, c: 32, s: 2}
  - {block: inverted_residual, c: 16, t: 1}
  - block: inverted_residual
    c: 24
    s: 2
    t: 88/24
  - {block: head, classes: 10}
"""


def test_a_file_is_the_network_its_rows_say():
    network = parse_network(MY_NET)
    assert network == Network(
        name="my_net",
        label="my_net",
        source="",
        rounding=DIVISIBLE,
        t=6,
        rows=(Conv(32, s=2), InvertedResidual(16, t=1), InvertedResidual(24, s=2, t=88 / 24), Head(10)),
    )


@pytest.mark.parametrize("format", ["yaml", "toml"])
@pytest.mark.parametrize("name", CATALOGUE)
def test_every_network_of_the_catalogue_is_written_and_read_back_equal(name: str, format: str):
    text = write_network(CATALOGUE[name], format=format)
    assert parse_network(text, format=format) == CATALOGUE[name]


def test_a_written_file_is_as_terse_as_the_table():
    assert write_network(parse_network(MY_NET)) == (
        "name: my_net\n"
        "rounding: divisible\n"
        "t: 6\n"
        "rows:\n"
        "  - {block: conv, c: 32, s: 2}\n"
        "  - {block: inverted_residual, c: 16, t: 1}\n"
        "  - {block: inverted_residual, c: 24, s: 2, t: 11/3}\n"
        "  - {block: head, classes: 10}\n"
    )


NUMBERS = st.floats(min_value=1e-300, max_value=1000, exclude_min=True) | st.fractions(
    min_value="1/100", max_value=20, max_denominator=300
).map(float)
TEXTS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=30).filter(str.isprintable)
ROWS = st.lists(
    st.builds(
        InvertedResidual,
        st.integers(1, 900),
        n=st.integers(1, 3),
        t=NUMBERS | st.none(),
        se=st.none()
        | st.builds(
            SqueezeExcite,
            gate=st.sampled_from(["relu", "sigmoid"]),
            squeezes=st.sampled_from(["map", "block input"]),
            ratio=st.floats(0, 1, exclude_min=True),
        ),
        rounded=st.booleans(),
        alpha=st.none() | NUMBERS,
    )
    | st.builds(
        Conv, st.integers(1, 900), activation=st.sampled_from([None, "relu", "relu6"]), batch_norm=st.booleans()
    )
    | st.builds(Dropout, st.floats(0, 1))
    | st.just(Pool("average", k=3, s=1, padding=1)),
    max_size=5,
)
NETWORKS = st.builds(
    Network,
    name=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True),
    label=TEXTS.filter(bool),
    source=TEXTS,
    rounding=st.builds(
        Rounding, divisor=st.integers(1, 99), least=st.integers(1, 99), nearest=st.booleans(), keep=st.floats(0, 1)
    ),
    t=st.floats(0.5, 1000),
    base=st.tuples(st.integers(32, 64), st.integers(32, 64)),
    in_channels=st.integers(1, 512),
    presets=st.lists(st.tuples(NUMBERS, st.integers(32, 999)), max_size=3).map(tuple),
    rows=st.builds(lambda rows, head: (*rows, head), ROWS, st.builds(Head, st.integers(1, 10**9))),
)


@settings(max_examples=150, deadline=None)
@given(NETWORKS)
def test_any_network_is_written_and_read_back_equal(network: Network):
    for format in ("yaml", "toml"):
        assert parse_network(write_network(network, format=format), format=format) == network


@settings(max_examples=150, deadline=None)
@given(NETWORKS)
def test_another_yaml_reader_reads_what_we_write_as_the_schema_says(network: Network):
    SCHEMA.validate(yaml.safe_load(write_network(network)))


def wrong(row: str, *, head: str = "") -> str:
    with pytest.raises(ValueError, match=r"^my_net\.yaml") as caught:
        parse_network(
            f"name: a\n{head}rows:\n  - {{block: conv, c: 8}}\n  - {row}\n  - {{block: head, classes: 3}}\n",
            file="my_net.yaml",
        )
    return str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{block: conv, c: 8, s: 99}", "s must be at most 16, got 99"),
        ("{block: conv, c: 2.5}", "c must be a whole number, got 2.5"),
        ("{block: conv, c: true}", "c must be a whole number, got true"),
        ("{block: conv, c: '8'}", "c must be a whole number, got 8"),
        ("{block: conv}", "c is missing"),
        ("{block: conv, c: 8, k: 4}", "k must be odd, got 4"),
        ("{block: conv, c: 8, stride: 2}", "stride is not a field of conv; did you mean s?"),
        ("{block: conv, c: 8, activaton: relu}", "activaton is not a field of conv; did you mean activation?"),
        ("{block: conv, c: 8, batch_norm: 1}", "batch_norm must be true or false, got 1"),
        ("{block: conv, c: 8, groups: 3}", "groups must divide c = 8, got 3"),
        ("{c: 8}", "block is missing; it is one of conv, separable, inverted_residual, conv_last, bottleneck_residual, "
                   "pool, dropout, dense, head"),
        ("conv", "a row must be a mapping of fields, got conv"),
        ("{block: pool, of: mean}", "of must be one of max, average, got mean"),
        ("{block: inverted_residual, c: 8, t: 88/0}", "t must be a number or a fraction such as 88/24, got 88/0"),
        ("{block: inverted_residual, c: 8, t: 1e400}", "t must be a number, got inf"),
        ("{block: inverted_residual, c: 8, t: 1, se: 3}", "se.ratio must be at most 1, got 3"),
        ("{block: inverted_residual, c: 8, t: 1, se: swish}", "se.gate must be one of relu, relu6, hard_swish, "
                                                              "sigmoid, hard_sigmoid, got swish"),
        ("{block: inverted_residual, c: 8, t: 1, se: 1 2}", "se must be a mapping, or a ratio, a gate and one of map, "
                                                            "block input, got 1 2"),
        ("{block: inverted_residual, c: 8, t: 1, se: {rati: 1}}", "rati is not a field of se; did you mean ratio?"),
        ("{block: inverted_residual, c: 8}", "t is missing, and the network has none for its rows"),
        ("{block: head, classes: 8}", "a head must be the last row"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_its_line_and_field(row: str, message: str):
    assert wrong(row) == f"my_net.yaml, line 4, row 2: {message}"


def test_a_wrong_block_is_named_with_what_may_be_meant():
    assert wrong("{block: convv, c: 8}").endswith("dense, head, got convv; did you mean conv?")


def test_a_field_on_a_line_of_its_own_is_found_there():
    with pytest.raises(ValueError, match=r"^network file, line 8, row 3: s must be at most 16, got 17$"):
        parse_network(MY_NET.replace("s: 2\n    t", "s: 17\n    t"))


def test_a_row_that_does_not_fit_its_map_is_named():
    pools = "".join("  - {block: pool, of: max}\n" for _ in range(6))
    with pytest.raises(ValueError, match=r"line 9, row 6: k must fit the map of 1×1, got 2"):
        parse_network(f"name: a\ninput: 32\nrows:\n{pools}  - {{block: head, classes: 3}}\n")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("t: 0\n", "line 2: t must be > 0, got 0"),
        ("input: 10\n", "line 2: input must be at least 32, got 10"),
        ("input: 10x20x30\n", "line 2: input must be one side or height × width in px, such as 60x120, got 10x20x30"),
        ("in_channels: 1000\n", "line 2: in_channels must be at most 512, got 1000"),
        ("rounding: up\n", "line 2: rounding must be one of truncated, divisible, or the fields of one, got up"),
        ("rounding: {divisor: 0}\n", "line 2: divisor must be a whole number from 1 to 100,000, got 0"),
        ("presets: [[1, 9], [a, 9]]\n", "line 2: entry 1 of presets must be at least 32, got 9"),
        ("row: 3\n", "line 2: row is not a field of a network; did you mean rows?"),
        ('label: "a\\u001b[31m"\n', "line 2: label must be printable text in one line, got 'a\\x1b[31m'"),
        ("name: b\n", "line 2: name is given twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_beside_the_rows_is_named_with_its_line(head: str, message: str):
    assert wrong("{block: conv, c: 8}", head=head) == f"my_net.yaml, {message}"


@pytest.mark.parametrize(
    ("short", "meant"),
    [
        ("0.5", SqueezeExcite(ratio=0.5)),
        ("1/16", SqueezeExcite(ratio=1 / 16)),
        ("hard_sigmoid", SqueezeExcite(gate="hard_sigmoid")),
        ("block input", SqueezeExcite(squeezes="block input")),
        ("block input 0.5 relu", SqueezeExcite(gate="relu", squeezes="block input", ratio=0.5)),
        ("{gate: relu, ratio: 1/2}", SqueezeExcite(gate="relu", ratio=0.5)),
    ],
)
def test_squeeze_excite_has_a_short_form(short: str, meant: SqueezeExcite):
    row, _ = parse_network(
        f"name: a\nrows: [{{block: separable, c: 8, se: {short}}}, {{block: head, classes: 3}}]"
    ).rows
    assert row.se == meant


def test_toml_names_the_row():
    text = 'name = "a"\n[[rows]]\nblock = "conv"\nc = 8\n[[rows]]\nblock = "head"\nclasses = 0\n'
    with pytest.raises(ValueError, match=r"^my_net\.toml, row 2: classes must be at least 1, got 0$"):
        parse_network(text, format="toml", file="my_net.toml")


def test_none_is_a_word_in_both_formats():
    network = replace(parse_network(MY_NET), rows=(Conv(8, activation=None), Head(3)))
    yaml_text, toml_text = (write_network(network, format=format) for format in ("yaml", "toml"))
    assert "activation: none" in yaml_text
    assert 'activation = "none"' in toml_text


HOSTILE = {
    "aliases": "name: &a x\nlabel: *a\n",
    "a bomb of aliases": "a: &a [x]\n" + "".join(f"b{i}: &b{i} [{'*a,' * 9}]\n" for i in range(50)),
    "a tag": "name: !!python/object/apply:os.system [id]\n",
    "deep nesting": "[" * 9_000,
    "deep nesting over lines": "\n".join(["[" * 9_000] * 25),
    "deep blocks": "".join(" " * depth + "a:\n" for depth in range(600)),
    "ten megabytes": "x" * 10_000_000,
    "a long line": "name: " + "x" * 20_000,
    "a huge number": "t: " + "9" * 5_000,
    "sixties": "t: 1" + ":59" * 3_000,
    "a NUL": "name: a\0",
    "a lone surrogate": "name: a\ud800",
    "bytes that are no text": b"name: \xff\xfe\x00",
    "tabs": "name: a\nrows:\n\t- {block: conv}\n",
    "two documents": "name: a\n---\nname: b\n",
    "a key that is a list": "? [a]\n: b\n",
    "a merge": "<<: {name: a}\n",
    "600 rows": "name: a\nrows:\n" + "  - {block: conv, c: 8}\n" * 600,
    "thousands of repeats": "name: a\nrows:\n"
    + "  - {block: conv, c: 8, n: 900}\n" * 3
    + "  - {block: head, classes: 1}",
    "100,000 values": "\n".join(f"k{i}: [{'1,' * 1000}]" for i in range(100)),
    "nothing": "",
    "a list": "- a\n",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_yaml_is_refused_in_one_sentence(case: str):
    with pytest.raises(ValueError, match=r"^x\.yaml[,:]") as caught:
        parse_network(HOSTILE[case], file="x.yaml")
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"k{i}." + "a." * 4_900 + "a=1" for i in range(25)),
        "a=" + "\n".join(["[" * 9_000] * 20),
        "a=" + "9" * 5_000,
        "a=1\na=2",
        "name = 1979-05-27\nrows = 3",
        "a = [1,",
        "",
    ],
)
def test_hostile_toml_is_refused_in_one_sentence(text: str):
    with pytest.raises(ValueError, match=r"^x\.toml[,:]") as caught:
        parse_network(text, format="toml", file="x.toml")
    assert "\n" not in str(caught.value)


def message_of(text: str | bytes, *, format: Format = "yaml") -> str | None:
    try:
        parse_network(text, format=format)
    except ValueError as error:
        return str(error)
    return None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200), st.sampled_from(["yaml", "toml"]))
def test_any_text_is_a_network_or_a_value_error(text: str | bytes, format: str):
    message = message_of(text, format=format)
    assert message is None or message.startswith("network file")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["conv", "none", "8/3", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["gate", "ratio"]), inner),
    max_leaves=3,
)
FIELDS = st.sampled_from(["block", "c", "n", "s", "k", "t", "se", "activation", "groups", "alpha", "classes", "x"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=4), max_size=3))
def test_any_values_are_a_network_or_a_value_error(rows: list[dict[str, object]]):
    text = json.dumps({"name": "a", "rows": [{"block": "conv", **row} for row in rows]})
    message = message_of(text)
    assert message is None or message.startswith("network file, line 1")


def test_files_are_told_apart_by_their_extension(tmp_path: Path):
    network = CATALOGUE["mnasnet_a1"]
    for name, format in (("a.yaml", "yaml"), ("a.YML", "yaml"), ("a.toml", "toml")):
        (tmp_path / name).write_text("\ufeff" + write_network(network, format=format), "utf-8")
        assert read_network(tmp_path / name) == network


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no.yaml", "no.yaml: the file cannot be read: No such file or directory"),
        ("folder.yaml", "folder.yaml: the file cannot be read: Is a directory"),
        ("net.txt", "net.txt: a network file's extension must be one of .yaml, .yml, .toml"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path, name: str, message: str):
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(ValueError, match=r".*") as caught:
        read_network(tmp_path / name)
    assert str(caught.value) == message


def test_an_endless_file_is_not_read_to_its_end(tmp_path: Path):
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with pytest.raises(ValueError, match=r"zero\.yaml: a network file must be at most 262,144 bytes"):
        read_network(tmp_path / "zero.yaml")


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_file_of_the_catalogue_is_within_the_schema_and_the_limits(path: Path):
    SCHEMA.validate(yaml.safe_load(path.read_text("utf-8")))
    network = read_network(path)
    assert CATALOGUE[network.name] == network
    assert path.stem.partition("_")[2] == network.name


def test_the_published_schema_is_current():
    assert (ROOT / "docs" / "network.schema.json").read_text("utf-8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(network_schema())


@pytest.mark.parametrize(
    "row", ["{block: conv, c: 8, s: 99}", "{block: conv}", "{block: mbconv, c: 8}", "{block: conv, c: 8, stride: 2}"]
)
def test_the_schema_refuses_what_we_refuse(row: str):
    values = yaml.safe_load(f"{{name: a, rows: [{row}, {{block: head, classes: 3}}]}}")
    assert not SCHEMA.is_valid(values)


def test_the_limit_of_rows_is_its_own():
    rows = "  - {block: conv, c: 8}\n" * (MOST_ROWS - 1) + "  - {block: head, classes: 3}\n"
    assert len(parse_network(f"name: a\nrows:\n{rows}").rows) == MOST_ROWS
    with pytest.raises(ValueError, match=rf"rows must be at most {MOST_ROWS} in number, got {MOST_ROWS + 1}"):
        parse_network(f"name: a\nrows:\n  - {{block: conv, c: 8}}\n{rows}")
