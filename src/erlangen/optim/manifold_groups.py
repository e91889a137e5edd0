"""Parameter groups from what modules say of their parameters.

Definition: a module may have ``manifolds()``, a dictionary from the names of its parameters to :class:`erlangen.manifolds.Manifold`.
Convention: parameters nobody speaks for come first, in one group without a manifold; then those that ``undecayed()`` names, without weight decay;
then one group for each manifold, in order of appearance.
"""

from __future__ import annotations

from typing import Any

from torch import nn

from erlangen.errors import DomainError
from erlangen.manifolds.manifold import Manifold

__all__ = ["manifold_groups"]


def _named(module: nn.Module) -> dict[int, tuple[str, Manifold]]:
    """Return name and manifold of the parameters that modules speak for, by identity."""
    found: dict[int, tuple[str, Manifold]] = {}
    for prefix, part in module.named_modules():
        speak = getattr(part, "manifolds", None)
        if not callable(speak):
            continue
        for name, manifold in speak().items():
            parameter, path = part.get_parameter(name), f"{prefix}.{name}".lstrip(".")
            earlier = found.get(id(parameter))
            if earlier is not None and earlier[1] != manifold:
                message = f"{path} is named with {manifold!r}, and as {earlier[0]} with {earlier[1]!r}"
                raise DomainError(message, hint="a shared parameter lives on one manifold")
            found[id(parameter)] = (path, manifold)
    return found


def _undecayed(module: nn.Module) -> set[int]:
    """Return the parameters that modules keep from weight decay, by identity."""
    found: set[int] = set()
    for part in module.modules():
        speak: Any = getattr(part, "undecayed", None)
        if callable(speak):
            found.update(id(part.get_parameter(name)) for name in speak())
    return found


def manifold_groups(module: nn.Module, **options: Any) -> list[dict[str, Any]]:
    """Return the parameter groups of a module for :class:`RiemannianSGD` or :class:`RiemannianAdam`.

    Parameters
    ----------
    module : torch.nn.Module
        It and its parts are asked for ``manifolds()``; a part without it has Euclidean parameters. Those that a part's ``undecayed()`` names (the
        scale of a normalisation, which decay would pull to 0) have ``weight_decay`` 0 in a group of their own.
    **options
        Further keys of the Euclidean group, ``weight_decay`` for instance.

    Returns
    -------
    list of dict
        ``{"params": [...], "manifold": …}``; every parameter that requires a gradient stands in exactly one.

    Raises
    ------
    DomainError
        If a shared parameter is named with two manifolds.

    Examples
    --------
    >>> import torch
    >>> from erlangen.manifolds import Sphere
    >>> class Direction(torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.axis = torch.nn.Parameter(torch.tensor([0.0, 1.0]))
    ...         self.bias = torch.nn.Parameter(torch.zeros(1))
    ...     def manifolds(self):
    ...         return {"axis": Sphere(1)}
    >>> [(len(g["params"]), g.get("manifold")) for g in manifold_groups(Direction())]
    [(1, None), (1, Sphere(1))]
    """
    named, kept = _named(module), _undecayed(module)
    flat: list[nn.Parameter] = []
    spared: list[nn.Parameter] = []
    curved: list[tuple[Manifold, list[nn.Parameter]]] = []
    for parameter in module.parameters():
        if not parameter.requires_grad:
            continue
        if id(parameter) not in named:
            (spared if id(parameter) in kept else flat).append(parameter)
            continue
        manifold = named[id(parameter)][1]
        same = next((members for other, members in curved if other == manifold), None)
        if same is None:
            curved.append((manifold, [parameter]))
        else:
            same.append(parameter)
    groups: list[dict[str, Any]] = [{"params": flat, **options}] if flat else []
    groups += [{"params": spared, **options, "weight_decay": 0.0}] if spared else []
    return [*groups, *({"params": members, "manifold": manifold} for manifold, members in curved)]
