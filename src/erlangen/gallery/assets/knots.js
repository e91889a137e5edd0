// The workbench of knots: a pad to draw on, a word to type, and the answer of the browser or, where there is one, of the server.
(function () {
  "use strict";
  var page = window.erlangen, knots = window.erlangenKnots, NS = "http://www.w3.org/2000/svg", MOST = 9;
  var pad = document.getElementById("pad"), answer = document.getElementById("answer"), refusal = document.getElementById("refusal");
  if (!pad) return;
  var points = [], closed = false, crossings = [], over = [];

  function element(name, attributes, parent) {
    var made = document.createElementNS(NS, name);
    Object.keys(attributes).forEach(function (key) { made.setAttribute(key, attributes[key]); });
    parent.appendChild(made);
    return made;
  }
  function at(place) {
    var i = Math.floor(place), p = points[i % points.length], q = points[(i + 1) % points.length], a = place - i;
    return [p[0] + a * (q[0] - p[0]), p[1] + a * (q[1] - p[1])];
  }
  function path(from, to) {
    var text = "M" + at(from).join(" ");
    for (var k = Math.floor(from) + 1; k < to; k++) text += "L" + at(k).join(" ");
    return text + "L" + at(to).join(" ");
  }
  function draw() {
    pad.textContent = "";
    if (!closed) {
      if (points.length) element("polyline", { points: points.join(" "), "class": "line" }, pad);
      points.forEach(function (p, k) { element("circle", { cx: p[0], cy: p[1], r: k ? 3 : 7, "class": k ? "corner" : "corner first" }, pad); });
      return;
    }
    // The curve is cut at its lower visits, a gap on each side of fixed length.
    var cuts = crossings.map(function (c, k) { return over[k] ? c.second : c.first; }).sort(function (a, b) { return a - b; });
    if (!cuts.length) element("polygon", { points: points.join(" "), "class": "line" }, pad);
    cuts.forEach(function (cut, k) {
      var next = k + 1 < cuts.length ? cuts[k + 1] : cuts[0] + points.length;
      var gap = function (place) { var i = Math.floor(place) % points.length, p = points[i], q = points[(i + 1) % points.length]; return 7 / Math.hypot(q[0] - p[0], q[1] - p[1]); };
      element("path", { d: path(cut + gap(cut), next - gap(next)), "class": "line" }, pad);
    });
    crossings.forEach(function (c, k) {
      var spot = element("circle", { cx: c.x, cy: c.y, r: 11, "class": "spot", tabindex: 0, role: "button", "aria-label": "change crossing " + (k + 1) }, pad);
      var flip = function (event) { event.stopPropagation(); over[k] = !over[k]; draw(); drawn(); };
      spot.addEventListener("click", flip);
      spot.addEventListener("keydown", function (event) { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); flip(event); } });
    });
  }
  function close() {
    closed = true;
    crossings = knots.visits(points);
    over = knots.alternating(crossings);
    draw();
    drawn();
  }
  pad.addEventListener("click", function (event) {
    if (closed) return;
    var box = pad.getBoundingClientRect(), p = [(event.clientX - box.left) * 420 / box.width, (event.clientY - box.top) * 320 / box.height].map(function (x) { return Math.round(10 * x) / 10; });
    if (points.length > 2 && Math.hypot(p[0] - points[0][0], p[1] - points[0][1]) < 12) { close(); return; }
    points.push(p);
    draw();
  });
  function clear() { points = []; closed = false; crossings = []; over = []; answer.textContent = ""; refusal.textContent = ""; draw(); }
  document.getElementById("pad-clear").addEventListener("click", clear);
  document.getElementById("pad-example").addEventListener("click", function () {
    clear();
    for (var k = 0; k < 120; k++) {
      var s = 2 * Math.PI * (k + .5) / 120, r = 34 * (2 + Math.cos(3 * s));
      points.push([Math.round(10 * (210 + 1.25 * r * Math.sin(2 * s))) / 10, Math.round(10 * (170 - 1.25 * r * Math.cos(2 * s))) / 10]);
    }
    close();
  });

  function sup(text, parent) { var made = document.createElement("sup"); made.textContent = text; parent.appendChild(made); }
  function polynomial(terms, variable, scale, parent) {
    var first = true;
    Object.keys(terms).map(Number).sort(function (a, b) { return a - b; }).forEach(function (e) {
      var c = terms[e], power = e * scale;
      parent.append((first ? (c < 0 ? "−" : "") : c < 0 ? " − " : " + ") + (Math.abs(c) !== 1 || !power ? Math.abs(c) : ""));
      if (power) { var i = document.createElement("i"); i.textContent = variable; parent.appendChild(i); if (power !== 1) sup(String(power).replace("-", "−"), parent); }
      first = false;
    });
    if (first) parent.append("0");
  }
  function fact(list, name) {
    var row = document.createElement("div"), term = document.createElement("dt"), data = document.createElement("dd");
    term.textContent = name; row.append(term, data); list.appendChild(row);
    return data;
  }
  function table(ranks) {
    var places = Object.keys(ranks).map(function (p) { return p.split(",").map(Number); });
    var hs = places.map(function (p) { return p[0]; }), qs = places.map(function (p) { return p[1]; });
    var made = document.createElement("table"), caption = made.createCaption(), head = made.createTHead().insertRow(), body = made.createTBody();
    made.className = "bigraded";
    caption.textContent = "Unreduced homology over F2, computed in this browser";
    var cell = function (row, text, scope) { var c = document.createElement(scope ? "th" : "td"); if (scope) c.scope = scope; c.textContent = text; row.appendChild(c); };
    cell(head, "q \\ h", "col");
    for (var h = Math.min.apply(null, hs); h <= Math.max.apply(null, hs); h++) cell(head, h, "col");
    for (var q = Math.max.apply(null, qs); q >= Math.min.apply(null, qs); q -= 2) {
      var row = body.insertRow();
      cell(row, q, "row");
      for (h = Math.min.apply(null, hs); h <= Math.max.apply(null, hs); h++) cell(row, ranks[h + "," + q] || "");
    }
    return made;
  }
  function here(diagram) {
    answer.textContent = "";
    var list = document.createElement("dl");
    list.className = "facts";
    fact(list, "Crossings").textContent = diagram.pd.length;
    fact(list, "Components").textContent = knots.components(diagram.pd, diagram.loops);
    if (diagram.pd.length <= 14) polynomial(knots.jones(diagram), "q", 1, fact(list, "Euler characteristic"));
    answer.appendChild(list);
    if (diagram.pd.length > MOST) refusal.textContent = "In the browser alone homology is computed up to " + MOST + " crossings.";
    else if (diagram.pd.length || diagram.loops) answer.appendChild(table(knots.khovanov(diagram)));
  }
  // A question replaces the one before; the server ends its work when the connection closes.
  var cancel = document.getElementById("cancel"), asked = null;
  if (cancel) cancel.addEventListener("click", function () { if (asked) asked.abort(); });
  function served(text) {
    if (asked) asked.abort();
    var mine = asked = new AbortController();
    refusal.textContent = "";
    answer.setAttribute("aria-busy", "true");
    cancel.hidden = false;
    return page.api("POST", "/knots", { text: text, ring: document.getElementById("ring").value, reduced: document.getElementById("reduced").checked }, mine.signal).then(function (found) {
      answer.textContent = "";
      var parser = new DOMParser(), pair = document.createElement("div");
      pair.className = "knot";
      var picture = document.createElement("div");
      picture.className = "picture";
      picture.appendChild(document.importNode(parser.parseFromString(found.picture, "image/svg+xml").documentElement, true));
      var scroll = document.createElement("div");
      scroll.className = "scroll";
      scroll.appendChild(document.importNode(parser.parseFromString(found.table, "text/html").querySelector("table"), true));
      pair.append(picture, scroll);
      var list = document.createElement("dl");
      list.className = "facts";
      fact(list, "Crossings").textContent = found.crossings;
      fact(list, "Components").textContent = found.components;
      fact(list, "Jones polynomial").textContent = found.jones;
      if (found.s !== null) fact(list, "Rasmussen’s s").textContent = found.s;
      fact(list, "Width").textContent = found.width;
      answer.append(pair, list);
    }).catch(function (error) {
      if (mine !== asked) return;
      answer.textContent = "";
      if (error.name === "AbortError") refusal.textContent = "Cancelled.";
      else if (error.status === 401) refusal.textContent = "To compute knots, open this page by the address that erlangen gallery serve printed.";
      else refusal.textContent = error.message + (error.details && error.details.hint ? "; " + error.details.hint + "." : "");
    }).then(function () {
      if (mine !== asked) return;
      asked = null;
      cancel.hidden = true;
      answer.removeAttribute("aria-busy");
    });
  }
  function show(diagram, text) {
    refusal.textContent = "";
    if (page.live) served(text); else here(diagram);
  }
  function drawn() {
    var diagram = knots.curve(crossings, over);
    if (!diagram.pd.length) { here(diagram); return; }
    show(diagram, JSON.stringify(diagram.pd));
  }
  document.getElementById("ask").addEventListener("submit", function (event) {
    event.preventDefault();
    var text = document.getElementById("word").value.trim(), word = (text.match(/^[[(]?\s*[-+]?\d+([\s,]+[-+]?\d+)*\s*[\])]?$/) ? text.match(/[-+]?\d+/g) : []).map(Number);
    if (page.live) { served(text); return; }
    if (!word.length || word.some(function (k) { return k === 0; })) { refusal.textContent = "A braid word is wanted, such as 1 −2 1 −2: letters i and −i cross the strands i and i + 1."; return; }
    show(knots.braid(word), text);
  });
  draw();
})();
