// Hill's equation in the browser: ψ'' = (Θ/4) ψ by Magnus' expansion of sixth order, each step exactly in SL(2, R), and the class of its end.
(function () {
  "use strict";
  // An element of sl(2) is (p, q, s), the matrix (p, q; s, -p).
  function bracket(x, y) { return [x[1] * y[2] - y[1] * x[2], 2 * (x[0] * y[1] - y[0] * x[1]), 2 * (x[2] * y[0] - y[2] * x[0])]; }
  function sum(a, x, b, y, c, z) { return [0, 1, 2].map(function (k) { return a * x[k] + (y ? b * y[k] : 0) + (z ? c * z[k] : 0); }); }
  function exponential(x) {
    var d = x[0] * x[0] + x[1] * x[2], root = Math.sqrt(Math.abs(d)), c, s;
    if (root < 1e-4) { c = 1 + d / 2 + d * d / 24; s = 1 + d / 6 + d * d / 120; }
    else if (d > 0) { c = Math.cosh(root); s = Math.sinh(root) / root; }
    else { c = Math.cos(root); s = Math.sin(root) / root; }
    return [c + s * x[0], s * x[1], s * x[2], c - s * x[0]];
  }
  function times(m, n) { return [m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3]]; }
  var NODE = Math.sqrt(15) / 10;
  function generator(theta, angle) { return [0, .5, theta(angle) / 2]; } // of (ψ, 2ψ')
  function magnus(theta, angle, h) {
    var one = generator(theta, angle + h * (.5 - NODE)), two = generator(theta, angle + h / 2), three = generator(theta, angle + h * (.5 + NODE));
    var a = sum(h, two), b = sum(h * Math.sqrt(15) / 3, three, -h * Math.sqrt(15) / 3, one), c = sum(h * 10 / 3, three, -h * 20 / 3, two);
    c = sum(1, c, h * 10 / 3, one);
    var first = bracket(a, b), inner = bracket(a, sum(2, c, 1, first)), second = sum(-1 / 60, inner);
    return sum(1, sum(1, a, 1 / 12, c), 1 / 240, bracket(sum(-20, a, -1, c, 1, first), sum(1, b, 1, second)));
  }
  function walk(theta, steps, keep) {
    var m = [1, 0, 0, 1], h = 2 * Math.PI / steps, way = [[0, 0, 0]], last = 0, turns = 0;
    for (var k = 0; k < steps; k++) {
      m = times(exponential(magnus(theta, k * h, h)), m);
      var a = (m[0] + m[3]) / 2, b = (m[0] - m[3]) / 2, c = (m[1] + m[2]) / 2, d = (m[1] - m[2]) / 2, angle = Math.atan2(d, a), step = angle - last;
      turns += step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
      last = angle;
      if (keep) way.push([turns / Math.PI, Math.atan(Math.hypot(b, c)) / Math.PI, Math.atan2(c, b)]);
    }
    return { matrix: m, trace: m[0] + m[3], turns: turns / Math.PI, way: way };
  }
  // The monodromy with the lifted path (θ/π, w/π, angle in the disc), and how far half the steps fall from it.
  function monodromy(theta) {
    var most = 0;
    for (var k = 0; k < 256; k++) {
      var value = theta(2 * Math.PI * k / 256);
      if (!isFinite(value)) throw new Error("Θ is not finite at φ = " + (2 * Math.PI * k / 256).toFixed(3) + ".");
      most = Math.max(most, Math.abs(value));
    }
    if (most > 2000) throw new Error("|Θ| is larger than 2000, more than this page integrates.");
    if (Math.abs(theta(0) - theta(2 * Math.PI)) > 1e-9 * (1 + most)) throw new Error("Θ does not have the period 2π.");
    var steps = 256;
    while (2 * Math.PI / steps * (1 + most) / 2 > .4) steps *= 2;
    var fine = walk(theta, 2 * steps, true), coarse = walk(theta, steps, false), size = Math.max.apply(null, fine.matrix.map(Math.abs));
    fine.error = Math.max.apply(null, fine.matrix.map(function (x, k) { return Math.abs(x - coarse.matrix[k]); })) / Math.max(1, size) + 4e-16 * steps;
    return fine;
  }
  // Class, winding, constant and branch of a monodromy; tolerance as in the library.
  function classify(found) {
    var m = found.matrix, trace = found.trace, sign = trace < 0 ? -1 : 1, size = Math.max(1, Math.max.apply(null, m.map(Math.abs))), half = Math.abs(trace) / 2;
    var apart = Math.max(Math.abs(m[0] - sign), Math.abs(m[1]), Math.abs(m[2]), Math.abs(m[3] - sign));
    if (apart <= 1e-8) { var n = Math.round(found.turns); return { kind: "vacuum", winding: n, constant: -n * n, level: n, side: 0 }; }
    var near = Math.round(found.turns);
    if (Math.abs(half - 1) <= .5e-8 * size) return { kind: "parabolic", winding: near, constant: near === 0 ? 0 : null, level: 0, side: found.turns < near ? -1 : 1 };
    if (half < 1) {
      var sheet = Math.floor(found.turns), angle = Math.acos(trace / 2) / Math.PI, turns = sheet + (sheet % 2 ? 1 - angle : angle);
      return { kind: "elliptic", winding: sheet, constant: -turns * turns, level: turns, side: 0 };
    }
    var b = Math.acosh(half) / Math.PI;
    return { kind: "hyperbolic", winding: near, constant: near === 0 ? b * b : null, level: b, side: 0 };
  }
  // Θ after the superrotation f = φ + (size/mode) sin(mode φ): f'^2 Θ∘f - 2 Sch f.
  function superrotate(theta, size, mode) {
    if (!size) return theta;
    return function (angle) {
      var one = 1 + size * Math.cos(mode * angle), two = -size * mode * Math.sin(mode * angle), three = -size * mode * mode * Math.cos(mode * angle), ratio = two / one;
      return one * one * theta(angle + size / mode * Math.sin(mode * angle)) - 2 * (three / one - 1.5 * ratio * ratio);
    };
  }
  function mean(theta) { var s = 0; for (var k = 0; k < 512; k++) s += theta(2 * Math.PI * k / 512); return s / 512; }
  window.erlangenHill = { monodromy: monodromy, classify: classify, superrotate: superrotate, mean: mean };
})();
