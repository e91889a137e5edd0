// Knots in the browser: planar diagrams of braids and of drawn curves, the Jones polynomial, Khovanov homology over F2 by the cube.
(function () {
  "use strict";
  // X[i, j, k, l]: from the lower edge that comes in, anticlockwise; closures of positive words are positive.
  function braid(word) {
    var strands = Math.max.apply(null, word.map(Math.abs)) + 1, at = [], quads = [], after = {}, fresh = strands, signs = [];
    for (var i = 0; i < strands; i++) at.push(i);
    word.forEach(function (letter) {
      var i = Math.abs(letter) - 1, a = at[i], b = at[i + 1], c = fresh++, d = fresh++;
      after[a] = d; after[b] = c;
      quads.push(letter > 0 ? [b, d, c, a] : [a, b, d, c]);
      signs.push(letter > 0 ? 1 : -1);
      at[i] = c; at[i + 1] = d;
    });
    var same = {}, loops = 0;
    at.forEach(function (last, first) { if (last !== first) same[last] = first; else loops++; });
    return finish(quads.map(function (quad) { return quad.map(function (e) { return e in same ? same[e] : e; }); }), signs, loops);
  }
  function finish(quads, signs, loops) {
    var names = {}, count = 0;
    quads.forEach(function (quad) { quad.forEach(function (e) { if (!(e in names)) names[e] = count++; }); });
    return { pd: quads.map(function (quad) { return quad.map(function (e) { return names[e]; }); }), signs: signs, loops: loops || 0 };
  }
  // Crossings of a closed polygon; over[k] says whether the earlier of the two visits of crossing k is the upper one.
  function visits(points) {
    var n = points.length, found = [];
    for (var i = 0; i < n; i++) for (var j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      var p = points[i], q = points[(i + 1) % n], r = points[j], s = points[(j + 1) % n];
      var ux = q[0] - p[0], uy = q[1] - p[1], vx = s[0] - r[0], vy = s[1] - r[1], det = ux * vy - uy * vx;
      if (!det) continue;
      var a = ((r[0] - p[0]) * vy - (r[1] - p[1]) * vx) / det, b = ((r[0] - p[0]) * uy - (r[1] - p[1]) * ux) / det;
      if (a > 0 && a < 1 && b > 0 && b < 1) found.push({ x: p[0] + a * ux, y: p[1] + a * uy, first: i + a, second: j + b, turn: -det });
    }
    return found;
  }
  function curve(crossings, over) {
    var order = [];
    crossings.forEach(function (c, k) { order.push([c.first, k, 0], [c.second, k, 1]); });
    order.sort(function (a, b) { return a[0] - b[0]; });
    var into = crossings.map(function () { return [0, 0]; }), total = order.length, signs = [];
    order.forEach(function (visit, place) { into[visit[1]][visit[2]] = place; });
    var quads = crossings.map(function (c, k) {
      var under = into[k][over[k] ? 1 : 0], upper = into[k][over[k] ? 0 : 1];
      var out = function (e) { return (e + 1) % total; };
      // c.turn > 0: the second visit leaves to the left of the first (y upwards); from the lower strand the upper one then goes the other way if it is the first.
      var left = over[k] ? c.turn < 0 : c.turn > 0;
      signs.push(left ? -1 : 1);
      return left ? [under, upper, out(under), out(upper)] : [under, out(upper), out(under), upper];
    });
    return crossings.length ? finish(quads, signs, 0) : { pd: [], signs: [], loops: 1 };
  }
  function alternating(crossings) {
    var order = [];
    crossings.forEach(function (c, k) { order.push([c.first, k, 0], [c.second, k, 1]); });
    order.sort(function (a, b) { return a[0] - b[0]; });
    var over = [];
    order.forEach(function (visit, place) { if (visit[2] === 0) over[visit[1]] = place % 2 === 0; });
    return over;
  }
  function components(pd, loops) {
    var parent = parents(pd), n = 2 * pd.length;
    pd.forEach(function (x) { parent.join(x[0], x[2]); parent.join(x[1], x[3]); });
    return parent.count(n) + loops;
  }
  function parents(pd) {
    var up = [];
    for (var e = 0; e < 2 * pd.length; e++) up.push(e);
    var root = function (e) { while (up[e] !== e) e = up[e]; return e; };
    return {
      root: root,
      join: function (a, b) { up[root(a)] = root(b); },
      count: function (n) { var c = 0; for (var e = 0; e < n; e++) if (up[e] === e) c++; return c; }
    };
  }
  function resolved(pd, state) {
    var parent = parents(pd);
    pd.forEach(function (x, c) {
      if (state >> c & 1) { parent.join(x[0], x[3]); parent.join(x[1], x[2]); }
      else { parent.join(x[0], x[1]); parent.join(x[2], x[3]); }
    });
    var names = {}, loop = [], count = 0;
    for (var e = 0; e < 2 * pd.length; e++) { var r = parent.root(e); if (!(r in names)) names[r] = count++; loop.push(names[r]); }
    return { loop: loop, count: count };
  }
  function bits(n) { var c = 0; while (n) { c += n & 1; n >>= 1; } return c; }
  function shifts(diagram) {
    var minus = diagram.signs.filter(function (s) { return s < 0; }).length;
    return { h: -minus, q: diagram.pd.length - 3 * minus };
  }
  // The unnormalised Jones polynomial as {q: coefficient}.
  function jones(diagram) {
    var shift = shifts(diagram), total = {}, add = function (q, c) { total[q] = (total[q] || 0) + c; };
    for (var state = 0; state < 1 << diagram.pd.length; state++) {
      var r = bits(state), m = resolved(diagram.pd, state).count + diagram.loops, choose = 1;
      for (var k = 0; k <= m; k++) { add(m - 2 * k + r + shift.q, ((r + shift.h) % 2 ? -1 : 1) * choose); choose = choose * (m - k) / (k + 1); }
    }
    Object.keys(total).forEach(function (q) { if (!total[q]) delete total[q]; });
    return total;
  }
  // Ranks over F2 of unreduced Khovanov homology as {"h,q": rank}; circles apart from the diagram double them.
  function khovanov(diagram) {
    var pd = diagram.pd, n = pd.length, shift = shifts(diagram), states = [], dims = {}, columns = {};
    for (var s = 0; s < 1 << n; s++) states.push(resolved(pd, s));
    var key = function (s, mask) { return s * 4096 + mask; };
    states.forEach(function (state, s) {
      var r = bits(s);
      for (var mask = 0; mask < 1 << state.count; mask++) {
        var h = r + shift.h, q = state.count - 2 * bits(mask) + r + shift.q, place = h + "," + q;
        dims[place] = (dims[place] || 0) + 1;
        (columns[place] = columns[place] || []).push(boundary(pd, states, s, mask, key));
      }
    });
    var ranks = {}, found = {};
    Object.keys(columns).forEach(function (place) { ranks[place] = rank(columns[place]); });
    Object.keys(dims).forEach(function (place) {
      var hq = place.split(",").map(Number), left = dims[place] - ranks[place] - (ranks[(hq[0] - 1) + "," + hq[1]] || 0);
      if (left) found[place] = left;
    });
    for (var c = 0; c < diagram.loops; c++) found = doubled(found);
    return found;
  }
  function doubled(found) {
    var next = {};
    Object.keys(found).forEach(function (place) {
      var hq = place.split(",").map(Number);
      [1, -1].forEach(function (d) { var to = hq[0] + "," + (hq[1] + d); next[to] = (next[to] || 0) + found[place]; });
    });
    return next;
  }
  function boundary(pd, states, s, mask, key) {
    var out = {}, state = states[s];
    for (var c = 0; c < pd.length; c++) {
      if (s >> c & 1) continue;
      var t = s | 1 << c, next = states[t], a = state.loop[pd[c][0]], b = state.loop[pd[c][2]], base = 0;
      for (var e = 0; e < state.loop.length; e++) { var l = state.loop[e]; if (l !== a && l !== b && mask >> l & 1) base |= 1 << next.loop[e]; }
      var x = mask >> a & 1, y = mask >> b & 1, images = [];
      if (a !== b) { if (!(x && y)) images.push(base | (x || y ? 1 << next.loop[pd[c][0]] : 0)); }
      else {
        var one = 1 << next.loop[pd[c][0]], two = 1 << next.loop[pd[c][1]];
        if (x) images.push(base | one | two); else images.push(base | one, base | two);
      }
      images.forEach(function (m) { var k = key(t, m); if (out[k]) delete out[k]; else out[k] = true; });
    }
    return Object.keys(out).map(Number).sort(function (p, q) { return p - q; });
  }
  function rank(columns) {
    var pivots = new Map(), total = 0;
    columns.forEach(function (column) {
      while (column.length && pivots.has(column[0])) column = sum(column, pivots.get(column[0]));
      if (column.length) { pivots.set(column[0], column); total++; }
    });
    return total;
  }
  function sum(a, b) {
    var out = [], i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (j >= b.length || i < a.length && a[i] < b[j]) out.push(a[i++]);
      else if (i >= a.length || b[j] < a[i]) out.push(b[j++]);
      else { i++; j++; }
    }
    return out;
  }
  window.erlangenKnots = { braid: braid, visits: visits, curve: curve, alternating: alternating, components: components, jones: jones, khovanov: khovanov };
})();
