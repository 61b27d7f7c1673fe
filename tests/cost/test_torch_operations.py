"""What a forward pass is made of, and what is alive in it: each peak by hand, element by element."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from analysis.cost.counted import Counted, Operation, Value, Weight, counted_network
from analysis.cost.counted.liveness import peak
from analysis.cost.counted.torch_operations import read_module


class Does(nn.Module):
    """What a function of the module and its input does."""

    def __init__(self, call, **parts) -> None:
        super().__init__()
        self.call = call
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *inputs: Tensor):
        return self.call(self, *inputs)


def counted(call, *shapes: tuple[int, ...], device: str = "meta", **parts) -> Counted:
    """The count of a function of parts, on zeros."""
    net = Does(call, **parts).eval().to(device)
    operations = read_module(net, [torch.zeros(shape, device=device) for shape in shapes])
    return counted_network(operations, network="", label="", source="", input="", counted_by="")


def peaks(call, *shapes: tuple[int, ...], **parts) -> tuple[int, int]:
    found = counted(call, *shapes, **parts)
    return found.peak_elements, found.peak_unfused_elements


def conv(into: int = 4, out: int = 4) -> nn.Conv2d:
    return nn.Conv2d(into, out, 1, bias=False)


MAP = (1, 4, 5, 5)
M = 100  # elements of the map


def test_an_activation_in_place_has_its_own_place_only_unfused():
    assert peaks(lambda s, x: functional.relu_(s.c(x)), MAP, c=conv()) == (2 * M, 2 * M)
    assert peaks(lambda s, x: functional.relu(s.c(x) + x), MAP, c=conv()) == (2 * M, 2 * M)
    assert peaks(lambda s, x: s.c(x).relu() + x, MAP, c=conv()) == (2 * M, 3 * M)


def test_both_names_of_what_is_written_in_place_are_one_value():
    def both(s, x):
        y = s.c(x)
        z = functional.relu_(y)
        return s.d(y + z)

    found = counted(both, MAP, c=conv(), d=conv())
    assert (found.peak_elements, found.peak_unfused_elements) == (2 * M, 2 * M)
    assert [(layer.name, layer.terms.get("relu", 0)) for layer in found.layers] == [("c", M), ("d", 0)]


def test_a_value_written_in_place_through_a_view_keeps_its_place():
    def through_a_view(s, x):
        y = s.c(x)
        y[:, :2].mul_(2)
        return s.d(y)

    assert peaks(through_a_view, MAP, c=conv(), d=conv()) == (2 * M, 2 * M)


def test_an_addition_in_place_takes_no_room():
    def added(s, x):
        y = s.c(x)
        y.add_(x)
        return s.d(y)

    assert peaks(added, MAP, c=conv(), d=conv()) == (2 * M, 2 * M)


def test_a_view_of_a_view_keeps_the_whole_alive():
    def views(s, x):
        y = s.c(x)
        part = y.flatten(2).transpose(1, 2)[:, :1]
        z = s.d(s.d(y))
        return z.sum() + part.sum()

    # y is held by its view while the second d reads one map and writes another
    assert peaks(views, MAP, c=conv(), d=conv()) == (3 * M, 3 * M)


def test_parts_of_a_split_are_one_place():
    def parts(s, x):
        a, b = s.c(x).chunk(2, 1)
        return torch.cat([b, a], 1)

    assert peaks(parts, MAP, c=conv()) == (2 * M, 2 * M)


def test_an_expanded_view_takes_no_more_room():
    assert peaks(lambda s, x: s.c(x).mean([2, 3], keepdim=True).expand(1, 4, 50, 50)[..., 0].sum(), MAP, c=conv()) == (
        200,
        200,
    )


def test_what_is_put_out_early_is_alive_to_the_end():
    def two_outputs(s, x):
        early = s.c(x)
        return early, s.d(s.d(early))

    assert peaks(two_outputs, MAP, c=conv(), d=conv()) == (3 * M, 3 * M)


def test_what_is_never_read_is_gone_at_once():
    def unused(s, x):
        s.wide(x)
        return s.c(s.c(x))

    assert peaks(unused, MAP, c=conv(), wide=conv(4, 12)) == (4 * M, 4 * M)
    assert peaks(lambda s, x: s.c(s.c(x)), MAP, c=conv()) == (2 * M, 2 * M)


def test_a_buffer_that_is_filled_is_alive_in_full():
    def filled(s, x):
        out = x.new_zeros(1, 12, 5, 5)
        out[:, :4] = s.c(x)
        out[:, 4:8] = s.c(x)
        return s.d(out)

    found = counted(filled, MAP, c=conv(), d=conv(12, 4))
    # the input, the buffer and what goes into it
    assert (found.peak_elements, found.mult_adds) == (M + 3 * M + M, 2 * 16 * 25 + 48 * 25)
    assert found.layers[-1].input == (12, 5, 5)


@pytest.mark.parametrize("fused", [True, False])
def test_operations_of_any_source_may_write_in_place(fused: bool):
    x, y, z = Value(1, (10,)), Value(2, (10,)), Value(3, (10,))
    operations = [
        Operation(name="make", label="", role="weighted", inputs=(x,), outputs=(y,)),
        Operation(name="over", label="", role="activation", inputs=(y,), outputs=(z,), overwrites=y),
        Operation(name="read", label="", role="move", inputs=(y, z)),
    ]
    assert peak(operations, fused=fused).elements == 20


def test_shared_weights_count_once_and_calls_are_numbered():
    found = counted(lambda s, x: s.d(s.c(s.c(x))), MAP, c=conv(), d=conv())
    assert [(layer.name, layer.params, layer.mult_adds) for layer in found.layers] == [
        ("c", 16, 400),
        ("c (2)", 0, 400),
        ("d", 16, 400),
    ]


def bn(s, x):
    return s.d(s.b(torch.cat([s.c(x), x], 1)))


def test_batch_norm_folds_only_into_the_layer_right_before_it():
    straight = counted(lambda s, x: s.b(s.c(x)), MAP, c=conv(), b=nn.BatchNorm2d(4))
    behind_cat = counted(bn, MAP, c=conv(), b=nn.BatchNorm2d(8), d=conv(8, 4))
    assert [(layer.name, layer.params) for layer in straight.layers] == [("c", 24)]
    assert [(layer.name, layer.kind, layer.params) for layer in behind_cat.layers[1:]] == [
        ("b", "norm", 16),
        ("d", "pw", 32),
    ]
    assert behind_cat.layers[1].terms["batch_norm"] == 2 * M


def test_an_activation_after_an_addition_belongs_to_the_latest_layer():
    found = counted(lambda s, x: functional.relu(s.c(x) + s.d(s.c(x))), MAP, c=conv(), d=conv())
    assert [layer.terms.get("relu", 0) for layer in found.layers] == [0, 0, M]


def test_a_constant_computed_on_the_way_is_no_operation():
    def with_mask(s, x):
        return s.c(x) * torch.arange(5, device=x.device).float().sin()

    assert dict(counted(with_mask, MAP, c=conv()).not_counted) == {"multiplication": 1}


def test_a_product_of_constants_counts():
    def constant(s, x):
        table = torch.ones(3, 6, device=x.device) @ torch.ones(6, 4, device=x.device)
        return table @ x

    assert counted(constant, (4, 5)).mult_adds == 3 * 6 * 4 + 3 * 4 * 5


def test_a_learned_query_is_a_row_and_its_projection_another():
    found = counted(
        lambda s, x: s.fc(s.query.expand(2, 3, 4)) + x,
        (2, 3, 4),
        query=nn.Parameter(torch.zeros(1, 3, 4)),
        fc=nn.Linear(4, 4),
    )
    assert [(layer.name, layer.params, layer.mult_adds) for layer in found.layers] == [("query", 12, 0), ("fc", 20, 96)]


def test_recurrent_layers_and_attention_are_one_operation_on_every_device():
    lstm = nn.LSTM(3, 5, batch_first=True)
    on = {device: counted(lambda s, x: s.r(x)[0], (2, 7, 3), device=device, r=lstm) for device in ("cpu", "meta")}
    formulas = {device: [layer.formula for layer in found.layers] for device, found in on.items()}
    assert formulas == {"cpu": ["14·(20·3 + 20·5)"], "meta": ["14·(20·3 + 20·5)"]}
    assert on["meta"].layers[0].input == (3, 7, 1)
    assert on["cpu"].peak_elements == on["meta"].peak_elements


def test_hooks_of_the_reader_are_gone_also_after_an_error():
    def fails(s, x):
        return s.c(x) @ x.new_zeros(99, 99, 99)

    net = Does(fails, c=conv()).to("meta")
    with pytest.raises(RuntimeError):
        read_module(net, [torch.zeros(MAP, device="meta")])
    assert [len(part._forward_hooks) + len(part._forward_pre_hooks) for part in net.modules()] == [0, 0]


def test_a_frozen_weight_is_a_weight_without_trainable_elements():
    layer = nn.Linear(4, 3).requires_grad_(False)
    (operation, _) = [one for one in read_module(layer, [torch.zeros(1, 4)]) if one.role != "view"]
    assert operation.weights == (Weight("weight", 0),)


def test_what_nothing_knows_is_named():
    assert counted(lambda s, x: torch.cdist(x, x), (3, 4)).unknown == ("cdist forward",)
    assert counted(lambda s, x: x.tanh().cos().clamp(0, 1).sum(), (3, 4)).unknown == ()
