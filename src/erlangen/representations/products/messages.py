r"""Messages over the edges of a graph: gathered at the sender, multiplied by the edge, summed at the receiver.

Definition: :math:`m_{akc} = \sum_{e: r_e = a} \sum_p R_{epc} \sum_{ij} C^{(p)}_{ijk} h_{s_e i c} Y_{ej}` (Batatia et al., NeurIPS 2022, eq. 8).
Convention: features are ``(nodes, components, channels)``; edges come in any order; sums over them are taken in that order at any number of threads.
"""

from __future__ import annotations

import torch
from torch import Tensor

from erlangen import native
from erlangen.errors import DtypeError, ShapeError
from erlangen.representations.products.kernel_choice import by_kernel
from erlangen.representations.products.message_derivatives import messages_native
from erlangen.representations.products.message_plan import MessagePlan
from erlangen.representations.products.numbered import check_integers, check_numbers
from erlangen.representations.products.twin_tables import message_table
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
    ShapeError, DomainError, DtypeError
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
    if torch.compiler.is_compiling():
        return messages_twin(h, Y, R, senders, receivers, n, plan)
    check_messages(h, Y, R, senders, receivers, n, plan)
    if by_kernel(h, backend, "ChannelwiseProduct"):
        try:
            return messages_native(h, Y, R, senders, receivers, n, plan, native.default_threads(threads), level)
        except ValueError:  # the kernel has looked at the ends of the edges
            _check_ends(h, senders, receivers, n)
            raise
    _check_ends(h, senders, receivers, n)
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
            raise DtypeError(message, hint="h, Y and R must be of one floating type on one device")
    check_integers(senders, "senders")
    check_integers(receivers, "receivers")


def _check_ends(h: Tensor, senders: Tensor, receivers: Tensor, n: int) -> None:
    check_numbers(senders, h.shape[0], "senders", "nodes that send")
    check_numbers(receivers, n, "receivers", "nodes that receive")


def messages_twin(
    h: Tensor, Y: Tensor, R: Tensor, senders: Tensor, receivers: Tensor, n: int, plan: MessagePlan
) -> Tensor:
    """Return the messages by plain torch: a matrix for each edge, applied to its sender's feature, summed at its receiver."""
    couplings, owner = (message_table(plan, name).to(h.device) for name in ("couplings", "owner"))
    T = (Y @ couplings.to(h.dtype)).reshape(len(Y), len(owner), h.shape[1])
    edges = (T @ h.index_select(0, senders.long())) * R.index_select(1, owner)
    return h.new_zeros(n, len(owner), h.shape[2]).index_add(0, receivers.long(), edges)
