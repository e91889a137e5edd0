"""Messages over edges: e3nn's numbers, laws, derivatives, refusals."""

import math

import pytest
import torch

from erlangen import native
from erlangen.errors import DomainError, DtypeError, ShapeError
from erlangen.representations.irreps import Irreps
from erlangen.representations.products import MessagePlan, messages
from erlangen.representations.spherical_harmonics import spherical_harmonics


def waves(*shape, start=0.0):
    """Return numbers without pattern that every environment computes alike."""
    n = math.prod(shape)
    return torch.sin(start + torch.arange(1, n + 1, dtype=torch.float64) ** 2 * 0.7).reshape(shape)


def matrix(irreps, Q):
    """Return the matrix of an orthogonal Q: harmonics of turned points are turned harmonics; an inversion brings the parity."""
    sign = float(torch.linalg.det(Q).sign())
    points = waves(40, 3)
    blocks = []
    for mul, ir in Irreps(irreps):
        before, after = (spherical_harmonics(ir.l, r, normalize=True) for r in (points, points @ (sign * Q).mT))
        D = torch.linalg.lstsq(before, after).solution.mT
        blocks += [D if sign > 0 else ir.p * D] * mul
    return torch.block_diag(*blocks)


PLAN = MessagePlan("0e+1o", "0e+1o+2e", "0e+1o+2e+1e")
SENDERS, RECEIVERS = torch.tensor([0, 2, 1, 0]), torch.tensor([1, 0, 1, 0])

# e3nn 0.6.0: TensorProduct("2x0e+2x1o", "0e+1o+2e") of uvu paths sorted by output, summed by index_add; node 0
E3NN = [
    -0.10768862071111567, -0.06211869118715657, 0.7643592661048111, -0.11307538945715649, 0.5921735709761472,
    -0.6090374224829667, -0.2734239646745058, -0.29887867770421045, 0.1153528936659653, 0.4556138870498814,
    0.1288970705098718, 0.15965528697257275, -0.06887403012812814, -0.582561368858159, 0.1418629549267998,
    0.3133675996726938, 0.22162994930382807, -0.19337427960505774, 0.2337829757901464, -0.3407660853263039,
    -0.005199902052301988, -1.1963294852627417, -0.9513052203645274, 0.27287429031231564, -0.9155991956404036,
    0.5801200338038307, 0.18672977163918766, 0.3713971661297234, 0.7545412798962542, 0.46169329259740466,
    -0.6363871858956329, -0.1901805976394868, 0.31670767930140226, -0.663751858730735, -0.11636221113782502,
    0.2759652399169161, 0.3750863664009363, 0.0281562979929878, -0.22742983227618196, 0.04231110212823332,
    -0.5301350427872624, 0.4170852853651537, -0.2125781432779411, 0.6973986595806009, -0.37703706298568557,
    0.45344336975412725, 0.14115505242676046, -0.46485045072861375,
]  # fmt: skip


def arguments(channels=2, dtype=torch.float64):
    paths = len(PLAN.paths)
    return [a.to(dtype) for a in (waves(3, 4, channels), waves(4, 9, start=2.0), waves(4, paths, channels, start=3.0))]


def test_the_numbers_of_e3nn():
    out = messages(*arguments(), SENDERS, RECEIVERS, 2, PLAN, backend="python")[0]
    parts = out.split([2 * path.kind[0] + 1 for path in PLAN.paths])
    flat = torch.cat([part.mT.flatten() for part in parts])
    torch.testing.assert_close(flat, torch.tensor(E3NN, dtype=torch.float64), rtol=1e-12, atol=1e-13)


def test_messages_commute_with_rotations_and_inversion():
    h, Y, R = arguments()
    Q, _ = torch.linalg.qr(waves(3, 3))
    node, edge, out = (matrix(irreps, Q) for irreps in ("0e+1o", "0e+1o+2e", PLAN.irreps_out))
    left = messages(node @ h, Y @ edge.mT, R, SENDERS, RECEIVERS, 2, PLAN, backend="python")
    torch.testing.assert_close(left, out @ messages(h, Y, R, SENDERS, RECEIVERS, 2, PLAN, backend="python"))


needs_kernel = pytest.mark.skipif(not native.available(), reason="the kernels were not built")
BACKENDS = ["python", pytest.param("native", marks=needs_kernel)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_two_derivatives_in_all_three_arguments(backend):
    leaves = [a.requires_grad_() for a in arguments(1)]

    def run(*a):
        return messages(*a, SENDERS, RECEIVERS, 2, PLAN, backend=backend)

    assert torch.autograd.gradcheck(run, leaves, fast_mode=True)
    assert torch.autograd.gradgradcheck(run, leaves, fast_mode=True)


def all_derivatives(plan, nodes, edges, channels, dtype, which, **options):
    """Return the value, the gradients and the second derivatives of a function of these."""
    d1, d2, _ = plan.dims
    shapes = (nodes, d1, channels), (edges, d2), (edges, len(plan.paths), channels)
    leaves = [waves(*shape, start=i).to(dtype).requires_grad_() for i, shape in enumerate(shapes)]
    senders, receivers = torch.arange(edges) * 7 % nodes, torch.arange(edges) * 5 % (nodes + 1)
    out = messages(*leaves, senders, receivers, nodes + 2, plan, **options)
    g = waves(*out.shape, start=9.0).to(dtype).requires_grad_()
    first = torch.autograd.grad(out, leaves, g, create_graph=True)
    second = sum((a * waves(*a.shape, start=4.0 + i).to(dtype)).sum() for i, a in enumerate(first) if i in which)
    return [out, *first, *torch.autograd.grad(second, (*leaves, g), allow_unused=True, materialize_grads=True)]


@needs_kernel
@pytest.mark.parametrize("level", native.cpu_levels())
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-13), (torch.float32, 1e-5)])
@pytest.mark.parametrize(("channels", "which"), [(3, (0, 1, 2)), (8, (0,)), (20, (1,)), (37, (0, 1, 2)), (64, (1, 2))])
def test_the_kernel_does_as_its_twin_at_every_level(channels, which, dtype, tolerance, level):
    ours = all_derivatives(PLAN, 6, 41, channels, dtype, which, backend="native", level=level)
    theirs = all_derivatives(PLAN, 6, 41, channels, dtype, which, backend="python")
    for a, b in zip(ours, theirs, strict=True):
        assert float((a - b).detach().abs().max()) <= tolerance * max(float(b.detach().abs().max()), 1e-30)


@needs_kernel
def test_the_number_of_threads_changes_no_bit():
    found = [all_derivatives(PLAN, 50, 3000, 32, torch.float32, (0, 1, 2), backend="native", threads=t) for t in (1, 3)]
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


def test_a_compiled_graph_holds_the_messages():
    leaves = [a.requires_grad_() for a in arguments()]
    compiled = torch.compile(lambda *a: messages(*a, SENDERS, RECEIVERS, 2, PLAN), fullgraph=True, backend="aot_eager")
    expected = torch.autograd.grad(messages(*leaves, SENDERS, RECEIVERS, 2, PLAN).sum(), leaves)
    torch.testing.assert_close(torch.autograd.grad(compiled(*leaves).sum(), leaves), expected)


def test_a_graph_without_edges_sends_nothing():
    h, Y, R = arguments()
    none = torch.zeros(0, dtype=torch.long)
    out = messages(h, Y[:0], R[:0], none, none, 5, PLAN)
    assert out.shape == (5, 24, 2)
    assert not out.any()


def test_refusals_name_what_is_wrong():
    h, Y, R = arguments()
    with pytest.raises(ShapeError, match="R must have shape"):
        messages(h, Y, R[:, 1:], SENDERS, RECEIVERS, 2, PLAN)
    with pytest.raises(DtypeError, match="Y is torch"):
        messages(h, Y.float(), R, SENDERS, RECEIVERS, 2, PLAN)
    with pytest.raises(DomainError, match="senders must be integers"):
        messages(h, Y, R, SENDERS.double(), RECEIVERS, 2, PLAN)
    for backend in ("auto", "python"):
        with pytest.raises(DomainError, match=r"receivers\[0\] = 1"):
            messages(h, Y, R, SENDERS, RECEIVERS, 1, PLAN, backend=backend)
    with pytest.raises(DomainError, match=r"within reach are 0e\+1o"):
        MessagePlan("0e", "0e+1o", "2e")


def test_the_plan_of_mace_has_ten_paths():
    plan = MessagePlan("0e+1o", "0e+1o+2e+3o", "0e+1o+2e+3o")
    assert (len(plan.paths), plan.dims, str(plan.irreps_out)) == (10, (4, 16, 40), "2x0e+3x1o+3x2e+2x3o")
    assert eval(repr(plan)) == plan
