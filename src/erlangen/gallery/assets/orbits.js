// The workbench of orbits: Θ typed or set by its modes, moved by a superrotation; the browser integrates, a server checks.
(function () {
  "use strict";
  var page = window.erlangen, hill = window.erlangenHill, NS = "http://www.w3.org/2000/svg";
  var text = document.getElementById("theta"), refusal = document.getElementById("refusal"), facts = document.getElementById("facts");
  if (!text) return;
  var size = document.getElementById("size"), number = document.getElementById("number"), dials = [].slice.call(document.querySelectorAll("[data-mode]"));
  var WAVES = { "0": "", c1: "cos(phi)", s1: "sin(phi)", c2: "cos(2*phi)", s2: "sin(2*phi)", c3: "cos(3*phi)" };

  function element(parent, name, attributes, words) {
    var made = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    if (words !== undefined) made.textContent = words;
    parent.appendChild(made);
  }
  function line(points) { return "M" + points.map(function (p) { return p[0].toFixed(1) + " " + p[1].toFixed(1); }).join("L"); }
  // A path cut where θ passes from one half turn to the next.
  function pieces(way) {
    var found = [], sheet = null;
    way.forEach(function (p, k) {
      var now = Math.floor(p[0] + 1e-9);
      if (now !== sheet) { if (found.length) found[found.length - 1].points.push(p); found.push({ sheet: now, points: [] }); sheet = now; }
      found[found.length - 1].points.push(way[k]);
    });
    return found;
  }
  function colour(sheet) { return "way w" + (sheet % 4 + 4) % 4; }
  // The points (θ, w)/π with the trace and winding of an end.
  function level(orbit, found) {
    var half = Math.abs(found.trace) / 2, points = [];
    if (orbit.kind !== "hyperbolic" && orbit.kind !== "elliptic") return points;
    for (var k = 0; k <= 160; k++) {
      var sheet = Math.floor(found.turns), turn = orbit.kind === "hyperbolic" ? orbit.winding - .5 + k / 160 : sheet + k / 160, c = Math.abs(Math.cos(Math.PI * turn)) / half;
      if (c > 1 || orbit.kind === "elliptic" && (turn - sheet - .5) * (orbit.level - sheet - .5) < 0) continue;
      points.push([turn, Math.acos(c) / Math.PI]);
    }
    if (orbit.kind === "elliptic") points[orbit.level < sheet + .5 ? "unshift" : "push"]([orbit.level, 0]);
    return points;
  }
  function cover(found, orbit) {
    var svg = document.getElementById("cover"), high = Math.max(1.6, Math.ceil(found.turns - .35) + .6), unit = 640 / (high + .35), base = unit / 2 + 6;
    var x = function (turn) { return unit * (turn + .35); }, place = function (p) { return [x(p[0]), base - unit * p[1]]; };
    svg.textContent = "";
    svg.setAttribute("viewBox", "0 0 640 " + (base + 22).toFixed(1));
    svg.setAttribute("aria-label", "The path of the monodromy: " + orbit.kind + ", winding " + orbit.winding);
    for (var n = 0; n < high; n++) element(svg, "path", { "class": "elliptic", d: line([[x(n), base], [x(n + .5), 6], [x(n + 1), base]]) + "Z" });
    var dense = Math.max(1, Math.ceil(high / 16));
    for (n = 0; n < high; n++) {
      element(svg, "path", { "class": "cone", d: line([[x(n - .5), 6], [x(n), base], [x(n + .5), 6]]) });
      if (n % dense === 0) element(svg, "text", { x: x(n).toFixed(1), y: (base + 17).toFixed(1) }, n);
    }
    element(svg, "path", { "class": "axis", d: "M0 " + base.toFixed(1) + "H640" });
    var curve = level(orbit, found);
    if (curve.length) element(svg, "path", { "class": "class", d: line(curve.map(place)) });
    pieces(found.way).forEach(function (piece) { element(svg, "path", { "class": colour(piece.sheet), d: line(piece.points.map(place)) }); });
    var end = place(found.way[found.way.length - 1]);
    element(svg, "circle", { "class": "start", cx: x(0).toFixed(1), cy: base.toFixed(1), r: 4 });
    element(svg, "circle", { "class": "end", cx: end[0].toFixed(1), cy: end[1].toFixed(1), r: 6 });
  }
  function plan(found) {
    var svg = document.getElementById("plan"), place = function (p) { return [100 + 188 * p[1] * Math.cos(p[2]), 100 - 188 * p[1] * Math.sin(p[2])]; }, end = place(found.way[found.way.length - 1]);
    svg.textContent = "";
    element(svg, "circle", { "class": "rim", cx: 100, cy: 100, r: 94 });
    element(svg, "path", { "class": "axis", d: "M100 97v6M97 100h6" });
    pieces(found.way).forEach(function (piece) { element(svg, "path", { "class": colour(piece.sheet), d: line(piece.points.map(place)) }); });
    element(svg, "circle", { "class": "end", cx: end[0].toFixed(1), cy: end[1].toFixed(1), r: 5 });
  }
  function curve(theta) {
    var svg = document.getElementById("curve"), values = [];
    for (var k = 0; k <= 180; k++) values.push(theta(2 * Math.PI * k / 180));
    var low = Math.min.apply(null, values.concat(0)), high = Math.max.apply(null, values.concat(0)), span = high - low || 1, y = function (v) { return 58 - 52 * (v - low) / span; };
    svg.textContent = "";
    svg.setAttribute("aria-label", "Θ against the angle, from " + page.number(Math.min.apply(null, values)) + " to " + page.number(Math.max.apply(null, values)));
    element(svg, "path", { "class": "axis", d: "M4 " + y(0).toFixed(1) + "H196" });
    element(svg, "path", { "class": "way w0", d: line(values.map(function (v, k) { return [4 + 192 * k / 180, y(v)]; })) });
  }
  function mark(orbit) {
    var foot = 96 + 158 * orbit.winding, x = foot, y = 190;
    if (orbit.kind === "elliptic") x = 96 + 158 * orbit.level;
    if (orbit.kind === "hyperbolic") y = Math.max(190 - 120 * orbit.level, 22);
    if (orbit.kind === "parabolic") { x = foot + 13 * orbit.side; y = 175; }
    var ring = document.getElementById("tree-mark");
    ring.setAttribute("cx", Math.min(x, 634).toFixed(1));
    ring.setAttribute("cy", y.toFixed(1));
  }
  function fact(name, words) {
    var row = document.createElement("div"), term = document.createElement("dt"), data = document.createElement("dd");
    term.textContent = name; data.textContent = words; row.append(term, data); facts.appendChild(row);
    return data;
  }
  function exact(x) { return String(Number(x.toPrecision(11))).replace(/-/g, "−"); }
  var asked = 0, wait = 0;
  function check(found) {
    window.clearTimeout(wait);
    if (!page.live) return;
    var told = fact("Server", "…"), mine = ++asked;
    wait = window.setTimeout(function () {
      page.api("POST", "/orbits", { theta: text.value, size: Number(size.value), mode: Number(number.value) }).then(function (answer) {
        if (mine !== asked) return;
        told.textContent = answer.kind + ", " + answer.winding + "; trace differs by " + Math.abs(answer.trace - found.trace).toExponential(0).replace("-", "−");
      }).catch(function (error) {
        if (mine === asked) told.textContent = error.status === 401 ? "open this page by the address that erlangen gallery serve printed" : error.message;
      });
    }, 350);
  }
  function integrate() {
    refusal.textContent = "";
    text.removeAttribute("aria-invalid");
    try {
      var read = window.erlangenFormula(text.value, ["phi"]), bare = function (angle) { return read({ phi: angle }); };
      var theta = hill.superrotate(bare, Number(size.value), Number(number.value)), found = hill.monodromy(theta), orbit = hill.classify(found);
      dials.forEach(function (dial) { coefficient(dial, bare); });
      tell();
      cover(found, orbit); plan(found); curve(theta); mark(orbit);
      facts.textContent = "";
      fact("Class, winding", orbit.kind + ", " + orbit.winding);
      fact("Trace", exact(found.trace) + " ± " + (Math.max(1, Math.abs(found.trace)) * found.error).toExponential(0).replace("-", "−"));
      fact("8G × rest mass", orbit.constant === null ? "no constant on the orbit" : exact(orbit.constant));
      fact("8G × energy", exact(hill.mean(theta)));
      check(found);
    } catch (error) {
      refusal.textContent = error.message;
      text.setAttribute("aria-invalid", "true");
    }
  }
  // A dial shows the Fourier coefficient of what is typed.
  function coefficient(dial, theta) {
    var key = dial.getAttribute("data-mode"), k = Number(key.slice(1)), total = 0;
    for (var j = 0; j < 256; j++) { var angle = 2 * Math.PI * j / 256; total += theta(angle) * (key === "0" ? .5 : key[0] === "c" ? Math.cos(k * angle) : Math.sin(k * angle)) / 128; }
    dial.dataset.value = total;
    if (document.activeElement !== dial) dial.value = total;
  }
  function short(x) { return page.number(Math.round(1000 * x) / 1000); }
  function tell() {
    dials.forEach(function (dial) { dial.nextElementSibling.textContent = short(Number(dial.dataset.value)); });
    size.nextElementSibling.textContent = short(Number(size.value));
    number.nextElementSibling.textContent = number.value;
  }
  function spelt(moved) {
    return dials.map(function (dial) {
      var value = Math.round(1000 * (dial === moved ? Number(dial.value) : Number(dial.dataset.value))) / 1000, wave = WAVES[dial.getAttribute("data-mode")];
      return value || !wave ? [value, wave] : null;
    }).filter(Boolean).map(function (term, k) {
      var head = k ? (term[0] < 0 ? " - " : " + ") : term[0] < 0 ? "-" : "";
      return head + Math.abs(term[0]) + (term[1] ? "*" + term[1] : "");
    }).join("");
  }
  dials.forEach(function (dial) { dial.addEventListener("input", function () { text.value = spelt(dial); integrate(); }); });
  size.addEventListener("input", integrate);
  number.addEventListener("input", integrate);
  document.getElementById("ask").addEventListener("submit", function (event) { event.preventDefault(); integrate(); });
  text.addEventListener("input", integrate);
  integrate();
})();
