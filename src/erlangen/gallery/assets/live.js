// Running a paper from its page: start, progress, stop, resume; a reload finds the run again.
(function () {
  "use strict";
  var page = window.erlangen, part = document.querySelector(".live");
  if (!part || !page.live) return;
  var slug = part.getAttribute("data-slug"), presets = JSON.parse(part.getAttribute("data-presets"));
  var form = part.querySelector("form"), box = part.querySelector(".progress"), bar = part.querySelector("progress");
  var says = function (name) { return part.querySelector("[data-" + name + "]"); };
  var source = null, run = null;

  function fill(values) {
    part.querySelectorAll("[data-parameter]").forEach(function (field) {
      var value = values[field.getAttribute("data-parameter")], input = field.querySelector("input, select");
      if (input.type === "checkbox") input.checked = Boolean(value);
      else input.value = Array.isArray(value) ? value.join(", ") : value === undefined ? "" : String(value);
      input.removeAttribute("aria-invalid");
    });
  }
  function read(field) {
    var input = field.querySelector("input, select"), type = field.getAttribute("data-type"), text = input.value.trim();
    var bad = function (why) { input.setAttribute("aria-invalid", "true"); input.focus(); throw new Error(field.querySelector("label").textContent.trim() + ": " + why); };
    input.removeAttribute("aria-invalid");
    if (type === "bool") return input.checked;
    var one = function (piece, kind) {
      if (kind === "str") return piece;
      var value = Number(piece);
      if (piece === "" || !isFinite(value)) bad("a number is needed");
      if (kind === "int" && !Number.isInteger(value)) bad("a whole number is needed");
      return value;
    };
    if (type.lastIndexOf("list", 0) === 0) return text === "" ? [] : text.split(",").map(function (piece) { return one(piece.trim(), type.slice(5, -1)); });
    var value = one(text, type);
    if (!input.checkValidity()) bad(input.validationMessage);
    return value;
  }
  function refuse(error) {
    var text = error.message;
    if (error.status === 401 || error.status === 403) text = "To run papers, open this page by the address that erlangen gallery serve printed.";
    says("refusal").textContent = text;
  }
  function buttons(stop, resume) { says("stop").hidden = !stop; says("resume").hidden = !resume; }
  function state(word) {
    says("state").textContent = word;
    box.setAttribute("data-now", word);
  }
  function metric(name, value) {
    var id = "m-" + name, row = document.getElementById(id);
    if (!row) {
      row = document.createElement("div"); row.id = id;
      row.append(document.createElement("dt"), document.createElement("dd"));
      row.firstChild.textContent = name;
      says("metrics").appendChild(row);
    }
    row.lastChild.textContent = page.number(value);
  }
  function close() { if (source) { source.close(); source = null; } }

  var handlers = {
    queued: function (data) { state("waiting"); says("message").textContent = data.position > 1 ? data.position - 1 + " before it" : "it is next"; buttons(true, false); bar.removeAttribute("value"); },
    started: function () { state("running"); says("message").textContent = ""; buttons(true, false); },
    progress: function (data) {
      state("running"); buttons(true, false);
      if (data.total > 0) bar.value = Math.min(1, data.step / data.total);
      says("message").textContent = data.message || "";
      says("left").textContent = data.eta ? page.seconds(data.eta) + " left" : data.total ? data.step + " of " + data.total : "";
      Object.keys(data.metrics || {}).forEach(function (name) { metric(name, data.metrics[name]); });
    },
    metric: function (data) { metric(data.name, data.value); },
    message: function (data) { says("message").textContent = data.text || ""; },
    finished: function () { end("finished", false); bar.value = 1; renew(); },
    failed: function (data) { end("failed", true); says("message").textContent = data.error || ""; },
    interrupted: function () { end("stopped; its rows are kept", true); }
  };
  function end(word, again) {
    close(); state(word); says("left").textContent = ""; says("message").textContent = "";
    buttons(false, again);
    if (bar.position < 0) bar.value = 0;
    var link = says("open");
    link.href = page.root + "runs/" + run + ".html"; link.hidden = false;
    part.querySelector(".primary").disabled = false;
  }
  // What the run has changed on this page: verdicts, points, figures; the section of the live run stays.
  function renew() {
    window.fetch(window.location.pathname).then(function (answer) { return answer.ok ? answer.text() : ""; }).then(function (text) {
      if (!text) return;
      var fresh = new DOMParser().parseFromString(text, "text/html");
      var section = function (where, id) { var head = where.getElementById(id); return head && head.closest("section"); };
      ["claims", "look", "figures"].forEach(function (id) {
        var now = section(document, id), then = section(fresh, id);
        if (then && now) now.replaceWith(then);
        else if (then) part.before(then);
      });
      document.querySelector(".chips").replaceWith(fresh.querySelector(".chips"));
      if (!document.querySelector(".viewer")) return;
      var script = document.createElement("script");
      script.src = page.root + "assets/viewer.js";
      document.head.appendChild(script);
    });
  }
  function follow(id) {
    close();
    run = id;
    box.hidden = false; box.setAttribute("data-run", id);
    says("open").hidden = true; says("refusal").textContent = ""; says("metrics").textContent = ""; says("left").textContent = "";
    bar.removeAttribute("value"); state("starting");
    part.querySelector(".primary").disabled = true;
    buttons(true, false);
    source = new EventSource("/api/runs/" + id + "/events");
    Object.keys(handlers).forEach(function (kind) {
      source.addEventListener(kind, function (event) { handlers[kind](JSON.parse(event.data)); });
    });
  }
  function show(status, id) {
    run = id; box.hidden = false; box.setAttribute("data-run", id);
    bar.value = status === "finished" ? 1 : 0;
    end(status === "interrupted" ? "stopped; its rows are kept" : status, status !== "finished");
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    says("refusal").textContent = "";
    var parameters = {}, seed, preset = document.getElementById("preset").value;
    try {
      part.querySelectorAll("[data-parameter]").forEach(function (field) { parameters[field.getAttribute("data-parameter")] = read(field); });
      seed = Number(document.getElementById("seed").value);
      if (!Number.isInteger(seed) || seed < 0) throw new Error("Seed: a whole number from 0 is needed");
    } catch (error) { says("refusal").textContent = error.message; return; }
    page.api("POST", "/runs", { slug: slug, preset: preset, seed: seed, parameters: parameters })
      .then(function (answer) { if (answer.state === "finished") show("finished", answer.id); else follow(answer.id); }, refuse);
  });
  says("stop").addEventListener("click", function () {
    says("stop").hidden = true; state("stopping after this row");
    page.api("DELETE", "/runs/" + run).catch(refuse);
  });
  says("resume").addEventListener("click", function () {
    page.api("POST", "/runs/" + run + "/resume", {}).then(function (answer) { follow(answer.id); }, refuse);
  });
  document.getElementById("preset").addEventListener("change", function (event) { fill(presets[event.target.value]); });
  window.addEventListener("pagehide", close);

  fill(presets[document.getElementById("preset").value] || {});
  window.fetch("/healthz").then(function (answer) {
    if (!answer.ok) return null;
    part.hidden = false;
    return page.api("GET", "/runs?limit=1&slug=" + encodeURIComponent(slug));
  }).then(function (answer) {
    var last = answer && answer.runs[0];
    if (!last) return;
    if (last.state === "running" || last.state === "queued") follow(last.id);
    else if (last.state === "interrupted") show("interrupted", last.id);
  }).catch(function () { /* no server, no section */ });
})();
