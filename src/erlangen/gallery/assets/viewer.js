// A cloud of points in space beside its embedding: turn, zoom, find the same point in both, slide the diffusion time.
// WebGL 2 where there is one, else a 2-D canvas; nothing is fetched, the points come as a script.
(function () {
  "use strict";
  var page = window.erlangen;
  var LIGHT = ["#1f3a5f", "#2f5d8a", "#4f86a8", "#7fa9b5", "#bfae84", "#d39a55", "#bf7340", "#93401f"];
  var DARK = ["#6f9fd8", "#5f93c4", "#5fa3b8", "#78b3b0", "#c9bd94", "#e0b070", "#e0935a", "#d9734a"];
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function unpack(part) {
    var text = window.atob(part.data), count = text.length / 2, values = new Float32Array(count);
    var scale = (part.high - part.low) / 65535;
    for (var i = 0; i < count; i++) values[i] = part.low + scale * (text.charCodeAt(2 * i) + 256 * text.charCodeAt(2 * i + 1));
    return values;
  }
  function centred(values, width) {
    var count = values.length / width, out = new Float32Array(3 * count), middle = [0, 0, 0], reach = 0, i, k, d;
    for (i = 0; i < count; i++) for (k = 0; k < width; k++) middle[k] += values[i * width + k] / count;
    for (i = 0; i < count; i++) {
      d = 0;
      for (k = 0; k < width; k++) { out[3 * i + k] = values[i * width + k] - middle[k]; d += out[3 * i + k] * out[3 * i + k]; }
      reach = Math.max(reach, d);
    }
    reach = Math.sqrt(reach) || 1;
    for (i = 0; i < out.length; i++) out[i] /= reach;
    return out;
  }
  // Turn and mirror a plane cloud onto another (orthogonal Procrustes), so that the slider moves points, not the frame.
  function aligned(from, onto) {
    var a = 0, b = 0, c = 0, d = 0, i;
    for (i = 0; i < from.length; i += 3) { a += from[i] * onto[i]; b += from[i] * onto[i + 1]; c += from[i + 1] * onto[i]; d += from[i + 1] * onto[i + 1]; }
    var straight = Math.hypot(a + d, b - c), mirrored = Math.hypot(a - d, b + c), out = new Float32Array(from.length), p, q;
    var flip = mirrored > straight, size = (flip ? mirrored : straight) || 1;
    if (flip) { p = (a - d) / size; q = (b + c) / size; } else { p = (a + d) / size; q = (b - c) / size; }
    for (i = 0; i < from.length; i += 3) {
      var x = from[i], y = from[i + 1];
      out[i] = flip ? p * x + q * y : p * x - q * y;
      out[i + 1] = flip ? q * x - p * y : q * x + p * y;
    }
    return out;
  }
  function rgb(hex) { return [1, 3, 5].map(function (k) { return parseInt(hex.substr(k, 2), 16) / 255; }); }
  function paint(shares) {
    var ramp = (page.dark() ? DARK : LIGHT).map(rgb), out = new Float32Array(3 * shares.length);
    for (var i = 0; i < shares.length; i++) {
      var at = Math.max(0, Math.min(1, shares[i])) * 7, low = Math.min(6, Math.floor(at)), mix = at - low;
      for (var k = 0; k < 3; k++) out[3 * i + k] = ramp[low][k] * (1 - mix) + ramp[low + 1][k] * mix;
    }
    return out;
  }
  function shares(values) {
    var low = Infinity, high = -Infinity, i;
    for (i = 0; i < values.length; i++) { low = Math.min(low, values[i]); high = Math.max(high, values[i]); }
    return Array.prototype.map.call(values, function (x) { return (x - low) / ((high - low) || 1); });
  }

  var VERTEX = "#version 300 es\nin vec3 place;in vec3 colour;uniform mat3 turn;uniform float zoom,size;uniform int chosen;out vec3 tint;out float near;" +
    "void main(){vec3 p=turn*place*zoom;near=p.z;tint=colour;gl_Position=vec4(p.xy*.9,-p.z*.2,1.);" +
    "gl_PointSize=size*(1.+.28*p.z)*(gl_VertexID==chosen?2.4:1.);}";
  var FRAGMENT = "#version 300 es\nprecision mediump float;in vec3 tint;in float near;uniform vec3 ground;uniform float fade;out vec4 ink;" +
    "void main(){vec2 q=gl_PointCoord-.5;float d=dot(q,q);if(d>.25)discard;ink=vec4(mix(ground,tint,1.-fade*clamp(.5-.5*near,0.,1.)),1.);}";

  function webgl(canvas) {
    var gl = canvas.getContext("webgl2", { antialias: true, alpha: false });
    if (!gl) return null;
    function shader(kind, text) { var s = gl.createShader(kind); gl.shaderSource(s, text); gl.compileShader(s); return s; }
    var program = gl.createProgram();
    gl.attachShader(program, shader(gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(program, shader(gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
    gl.useProgram(program);
    gl.enable(gl.DEPTH_TEST);
    var buffers = { place: gl.createBuffer(), colour: gl.createBuffer() };
    var uniform = function (name) { return gl.getUniformLocation(program, name); };
    function feed(name, values) {
      var at = gl.getAttribLocation(program, name);
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, 3, gl.FLOAT, false, 0, 0);
    }
    return function (scene) {
      var ground = rgb(scene.ground);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(ground[0], ground[1], ground[2], 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      feed("place", scene.places); feed("colour", scene.colours);
      gl.uniformMatrix3fv(uniform("turn"), true, scene.turn);
      gl.uniform1f(uniform("zoom"), scene.zoom); gl.uniform1f(uniform("size"), scene.size);
      gl.uniform1f(uniform("fade"), scene.fade); gl.uniform1i(uniform("chosen"), scene.chosen);
      gl.uniform3f(uniform("ground"), ground[0], ground[1], ground[2]);
      gl.drawArrays(gl.POINTS, 0, scene.places.length / 3);
    };
  }
  function flat(canvas) {
    var pen = canvas.getContext("2d");
    if (!pen) return null;
    return function (scene) {
      pen.fillStyle = scene.ground; pen.fillRect(0, 0, canvas.width, canvas.height);
      var seen = project(scene, canvas), order = seen.map(function (_, i) { return i; }).sort(function (a, b) { return seen[a][2] - seen[b][2]; });
      order.forEach(function (i) {
        var c = scene.colours, radius = scene.size / 2 * (1 + 0.28 * seen[i][2]) * (i === scene.chosen ? 2.4 : 1);
        pen.fillStyle = "rgb(" + [0, 1, 2].map(function (k) { return Math.round(255 * c[3 * i + k]); }).join(",") + ")";
        pen.globalAlpha = 1 - scene.fade * Math.max(0, Math.min(1, 0.5 - 0.5 * seen[i][2]));
        pen.beginPath(); pen.arc(seen[i][0], seen[i][1], radius, 0, 7); pen.fill();
      });
      pen.globalAlpha = 1;
    };
  }
  function project(scene, canvas) {
    var out = [], m = scene.turn, p = scene.places, w = canvas.width / 2, h = canvas.height / 2;
    for (var i = 0; i < p.length; i += 3) {
      var x = p[i] * scene.zoom, y = p[i + 1] * scene.zoom, z = p[i + 2] * scene.zoom;
      out.push([w + 0.9 * w * (m[0] * x + m[1] * y + m[2] * z), h - 0.9 * h * (m[3] * x + m[4] * y + m[5] * z), m[6] * x + m[7] * y + m[8] * z]);
    }
    return out;
  }
  function rotation(azimuth, elevation) {
    var ca = Math.cos(azimuth), sa = Math.sin(azimuth), ce = Math.cos(elevation), se = Math.sin(elevation);
    return [ca, -sa, 0, se * sa, se * ca, ce, -ce * sa, -ce * ca, se];
  }

  function Pane(canvas, places, turns, owner) {
    var kind = "webgl", draw = webgl(canvas), me = this;
    if (!draw) {
      kind = "canvas"; draw = flat(canvas);
      if (!draw) { // a context of the other kind was made before: take a fresh canvas
        var fresh = canvas.cloneNode(); canvas.replaceWith(fresh); canvas = fresh; draw = flat(canvas);
      }
    }
    canvas.setAttribute("data-drawn-by", kind);
    this.canvas = canvas; this.places = places; this.azimuth = -0.6; this.elevation = 0.35; this.zoom = 1;
    this.scene = function () {
      return { places: me.places, colours: owner.colours, turn: turns ? rotation(me.azimuth, me.elevation) : [1, 0, 0, 0, 1, 0, 0, 0, 1], zoom: me.zoom, size: owner.size * (canvas.width / 400), fade: turns ? 0.55 : 0, chosen: owner.chosen, ground: owner.ground };
    };
    this.draw = function () {
      var ratio = Math.min(2, window.devicePixelRatio || 1), side = Math.max(1, Math.round(canvas.clientWidth * ratio));
      if (canvas.width !== side || canvas.height !== side) { canvas.width = side; canvas.height = side; }
      draw(me.scene());
    };
    this.nearest = function (event) {
      var frame = canvas.getBoundingClientRect(), scale = canvas.width / frame.width, best = -1, least = Math.pow(14 * scale, 2);
      var x = (event.clientX - frame.left) * scale, y = (event.clientY - frame.top) * scale;
      project(me.scene(), canvas).forEach(function (p, i) {
        var d = (p[0] - x) * (p[0] - x) + (p[1] - y) * (p[1] - y) - 20 * p[2];
        if (d < least) { least = d; best = i; }
      });
      return best;
    };
    var held = null;
    canvas.addEventListener("pointerdown", function (event) { held = [event.clientX, event.clientY]; canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointerup", function () { held = null; });
    canvas.addEventListener("pointercancel", function () { held = null; });
    canvas.addEventListener("pointermove", function (event) {
      if (held && turns) {
        me.azimuth += (event.clientX - held[0]) * 0.01;
        me.elevation = Math.max(-1.5, Math.min(1.5, me.elevation + (event.clientY - held[1]) * 0.01));
        held = [event.clientX, event.clientY];
        owner.request();
      } else owner.choose(me.nearest(event));
    });
    canvas.addEventListener("pointerleave", function () { if (!held) owner.choose(-1); });
    canvas.addEventListener("wheel", function (event) {
      event.preventDefault();
      me.zoom = Math.max(0.5, Math.min(8, me.zoom * Math.exp(-event.deltaY * 0.001)));
      owner.request();
    }, { passive: false });
    canvas.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
      if (event.key === "+" || event.key === "-") me.zoom = Math.max(0.5, Math.min(8, me.zoom * (event.key === "+" ? 1.15 : 1 / 1.15)));
      else if (step && turns) { me.azimuth += step[0]; me.elevation += step[1]; }
      else return;
      event.preventDefault();
      owner.request();
    });
  }

  function Viewer(part, data) {
    var me = this, waiting = false;
    var frames = data.frames.map(function (frame) { return { t: frame.t, places: centred(spread(unpack(frame)), 3) }; });
    for (var k = 1; k < frames.length; k++) frames[k].places = aligned(frames[k].places, frames[k - 1].places);
    var space = data.space ? centred(unpack(data.space), 3) : null;
    var base = data.colours ? shares(unpack(data.colours)) : shares((space || frames[0].places).filter(function (_, i) { return i % 3 === 0; }));
    var distances = data.distances ? unpack(data.distances) : null, sources = data.distances ? data.distances.sources : [];
    this.chosen = -1; this.size = Math.max(3, Math.min(9, 170 / Math.sqrt(data.count)));
    function spread(values) { var out = new Float32Array(values.length / 2 * 3); for (var i = 0; i < values.length / 2; i++) { out[3 * i] = values[2 * i]; out[3 * i + 1] = values[2 * i + 1]; } return out; }
    this.tint = function () {
      var row = distances ? sources.indexOf(me.chosen) : -1, count = data.count, own = base;
      if (row >= 0) own = shares(distances.subarray(row * count, (row + 1) * count)).map(function (x) { return 1 - x; });
      me.colours = paint(own);
      me.ground = getComputedStyle(part.querySelector("canvas")).backgroundColor.match(/\d+/g).slice(0, 3).reduce(function (hex, x) { return hex + Number(x).toString(16).padStart(2, "0"); }, "#");
    };
    this.request = function () {
      if (waiting) return;
      waiting = true;
      window.requestAnimationFrame(function () { waiting = false; panes.forEach(function (pane) { pane.draw(); }); });
    };
    // where only some points have stored distances, the nearest of them in the embedding speaks for its neighbours
    function speaker(index) {
      if (index < 0 || !distances || sources.indexOf(index) >= 0) return index;
      var p = plane.places, best = index, least = Infinity;
      sources.forEach(function (s) {
        var d = Math.pow(p[3 * s] - p[3 * index], 2) + Math.pow(p[3 * s + 1] - p[3 * index + 1], 2);
        if (d < least) { least = d; best = s; }
      });
      return best;
    }
    this.choose = function (index) {
      var next = speaker(index);
      if (next === me.chosen) return;
      me.chosen = next;
      part.setAttribute("data-chosen", String(next));
      if (distances) me.tint();
      me.request();
    };
    this.tint();
    var panes = [], left = part.querySelector("[data-pane=space]"), right = part.querySelector("[data-pane=plane]");
    if (space) panes.push(new Pane(left, space, true, this)); else left.parentNode.hidden = true;
    var plane = new Pane(right, frames[0].places, false, this);
    panes.push(plane);

    var dial = part.querySelector(".dial"), slider = dial.querySelector("input"), output = dial.querySelector("output");
    function slide() {
      var at = Number(slider.value), low = Math.min(frames.length - 2, Math.floor(at)), mix = at - low;
      var a = frames[low].places, b = frames[low + 1].places, out = new Float32Array(a.length);
      for (var i = 0; i < a.length; i++) out[i] = a[i] * (1 - mix) + b[i] * mix;
      plane.places = out;
      var ta = frames[low].t, tb = frames[low + 1].t;
      output.textContent = "t = " + page.number(Number((ta > 0 && tb > 0 ? ta * Math.pow(tb / ta, mix) : ta + mix * (tb - ta)).toPrecision(3)));
      me.request();
    }
    if (frames.length > 1) {
      dial.hidden = false;
      slider.max = String(frames.length - 1);
      slider.value = String(Math.floor((frames.length - 1) / 2));
      slider.addEventListener("input", slide);
      slide();
    }
    if (distances) part.querySelector("[data-hint]").textContent += " Colours then tell the heat distance from it.";
    document.addEventListener("erlangen:theme", function () { me.tint(); me.request(); });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { me.tint(); me.request(); });
    new ResizeObserver(this.request).observe(part);
    this.request();
    if (space && !still) {
      var began = performance.now(), first = panes[0].azimuth;
      (function sway(now) {
        var share = Math.min(1, (now - began) / 1600);
        panes[0].azimuth = first + 0.45 * (1 - Math.pow(1 - share, 3));
        me.request();
        if (share < 1 && me.chosen < 0) window.requestAnimationFrame(sway);
      })(began);
    }
  }

  document.querySelectorAll(".viewer").forEach(function (part) {
    var script = document.createElement("script");
    script.src = part.getAttribute("data-points");
    script.onload = function () { part.hidden = false; new Viewer(part, window.erlangenPoints); part.setAttribute("data-ready", ""); };
    script.onerror = function () { part.hidden = true; };
    document.head.appendChild(script);
  });
})();
