"""Our side: metric, tensor and charge form.

Definition: from the components of the metric and of the field on.
Convention: three functions of φ move the metric, two the points.
"""

from erlangen.exact import DifferentialRing
from erlangen.symbolic import Metric, Tensor, charge_form, metric_variation


def run(data):
    """Return the result at the values."""
    ring = DifferentialRing("u r phi", functions=dict.fromkeys(("Theta", "Xi", "T", "Y", "dTheta", "dXi"), "phi"))
    read = ring.parse
    metric = Metric(
        ring,
        {
            (0, 0): ring["Theta"],
            (0, 1): -1,
            (0, 2): read("Xi + u*Theta_phi/2"),
            (1, 1): 0,
            (1, 2): 0,
            (2, 2): read("r^2"),
        },
    )
    f = read("T + u*Y_phi")
    radial = -ring["r"] * ring["Y_phi"] + f.derivative("phi", "phi") - f.derivative("phi") / ring["r"] * metric[0, 2]
    field = Tensor(ring, "u", {(0,): f, (1,): radial, (2,): ring["Y"] - f.derivative("phi") / ring["r"]})
    change = metric.lower.lie_derivative(field)
    variation = metric_variation(metric, {"Theta": ring["dTheta"], "Xi": ring["dXi"]})
    density = charge_form(metric, variation, field).density
    values = {"u": data["u", 0], "r": data["r", 0]}
    values |= {name + "_phi" * order: value for (name, order), value in data.items()}
    still = not any(change[place] for place in ((1, 1), (0, 1), (1, 2), (2, 2)))
    far = {**values, "r": 2 * data["r", 0]}
    return (
        not metric.ricci and still,
        change[0, 0].evaluate(values),
        change[0, 2].evaluate(values),
        density.evaluate(values),
        density.evaluate(far),
    )
