"""Recipes of MobileNet's release notes: the sixteen checkpoints of 2018-08-02, in no table of the paper."""

from __future__ import annotations

from analysis.networks import Design, make_design
from analysis.papers.amount import Amount, amount
from analysis.papers.counts import batch_norm_params, bias_params, layers_of, mult_adds, params, weights
from analysis.papers.recipe import Recipe, Recipes, Tables, Way
from analysis.papers.v1_imagenet import v1


def figures() -> Recipes:
    """Each checkpoint's Mult-Adds and parameters."""
    recipes: Recipes = {}
    for alpha in (1.0, 0.75, 0.5, 0.25):
        for resolution in (224, 192, 160, 128):
            recipes |= _checkpoint(f"{alpha} MobileNet-{resolution}, release notes", v1(alpha, resolution))
    return recipes


def _checkpoint(row: str, design: Design) -> Recipes:
    return {
        (row, "million_mult_adds"): lambda: Recipe(mult_adds(design), _ways(design), design=design),
        (row, "million_params"): lambda: Recipe(params(design), (_stored(design),), design=design),
    }


def _ways(design: Design) -> tuple[Way, ...]:
    stem, pool = layers_of(design)[0], next(layer for layer in layers_of(design) if layer.kind == "pool")
    first = amount(_weights_of_stem(design) * int(stem.output.height) ** 2, "of the first convolution")
    pooled = amount(int(pool.input.elements), "additions of the pool")
    wide = make_design("mobilenet_v1", alpha=design.alpha, resolution=design.height, least_depth=16)
    return (
        Way("the first convolution left out", mult_adds(design) - first),
        Way("with the additions of the pool", mult_adds(design) + pooled),
        Way("at least 16 channels a layer", mult_adds(wide)),
    )


def _weights_of_stem(design: Design) -> int:
    stem = layers_of(design)[0]
    return 9 * int(stem.input.channels) * int(stem.output.channels)


def _stored(design: Design) -> Way:
    """What a checkpoint without batch norm's scale holds: shift, running mean and running variance."""
    shift = amount(batch_norm_params(design).value / 2, "channels of batch norm")
    held: Amount = weights_as_one(design) + bias_params(design) + amount(3) * shift
    return Way("batch norm without scale, with running mean and variance", held)


def weights_as_one(design: Design) -> Amount:
    """The weights without batch norm and biases, as one number."""
    return amount(weights(design).value, "weights")


def recipes() -> Tables:
    """The recipes; these figures are in no table."""
    return {None: figures()}
