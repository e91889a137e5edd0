"""Linear, gate, norm activation and batch norm against stored numbers of e3nn 0.6.0, their laws, their refusals."""

import pytest
import torch

from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.nn import EquivariantBatchNorm, EquivariantGate, EquivariantLinear, NormActivation
from erlangen.nn.equivariant.feature_blocks import join_blocks, split_blocks
from erlangen.nn.equivariant.scalar_activation import activation_scale
from erlangen.representations import Irreps
from erlangen.testing import check_layer

# e3nn 0.6.0 on wave(n) = sin(1 + 0.7 k), float64, weights wave(n) too.
LINEAR = [0.579715082056667, -0.643326033768445, -0.53781491393081, -0.219372692920685, 0.20224393336292,
          0.943597778941582, -0.10120559590927, 0.21197813600076, 0.533943660088305, 0.604787137736491]  # fmt: skip
LINEAR_BY_PATH = [0.280127225296663, -0.180007213124769, -0.53781491393081, -0.219372692920685, 0.20224393336292]
GATE = [0.751677764840636, 0.0356363409336807, 1.09423731500065, -0.63477602680745, -0.573686504475264,
        -0.242783254989456, 0.376392935292435, 1.02746656915373, 1.19530662093402]  # fmt: skip
NORM = [0.47493095453882, 0.559701194115766, 0.381235216527665, 0.0260123594330031, -0.382770895164441,
        -0.611531016805829, -0.765568391412836]  # fmt: skip
BATCH = [1.90125174718578, 0.636653595167237, 0.433650622436399, 0.0266949859958339, -1.72885272315065,
         -0.627579054168289, -0.567182153488775, -0.240030623557873, 0.577600975964869, 0.545984415578899,
         0.635172770054969, 0.42562944592588]  # fmt: skip
BATCH_LATER = [1.52662822027396, 0.505882026022327, 0.344576795182226, 0.0212117134069788]


def wave(n):
    return torch.sin(1 + 0.7 * torch.arange(n, dtype=torch.float64))


def filled(layer):
    with torch.no_grad():
        layer.weight.copy_(wave(layer.weight_numel))
    return layer


def assert_equal(found, expected):
    torch.testing.assert_close(
        found.detach().flatten(), torch.tensor(expected, dtype=torch.float64), rtol=0, atol=2e-14
    )


def relaid(x, irreps, source, target):
    return join_blocks(split_blocks(x, irreps, source), target, like=x)


def both_layouts(make, x):
    """Return the outputs of the layer in both layouts, brought to ``mul_ir``."""
    plain, inner = make("mul_ir"), make("ir_mul")
    inner.load_state_dict(plain.state_dict())
    y = inner(relaid(x, plain.irreps_in, "mul_ir", "ir_mul"))
    return plain(x), relaid(y, plain.irreps_out, "ir_mul", "mul_ir")


def test_linear_has_the_numbers_of_e3nn():
    layer = filled(EquivariantLinear("3x0e+2x0e+2x1o", "2x0e+1x1o", biases=True, dtype=torch.float64))
    with torch.no_grad():
        layer.bias.copy_(torch.tensor([0.25, -0.5]))
    assert_equal(layer(wave(22).reshape(2, 11)), LINEAR)
    layer = filled(EquivariantLinear("3x0e+2x0e+2x1o", "2x0e+1x1o", path_normalization="path", dtype=torch.float64))
    assert_equal(layer(wave(11)), LINEAR_BY_PATH)


def test_gate_has_the_numbers_of_e3nn():
    silu = torch.nn.functional.silu
    arguments = ("2x0e+1x0o", [silu, torch.tanh], "1x0e+1x0o", [torch.sigmoid, torch.tanh], "1x1o+1x1e")
    gate = EquivariantGate(*arguments, moment="sampled")
    assert (gate.irreps_in, gate.irreps_out) == (Irreps("2x0o+3x0e+1x1o+1x1e"), Irreps("2x0e+1x0o+1x1o+1x1o"))
    assert_equal(gate(wave(11)), GATE)
    exact = EquivariantGate(*arguments)(wave(11))
    assert 1e-6 < (exact - torch.tensor(GATE, dtype=torch.float64)).abs().max() < 2e-3


def test_norm_activation_has_the_numbers_of_e3nn():
    layer = NormActivation("2x1o+1x0e", torch.sigmoid, bias=True).double()
    with torch.no_grad():
        layer.biases.copy_(torch.tensor([0.1, -0.2, 0.3], dtype=torch.float64))
    assert_equal(layer(wave(7)), NORM)


def test_batch_norm_has_the_numbers_of_e3nn():
    layer = EquivariantBatchNorm("1x0e+1x1o").double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([1.5, 0.5]))
        layer.bias.fill_(0.25)
    assert_equal(layer(wave(12).reshape(3, 4)), BATCH)
    assert_equal(layer.running_mean, [0.0180384819126185])
    assert_equal(layer.running_var, [0.936062848974955, 0.960653555134695])
    assert_equal(layer.eval()(wave(4).reshape(1, 4)), BATCH_LATER)


@pytest.mark.parametrize(
    "make",
    [
        lambda layout: EquivariantLinear("3x0e+2x1o+1x1o", "2x1o+4x0e", biases=True, layout=layout, rng=0).double(),
        lambda layout: EquivariantGate(
            "2x0e", [torch.tanh], "3x0e+2x0o", [torch.sigmoid, torch.tanh], "1x1o+2x1o+2x2e", layout=layout
        ),
        lambda layout: NormActivation("3x0e+2x1o", torch.tanh, bias=True, layout=layout).double(),
        lambda layout: EquivariantBatchNorm("3x0e+2x1o", layout=layout).double().eval(),
    ],
)
def test_layouts_differ_by_a_permutation_only(make):
    x = torch.randn(4, 5, make("mul_ir").irreps_in.dim, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    a, b = both_layouts(make, x)
    torch.testing.assert_close(a, b, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize(
    "layer",
    [
        EquivariantLinear("3x0e+2x1o", "2x0e+3x1o+1x2e", biases=True, rng=0),
        EquivariantGate("2x0e", [torch.tanh], "2x0o", [torch.tanh], "2x1o"),
        NormActivation("2x0e+2x1o", torch.sigmoid),
        EquivariantBatchNorm("2x0e+2x1o"),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_pass_the_battery(layer):
    x = torch.randn(5, layer.irreps_in.dim, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    check_layer(layer.double(), x, compiled=isinstance(layer, EquivariantLinear)).raise_if_failed()


def test_weights_of_each_row():
    layer = EquivariantLinear("4x0e+3x1o", "2x0e+2x1o", shared_weights=False)
    x, w = wave(26).reshape(2, 13), wave(28).reshape(2, 14)
    shared = EquivariantLinear("4x0e+3x1o", "2x0e+2x1o", dtype=torch.float64)
    for row in range(2):
        torch.testing.assert_close(layer(x, w)[row], shared(x[row], w[row]))
    with pytest.raises(ShapeError, match="holds no weight"):
        layer(x)


def test_outputs_no_path_reaches_are_zero_and_empty_sums_are_empty():
    assert not EquivariantLinear("2x0e", "1x0e+1x1o", rng=0)(torch.ones(3, 2))[:, 1:].any()
    assert EquivariantLinear("2x0e", "")(torch.ones(3, 2)).shape == (3, 0)
    assert EquivariantLinear("2x0e", "3x0e")(torch.ones(0, 2)).shape == (0, 3)


def test_the_norm_has_a_finite_gradient_at_zero():
    for normalize in (True, False):
        x = torch.zeros(2, 3, requires_grad=True)
        NormActivation("1x1o", torch.tanh, normalize=normalize)(x).sum().backward()
        assert torch.isfinite(x.grad).all()


def test_second_moments_are_those_of_the_integral():
    from mpmath import exp, inf, mp, pi, quad, sqrt, tanh

    mp.dps = 20
    exact = quad(lambda z: tanh(z) ** 2 * exp(-z * z / 2), [-inf, 0, inf]) / sqrt(2 * pi)
    assert activation_scale(torch.tanh) == pytest.approx(float(1 / sqrt(exact)), rel=1e-12)
    assert activation_scale(torch.tanh, "sampled") == pytest.approx(activation_scale(torch.tanh), rel=3e-3)


def test_refusals():
    with pytest.raises(DomainError, match=r"paths\[0\] = \(0, 0\) joins 0e to 1o"):
        EquivariantLinear("2x0e", "2x1o", paths=[(0, 0)])
    with pytest.raises(DomainError, match="only 0e"):
        EquivariantLinear("2x1o", "2x1o", biases=[True])
    with pytest.raises(ShapeError, match=r"must have shape \(\.\.\., 2\)"):
        EquivariantLinear("2x0e", "2x0e")(torch.zeros(3))
    with pytest.raises(DtypeError, match="floating"):
        EquivariantLinear("2x0e", "2x0e")(torch.zeros(2, dtype=torch.int64))
    with pytest.raises(DomainError, match="neither even nor odd"):
        EquivariantGate("1x0o", [torch.sigmoid], "", [], "")
    with pytest.raises(ShapeError, match="2 gated irreps"):
        EquivariantGate("", [], "1x0e", [torch.sigmoid], "2x1o")
    with pytest.raises(DomainError, match="not a scalar"):
        EquivariantGate("1x1o", [torch.tanh], "", [], "")
    with pytest.raises(DomainError, match="second moment"):
        activation_scale(torch.zeros_like)
    with pytest.raises(ShapeError, match="has no mean"):
        EquivariantBatchNorm("1x0e")(torch.zeros(0, 1))
