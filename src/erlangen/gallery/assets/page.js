// What every page shares: theme before the first paint, keys, copying, pins, and the word with the server where there is one.
(function () {
  "use strict";
  var html = document.documentElement;
  var store = {
    get: function (key) { try { return window.localStorage.getItem("erlangen." + key); } catch (e) { return null; } },
    set: function (key, value) {
      try {
        if (value === null) window.localStorage.removeItem("erlangen." + key);
        else window.localStorage.setItem("erlangen." + key, value);
      } catch (e) { /* a page from disk may have no storage */ }
    }
  };
  var theme = store.get("theme");
  if (theme === "dark" || theme === "light") html.setAttribute("data-theme", theme);

  var given = /^#token=([A-Za-z0-9_-]{16,128})$/.exec(window.location.hash);
  if (given && html.hasAttribute("data-live")) {
    store.set("token", given[1]);
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  function api(method, path, body, signal) {
    var headers = { Accept: "application/json" };
    if (method !== "GET") headers["X-Erlangen-Token"] = store.get("token") || "";
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return window.fetch("/api" + path, { method: method, headers: headers, body: body === undefined ? undefined : JSON.stringify(body), signal: signal })
      .then(function (answer) {
        return answer.json().catch(function () { return {}; }).then(function (document) {
          if (!answer.ok) {
            var error = new Error(document.error || "the server answered " + answer.status);
            error.status = answer.status;
            error.details = document;
            throw error;
          }
          return document;
        });
      });
  }

  function dark() {
    var set = html.getAttribute("data-theme");
    return set ? set === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }
  function turn() {
    var next = dark() ? "light" : "dark";
    html.setAttribute("data-theme", next);
    store.set("theme", next);
    document.dispatchEvent(new CustomEvent("erlangen:theme"));
  }
  function help() {
    var dialog = document.getElementById("keys");
    if (dialog.open) dialog.close(); else dialog.showModal();
  }
  function typing(target) { return target.closest && target.closest("input, select, textarea, [contenteditable]"); }

  function number(x) {
    if (x === null || x === undefined) return "–";
    if (typeof x === "boolean") return x ? "yes" : "no";
    if (Array.isArray(x)) return x.map(number).join(", ");
    if (typeof x !== "number") return String(x);
    var size = Math.abs(x);
    if (Number.isInteger(x) && size < 1e15) return String(x).replace("-", "−");
    return (size !== 0 && (size < 1e-4 || size >= 1e6) ? x.toExponential(2) : String(Number(x.toPrecision(4)))).replace(/-/g, "−");
  }
  function seconds(s) {
    if (s < 1) return "less than a second";
    if (s < 60) return Math.round(s) + " s";
    if (s < 3600) return Math.floor(s / 60) + " min " + Math.round(s % 60) + " s";
    return Math.floor(s / 3600) + " h " + Math.floor((s % 3600) / 60) + " min";
  }

  window.erlangen = { api: api, store: store, live: html.hasAttribute("data-live"), dark: dark, number: number, seconds: seconds, root: html.getAttribute("data-root") || "" };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?") { event.preventDefault(); help(); }
    else if (event.key === "t") turn();
    else if (event.key === "/" && !document.getElementById("query")) { event.preventDefault(); window.location.href = window.erlangen.root + "index.html#search"; }
  });
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-script]").forEach(function (part) { part.hidden = false; });
    document.querySelector("[data-help]").addEventListener("click", help);
    document.querySelector("[data-theme-button]").addEventListener("click", turn);
    document.querySelectorAll("[data-copy]").forEach(function (button) {
      button.addEventListener("click", function () {
        var source = document.querySelector(button.getAttribute("data-copy"));
        var range = document.createRange();
        range.selectNodeContents(source);
        window.getSelection().removeAllRanges();
        window.getSelection().addRange(range);
        var done = function (good) { button.textContent = good ? "Copied" : "Selected: press Ctrl C"; };
        if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(source.textContent).then(function () { done(true); }, function () { done(false); });
        else done(false);
      });
    });
  });
})();
