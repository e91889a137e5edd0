"""Our side: messages without an array over edges, and their derivatives, as forces and their training ask for them.

Definition: public names; order 1 is the gradient in h, Y and R, order 2 that of a function of the gradient in Y as well.
Convention: one thread, float32.
"""

import torch

from erlangen.representations.products import MessagePlan, messages

torch.set_num_threads(1)
PLAN = MessagePlan("0e+1o", "0e+1o+2e+3o", "0e+1o+2e+3o")


def run(data):
    """Return the messages, and with second derivatives those in h and R, as often as asked."""
    names = ("h", "Y", "R", "g", "senders", "receivers")
    h, Y, R, g, senders, receivers = (torch.from_numpy(data[name]) for name in names)
    for leaf in (h, Y, R):
        leaf.requires_grad_(data["order"] > 0)
    last = ()
    for _ in range(data["repeat"]):
        out = messages(h, Y, R, senders, receivers, len(h), PLAN, threads=1)
        if data["order"]:
            _, to_Y, _ = torch.autograd.grad(out, (h, Y, R), g, create_graph=data["order"] > 1)
        if data["order"] > 1:
            last = torch.autograd.grad((to_Y**2).sum(), (h, R))
    return [part.detach().numpy() for part in (out, *last)]
