"""A network with its options in one word, read and written."""

from dataclasses import replace

import pytest

import analysis
from analysis.comparison.words import read_word, word_of
from analysis.cost.subjects import make_subject
from analysis.networks import CATALOGUE, make_design
from analysis.networks.presets import PRESETS

WORDS = [
    "mobilenet_v2",
    "mobilenet_v2@alpha=0.5,resolution=160",
    "mobilenet_v2@resolution=60x120,t=4,classes=10,in_channels=1",
    "mobilenet_v2@alpha=0.3,divisor=4,least=16,nearest=True,keep=0.5",
    "pd_lenet@classes=3",
    "resnet50",
]


def subject(word):
    network, options, _ = read_word(word)
    return make_subject(network, **options)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_read_and_written_again(word):
    assert word_of(subject(word)) == word


def test_options_are_those_of_a_design():
    assert subject("mobilenet_v2@alpha=0.75,rho=0.5,t=4,least-depth=16") == analysis.make_design(
        "mobilenet_v2", alpha=0.75, rho=0.5, t=4, least_depth=16
    )


@pytest.mark.parametrize("name", PRESETS)
def test_a_published_design_is_named_as_in_its_paper(name):
    assert subject(name) == PRESETS[name]


NAMES = {
    "model.onnx": "model.onnx",
    "user@host.onnx": "user@host.onnx",
    "pkg.models:make_net": "pkg.models:make_net",
    "net@a=b.yaml@": "net@a=b.yaml",
    "/models/a@b/net.yaml": "/models/a@b/net.yaml",
}


@pytest.mark.parametrize("word", NAMES)
def test_files_and_modules_keep_their_names(word):
    assert read_word(word) == (NAMES[word], {}, ())


def test_options_stand_behind_the_last_at():
    assert read_word("a@b.yaml@alpha=0.5") == ("a@b.yaml", {"alpha": "0.5"}, ())
    assert read_word("pkg:fn@resolution=96") == ("pkg:fn", {"resolution": "96"}, ())


def test_inputs_may_be_several():
    assert read_word("net.onnx@input=height=224,input=width=96").inputs == ("height=224", "width=96")
    assert read_word("pkg.models:make@input=1x3x224x224").inputs == ("1x3x224x224",)


def test_own_rows_are_named_by_a_file():
    mine = make_design(replace(CATALOGUE["mobilenet_v2"], name="mine", label="Mine"), alpha=0.5)
    assert word_of(mine) == "mine.yaml@alpha=0.5"


WRONG = {
    "mobilenet_v2@alhpa=1": "got alhpa=1",
    "mobilenet_v2@alpha=1,": "options must be like",
    "mobilenet_v2@alpha=1,alpha=2": "alpha is given twice",
    "mobilenet_v2@divisor=x": "divisor must be a whole number",
    "mobilenet_v2@alpha=-1": "alpha must be > 0, got -1",
    "mobilenet_v1@t=3": "has no expansion factor",
    "resnet50@alpha=2": "takes no alpha",
    "@alpha=1": "network must be one of",
}


@pytest.mark.parametrize("word", WRONG)
def test_what_is_wrong_is_one_sentence(word):
    with pytest.raises(ValueError, match=WRONG[word]):
        subject(word)
