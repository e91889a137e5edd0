import torch

from erlangen.linalg.krylov_gradient import symmetric_action


def test_the_gradient_is_the_map_itself_and_nothing_is_computed_without_need():
    M = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
    calls = []

    def act(x):
        assert not x.requires_grad
        calls.append(1)
        return M @ x

    x = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
    y = symmetric_action(x, act)
    assert len(calls) == 1
    (gradient,) = torch.autograd.grad((y**2).sum(), x, create_graph=True)
    assert torch.allclose(gradient, 2 * M @ M @ x)
    (second,) = torch.autograd.grad(gradient.sum(), x)
    assert torch.allclose(second, (2 * M @ M @ torch.ones_like(x)).detach())
    assert not symmetric_action(x.detach(), act).requires_grad
