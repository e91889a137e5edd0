r"""Messages over the edges of a graph: gathered at the sender, multiplied by the edge, summed at the receiver.

Definition: :math:`m_{akc} = \sum_{e: r_e = a} \sum_p R_{epc} \sum_{ij} C^{(p)}_{ijk} h_{s_e i c} Y_{ej}` (Batatia et al., NeurIPS 2022, eq. 8).
Convention: features are ``(nodes, components, channels)``; edges come in any order; sums over them are taken in that order at any number of threads.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from erlangen.errors import DomainError, ShapeError
from erlangen.representations.products.message_plan import MessagePlan, message_terms
from erlangen.representations.products.numbered import check_numbers
from erlangen.validation import check_integer

__all__ = ["messages"]


def messages(
    h: Tensor,
    Y: Tensor,
    R: Tensor,
    senders: Tensor,
    receivers: Tensor,
    n: int,
    plan: MessagePlan,
    *,
    backend: str = "auto",
    threads: int | None = None,
    level: str = "auto",
) -> Tensor:
    r"""Return the messages that arrive at each node, differentiable twice in h, Y and R.

    .. math:: m_{akc} = \sum_{e: r_e = a} \sum_p R_{epc} \sum_{ij} C^{(p)}_{ijk}\, h_{s_e i c}\, Y_{ej}

    No array with a row for each edge is made besides the arguments.

    Parameters
    ----------
    h : Tensor (nodes, dim_node, C)
        Features of the nodes, components before channels.
    Y : Tensor (E, dim_edge)
        Harmonics of the edges.
    R : Tensor (E, paths, C)
        Weights of the paths.
    senders, receivers : Tensor (E,), integers
        The ends of the edges.
    n : int
        Number of receiving nodes.
    plan : MessagePlan
        The paths.
    backend : {"auto", "native", "python"}
        The kernel (on the CPU), or plain torch.
    threads : int, optional
        Threads of the kernel; the result does not depend on their number.
    level : str
        Instruction set of the kernel, see :func:`erlangen.native.cpu_levels`.

    Returns
    -------
    Tensor (n, dim_out, C)
        Path after path, each with its 2l + 1 components.

    Raises
    ------
    ShapeError, DomainError
        If shapes, types or ends of edges do not fit.

    References
    ----------
    Batatia et al., "MACE", NeurIPS 2022, eq. 8.

    Examples
    --------
    >>> plan = MessagePlan("0e", "0e+1o", "1o")
    >>> h, Y = torch.tensor([[[2.0]], [[3.0]]]), torch.tensor([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]])
    >>> messages(h, Y, torch.ones(2, 1, 1), torch.tensor([0, 1]), torch.tensor([1, 1]), 2, plan)[1, :, 0]
    tensor([0., 2., 3.])
    """
    check_messages(h, Y, R, senders, receivers, n, plan)
    return messages_twin(h, Y, R, senders, receivers, n, plan)


def check_messages(
    h: Tensor, Y: Tensor, R: Tensor, senders: Tensor, receivers: Tensor, n: int, plan: MessagePlan
) -> None:
    """Refuse arguments that do not fit the plan or one another."""
    check_integer(n, "n", low=0)
    (d1, d2, _), E = plan.dims, len(senders)
    channels = h.shape[-1] if h.ndim else 0
    wanted = (("h", h, (None, d1, channels)), ("Y", Y, (E, d2)), ("R", R, (E, len(plan.paths), channels)))
    for name, tensor, shape in (*wanted, ("receivers", receivers, (E,)), ("senders", senders, (E,))):
        if tensor.ndim != len(shape) or any(b not in (None, a) for a, b in zip(tensor.shape, shape, strict=True)):
            message = (
                f"{name} must have shape {tuple('n' if s is None else s for s in shape)}, got {tuple(tensor.shape)}"
            )
            raise ShapeError(message, hint="components stand before channels; the plan gives dims and paths")
    for name, tensor, _ in wanted:
        if not tensor.is_floating_point() or tensor.dtype != h.dtype or tensor.device != h.device:
            message = f"{name} is {tensor.dtype} on {tensor.device}, h is {h.dtype} on {h.device}"
            raise DomainError(message, hint="h, Y and R must be of one floating type on one device")
    check_numbers(senders, h.shape[0], "senders", "nodes that send")
    check_numbers(receivers, n, "receivers", "nodes that receive")


def messages_twin(
    h: Tensor, Y: Tensor, R: Tensor, senders: Tensor, receivers: Tensor, n: int, plan: MessagePlan
) -> Tensor:
    """Return the messages by plain torch: a matrix for each edge, applied to its sender's feature, summed at its receiver."""
    d1, _, d3 = plan.dims
    couplings, owner = _tables(plan, h.dtype, h.device)
    T = (Y @ couplings).reshape(len(Y), d3, d1)
    edges = (T @ h.index_select(0, senders.long())) * R.index_select(1, owner)
    return h.new_zeros(n, d3, h.shape[2]).index_add(0, receivers.long(), edges)


def _tables(plan: MessagePlan, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return the couplings as a matrix (dim_edge, dim_out dim_node), and the path that each component of the result belongs to."""
    couplings, owner = _cached(plan)
    return couplings.to(device, dtype), owner.to(device)


@functools.lru_cache(maxsize=64)
def _cached(plan: MessagePlan) -> tuple[Tensor, Tensor]:
    terms, (d1, d2, d3) = message_terms(plan), plan.dims
    couplings = torch.zeros(d2, d3, d1, dtype=torch.float64)
    node, edge, result = (torch.from_numpy(a).long() for a in (terms.node, terms.edge, terms.result))
    couplings[edge, result, node] = torch.from_numpy(terms.value)
    owner = torch.tensor([p for p, path in enumerate(plan.paths) for _ in range(2 * path.kind[0] + 1)])
    return couplings.reshape(d2, d3 * d1), owner
