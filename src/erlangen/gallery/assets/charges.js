// Charges against radius: parameters are moved in the browser, which integrates the library's exact density; a server takes new fields.
(function () {
  "use strict";
  var page = window.erlangen, NS = "http://www.w3.org/2000/svg", NODES = null;
  var W = 400, H = 190, L = 44, R = 18, T = 8, F = 28, DECADES = 3, TICKS = [0, .5, 1, 2, 5, 10, 20, 50, 100, 1000, 10000];

  // Nodes and weights of Gauss and Legendre on [-1, 1].
  function gauss(n) {
    var found = [];
    for (var k = 0; k < n; k++) {
      var x = Math.cos(Math.PI * (k + .75) / (n + .5)), slope = 1;
      for (var step = 0; step < 50; step++) {
        var a = 1, b = x;
        for (var j = 2; j <= n; j++) { var c = ((2 * j - 1) * x * b - (j - 1) * a) / j; a = b; b = c; }
        slope = n * (x * b - a) / (x * x - 1);
        var move = b / slope;
        x -= move;
        if (Math.abs(move) < 1e-16) break;
      }
      found.push([x, 2 / ((1 - x * x) * slope * slope)]);
    }
    return found;
  }
  function charge(density, values, radius, sphere) {
    var at = Object.assign({}, values, { r: radius });
    if (!sphere) return density(at) / 8;
    NODES = NODES || gauss(48);
    return NODES.reduce(function (sum, node) { at.x = node[0]; return sum + node[1] * density(at); }, 0) / 8;
  }
  function pressed(q) { return Math.sign(q) * Math.log10(1 + Math.abs(q)); }
  function element(parent, name, attributes, words) {
    var made = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (words !== undefined) made.textContent = String(words).replace("-", "−");
    parent.appendChild(made);
  }
  function draw(svg, radii, lines) {
    var all = [].concat.apply([], lines.map(function (line) { return line.charges; })).filter(isFinite);
    var high = 1.08 * pressed(Math.max.apply(null, all.concat(1.25))), low = 1.1 * pressed(Math.min.apply(null, all.concat(0)));
    var x = function (radius) { return L + (W - L - R) * Math.log10(radius) / DECADES; }, y = function (q) { return T + (H - T - F) * (high - pressed(q)) / (high - low); };
    svg.textContent = "";
    var last = Infinity, ticks = TICKS.concat(TICKS.slice(1).map(function (t) { return -t; })).sort(function (a, b) { return a - b; });
    ticks.forEach(function (tick) {
      if (pressed(tick) < low || pressed(tick) > high || Math.abs(y(tick) - last) < 15 && tick !== 0) return;
      last = y(tick);
      element(svg, "path", { "class": "grid", d: "M" + L + " " + last.toFixed(1) + "H" + (W - R) });
      element(svg, "text", { "class": "right", x: L - 7, y: (last + 4).toFixed(1) }, tick);
    });
    for (var k = 0; k <= DECADES; k++) element(svg, "text", { x: x(Math.pow(10, k)).toFixed(1), y: H - 8 }, k ? Math.pow(10, k) : "r = 1");
    lines.forEach(function (line) {
      var down = false, path = "";
      line.charges.forEach(function (q, i) { if (isFinite(q)) path += (down ? "L" : "M") + x(radii[i]).toFixed(1) + " " + y(q).toFixed(1); down = isFinite(q); });
      element(svg, "path", { "class": "curve " + line.prescription, d: path });
    });
  }
  var radii = [];
  for (var k = 0; k <= 60; k++) radii.push(Math.pow(10, k / 20));

  // A figure with dials for the parameters; returns the values it draws.
  function alive(figure, told) {
    var svg = figure.querySelector("svg"), names = Object.keys(told.values), values = Object.assign({}, told.values), lines = [], dials = document.createElement("div");
    var densities = told.curves.map(function (curve) { return window.erlangenFormula(curve.density, names.concat("r", "x")); });
    function redraw() {
      lines = told.curves.map(function (curve, i) {
        return { prescription: curve.prescription, charges: radii.map(function (radius) { return charge(densities[i], values, radius, told.sphere); }) };
      });
      draw(svg, radii, lines);
    }
    dials.className = "dials";
    names.forEach(function (name) {
      var row = document.createElement("div"), label = document.createElement("label"), input = document.createElement("input"), output = document.createElement("output");
      row.className = "slide";
      Object.assign(input, { type: "range", min: name === "a" || name === "J" || name === "Q" ? -1.5 : .1, max: name === "l" ? 6 : name === "G" || name === "M" ? 3 : 1.5, step: "any", value: values[name] });
      label.append(name, input);
      output.textContent = page.number(values[name]);
      input.addEventListener("input", function () { values[name] = Math.round(100 * Number(input.value)) / 100; output.textContent = page.number(values[name]); redraw(); });
      row.append(label, output);
      dials.appendChild(row);
    });
    figure.insertBefore(dials, figure.querySelector("figcaption"));
    return function () { redraw(); return lines; };
  }
  document.querySelectorAll(".cases .charge").forEach(function (figure) { alive(figure, JSON.parse(figure.getAttribute("data-case"))); });
  window.erlangenCharge = { gauss: gauss, charge: charge };

  var form = document.getElementById("ask"), metric = document.getElementById("metric"), vary = document.getElementById("vary");
  var answer = document.getElementById("answer"), refusal = document.getElementById("refusal");
  if (!form) return;
  function parameters() {
    vary.textContent = "";
    metric.selectedOptions[0].getAttribute("data-parameters").split(" ").forEach(function (name) { var one = document.createElement("option"); one.textContent = name; vary.appendChild(one); });
    var flat = metric.value === "btz", x = document.getElementById("xi-x");
    x.disabled = flat;
    if (flat) x.value = "";
  }
  metric.addEventListener("change", parameters);
  parameters();
  function fact(list, name, words) {
    var row = document.createElement("div"), term = document.createElement("dt"), data = document.createElement("dd");
    term.textContent = name; data.textContent = words; row.append(term, data); list.appendChild(row);
  }
  function show(found) {
    answer.textContent = "";
    var figure = document.createElement("figure"), caption = document.createElement("figcaption"), list = document.createElement("dl");
    figure.className = "charge";
    figure.appendChild(document.importNode(new DOMParser().parseFromString(found.plot.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '), "image/svg+xml").documentElement, true));
    caption.textContent = found.verdict.replace(/-/g, "−");
    figure.appendChild(caption);
    list.className = "facts";
    var same = found.curves[0].exact === found.curves[1].exact;
    found.curves.forEach(function (curve, i) {
      if (curve.exact && !(same && i)) fact(list, same ? "Exactly" : curve.prescription === "iyer-wald" ? "Iyer–Wald" : "Barnich–Brandt", curve.exact.replace(/\*/g, "\u2009").replace(/-/g, "−"));
    });
    if (found.killing) fact(list, "Charge", found.charge === null ? "none: its changes do not commute" : found.charge.replace(/\*/g, "\u2009").replace(/-/g, "−"));
    answer.append(figure, list);
    var lines = alive(figure, found)(), worst = 0;
    lines.forEach(function (line, i) { line.charges.forEach(function (q, j) { var theirs = found.curves[i].charges[j]; if (theirs !== null) worst = Math.max(worst, Math.abs(q - theirs) / Math.max(1, Math.abs(theirs))); }); });
    fact(list, "Browser against library", "differ by " + worst.toExponential(0).replace("-", "−"));
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    refusal.textContent = "";
    answer.setAttribute("aria-busy", "true");
    var xi = {};
    document.querySelectorAll("[data-xi]").forEach(function (input) { if (input.value.trim()) xi[input.getAttribute("data-xi")] = input.value; });
    page.api("POST", "/charges", { metric: metric.value, vary: vary.value, xi: xi }).then(show).catch(function (error) {
      answer.textContent = "";
      refusal.textContent = error.status === 401 ? "To compute charges, open this page by the address that erlangen gallery serve printed." : error.message + (error.details && error.details.hint ? " (" + error.details.hint + ")" : "");
    }).then(function () { answer.removeAttribute("aria-busy"); });
  });
})();
