// The list of papers: search without network, filters, order, keys, pins.
(function () {
  "use strict";
  var page = window.erlangen;
  var list = document.querySelector(".papers");
  var entries = Array.prototype.slice.call(document.querySelectorAll(".entry"));
  var query = document.getElementById("query"), subject = document.getElementById("subject");
  var state = document.getElementById("state"), sort = document.getElementById("sort");
  var found = document.getElementById("found"), nothing = document.querySelector(".nothing");
  var index = {}, vocabulary = [];

  (function read() {
    var raw = window.erlangenIndex;
    if (!raw) return;
    raw.words.split("|").forEach(function (part) {
      var cut = part.indexOf(" ");
      var word = part.slice(0, cut), places = {};
      part.slice(cut + 1).split(",").forEach(function (pair) {
        var numbers = pair.split(".");
        places[raw.slugs[Number(numbers[0])]] = Number(numbers[1]);
      });
      index[word] = places;
      vocabulary.push(word);
    });
  })();

  function words(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().match(/[a-z0-9]+/g) || [];
  }
  function distance(a, b, limit) {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    var before = [], row, i, j;
    for (j = 0; j <= b.length; j++) before[j] = j;
    for (i = 1; i <= a.length; i++) {
      row = [i];
      for (j = 1; j <= b.length; j++) row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      before = row;
    }
    return before[b.length];
  }
  function near(word) {
    var best = null, least = Math.min(2, Math.floor(word.length / 3)) + 1;
    vocabulary.forEach(function (known) {
      var d = Math.min(distance(word, known, 2), known.length > word.length ? distance(word, known.slice(0, word.length), 2) + 0.5 : 9);
      if (d < least) { least = d; best = known; }
    });
    return best;
  }
  function score(word) {
    var scores = {}, hit = false;
    vocabulary.forEach(function (known) {
      if (known.lastIndexOf(word, 0) !== 0) return;
      var share = known === word ? 1 : 0.5 * word.length / known.length;
      Object.keys(index[known]).forEach(function (slug) { hit = true; scores[slug] = Math.max(scores[slug] || 0, share * index[known][slug]); });
    });
    return hit ? scores : null;
  }
  function search(text) {
    var total = null, guesses = [], tokens = words(text);
    tokens.forEach(function (word) {
      if (word.length < 2 && tokens.length > 1) return;
      var scores = score(word), guess;
      if (!scores) {
        guess = near(word);
        guesses.push(guess || word);
        scores = {};
      } else guesses.push(word);
      var joined = {};
      Object.keys(scores).forEach(function (slug) { if (total === null || slug in total) joined[slug] = (total ? total[slug] : 0) + scores[slug]; });
      total = joined;
    });
    return { scores: total, guess: guesses.join(" ") };
  }

  function pinned(entry) { return entry.hasAttribute("data-pinned"); }
  function fits(entry) {
    var subjects = entry.getAttribute("data-subjects").split(" ");
    if (subject.value && subjects.indexOf(subject.value) < 0) return false;
    if (!state.value) return true;
    if (state.value === "pinned") return pinned(entry);
    var own = entry.getAttribute("data-state");
    return own === state.value || (state.value === "run" && own === "failed");
  }
  var orders = {
    listing: function (a, b) { return Number(a.getAttribute("data-place")) - Number(b.getAttribute("data-place")); },
    date: function (a, b) { return b.getAttribute("data-date").localeCompare(a.getAttribute("data-date")) || orders.listing(a, b); },
    title: function (a, b) { return title(a).localeCompare(title(b)); }
  };
  function title(entry) { return entry.querySelector("h2").textContent; }

  function update() {
    var text = query.value.trim(), result = text ? search(text) : { scores: null, guess: "" };
    var scores = result.scores;
    var order = orders[sort.value];
    entries.sort(function (a, b) {
      if (!scores || sort.value !== "listing") return order(a, b);
      return (scores[b.getAttribute("data-slug")] || 0) - (scores[a.getAttribute("data-slug")] || 0) || order(a, b);
    });
    var shown = 0;
    entries.forEach(function (entry) {
      var seen = fits(entry) && (!scores || entry.getAttribute("data-slug") in scores);
      entry.parentNode.hidden = !seen;
      if (seen) shown++;
      list.appendChild(entry.parentNode);
    });
    var narrowed = Boolean(text || subject.value || state.value);
    found.textContent = narrowed ? (shown === 1 ? "1 paper" : shown + " papers") : "";
    nothing.hidden = shown > 0;
    var hint = nothing.querySelector("span");
    hint.textContent = "";
    if (!shown && text && result.guess && result.guess !== words(text).join(" ")) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = result.guess;
      button.addEventListener("click", function () { query.value = result.guess; update(); query.focus(); });
      hint.append("Did you mean ", button, "?");
    }
  }

  function setPin(entry, on) {
    if (on) entry.setAttribute("data-pinned", ""); else entry.removeAttribute("data-pinned");
    entry.querySelector(".pin").setAttribute("aria-pressed", String(on));
  }
  function localPins() { try { return JSON.parse(page.store.get("pins") || "[]"); } catch (e) { return []; } }
  function pin(entry) {
    var on = !pinned(entry), slug = entry.getAttribute("data-slug");
    setPin(entry, on);
    if (page.live) {
      page.api(on ? "POST" : "DELETE", "/pins/" + slug, on ? {} : undefined).catch(function (error) { setPin(entry, !on); found.textContent = error.message; });
    } else {
      var pins = localPins().filter(function (other) { return other !== slug; });
      page.store.set("pins", JSON.stringify(on ? pins.concat(slug) : pins));
    }
  }

  var seen = function () { return entries.filter(function (entry) { return !entry.parentNode.hidden; }); };
  function move(step) {
    var now = seen();
    if (!now.length) return;
    var at = now.findIndex(function (entry) { return entry.contains(document.activeElement); });
    var next = now[at < 0 ? (step > 0 ? 0 : now.length - 1) : Math.max(0, Math.min(now.length - 1, at + step))];
    next.querySelector("h2 a").focus();
    next.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && event.target === query) { query.value = ""; update(); query.blur(); return; }
    if (event.key === "Enter" && event.target === query) {
      event.preventDefault();
      var first = seen()[0];
      if (first && query.value.trim()) first.querySelector("h2 a").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    if (event.key === "/") { event.preventDefault(); query.focus(); query.select(); }
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "p") {
      var entry = document.activeElement.closest(".entry");
      if (entry) pin(entry);
    }
  });
  document.querySelector(".finder").addEventListener("submit", function (event) { event.preventDefault(); });
  query.addEventListener("input", update);
  [subject, state, sort].forEach(function (field) { field.addEventListener("change", update); });
  entries.forEach(function (entry) { entry.querySelector(".pin").addEventListener("click", function () { pin(entry); }); });
  if (!page.live) localPins().forEach(function (slug) { entries.forEach(function (entry) { if (entry.getAttribute("data-slug") === slug) setPin(entry, true); }); });
  update();
  if (window.location.hash === "#search") query.focus();
})();
