// Symmetry algebras: pointing at an element shows its brackets; where there is a server, one's own equations.
(function () {
  "use strict";
  var page = window.erlangen;

  // Text with ^2 set high, _x and the number of X set low.
  function pretty(text, parent) {
    var pattern = /\^(?:(\d+)|\(([-−]?\d+(?:\/\d+)?)\))|_([a-z]+)|\bX(\d+)/g, last = 0, found;
    text = text.replace(/\*/g, "\u2009").replace(/-/g, "−");
    function add(kind, words) { var made = document.createElement(kind); made.textContent = words; parent.appendChild(made); }
    while ((found = pattern.exec(text))) {
      parent.append(text.slice(last, found.index) + (found[4] ? "X" : ""));
      add(found[1] || found[2] ? "sup" : "sub", found[1] || found[2] || found[3] || found[4]);
      last = pattern.lastIndex;
    }
    parent.append(text.slice(last));
    return parent;
  }
  function alive(drawn, brackets) {
    var items = [].slice.call(drawn.querySelectorAll(".generators li")), told = drawn.querySelector(".told"), svg = drawn.querySelector("svg"), kept = null;
    function show(i) {
      svg.classList.toggle("chosen", i !== null);
      svg.querySelectorAll("[data-node]").forEach(function (node) { node.classList.toggle("on", Number(node.getAttribute("data-node")) === i); });
      svg.querySelectorAll("[data-pair]").forEach(function (mark) { mark.classList.toggle("on", i !== null && mark.getAttribute("data-pair").split(" ").map(Number).indexOf(i) >= 0); });
      told.textContent = "";
      if (i === null) return;
      brackets.filter(function (b) { return b[0] === i || b[1] === i; }).forEach(function (b, k) {
        if (k) told.append("; ");
        pretty("[X" + (b[0] + 1) + ", X" + (b[1] + 1) + "] = " + b[2], told);
      });
      if (!told.textContent) pretty("X" + (i + 1) + " commutes with all", told);
    }
    items.forEach(function (item, i) {
      var button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      while (item.firstChild) button.appendChild(item.firstChild);
      item.appendChild(button);
      function choose() { kept = kept === i ? null : i; items.forEach(function (other, k) { other.firstChild.setAttribute("aria-pressed", String(k === kept)); }); show(kept); }
      button.addEventListener("click", choose);
      var node = svg.querySelector("[data-node='" + i + "']");
      node.addEventListener("click", choose);
      [item, node].forEach(function (place) {
        place.addEventListener("mouseenter", function () { show(i); });
        place.addEventListener("mouseleave", function () { show(kept); });
      });
    });
  }
  // The brackets of a case that the library wrote are read from its table.
  document.querySelectorAll(".cases > li").forEach(function (one) {
    var brackets = [];
    one.querySelectorAll(".commutators tbody tr").forEach(function (row, i) {
      row.querySelectorAll("td").forEach(function (cell, j) { if (cell.textContent) brackets.push([i, j, cell.textContent]); });
    });
    alive(one.querySelector(".drawn"), brackets);
  });

  var form = document.getElementById("ask"), answer = document.getElementById("answer"), refusal = document.getElementById("refusal");
  if (!form) return;
  function made(kind, name, parent) { var one = document.createElement(kind); if (name) one.className = name; parent.appendChild(one); return one; }
  function fact(list, name, words) { var row = made("div", "", list); made("dt", "", row).textContent = name; pretty(words, made("dd", "", row)); }
  function show(found) {
    answer.textContent = "";
    var facts = document.createElement("dl"), free = found.free_functions;
    facts.className = "facts";
    fact(facts, "Dimension", found.dimension !== null ? String(found.dimension) : "infinite: " + free.count + " function" + (free.count === 1 ? "" : "s") + " of " + free.variables + " variable" + (free.variables === 1 ? "" : "s") + (found.finite_dimension === null ? "" : "; " + found.finite_dimension + " modulo superposition"));
    if (!found.complete) {
      answer.appendChild(facts);
      made("p", "note", answer).textContent = "No graph: " + found.why + ". Symmetries found by polynomials of degree 3:";
      var some = made("ul", "generators bare", answer);
      found.fields.forEach(function (text) { pretty(text, made("li", "", some)); });
      return;
    }
    fact(facts, "Levi factor", String(found.sizes.levi));
    fact(facts, "Radical", String(found.sizes.nilpotent + found.sizes.rest));
    fact(facts, "Derived series", found.derived_series.join(", "));
    var drawn = made("div", "drawn", answer);
    drawn.appendChild(document.importNode(new DOMParser().parseFromString(found.graph.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '), "image/svg+xml").documentElement, true));
    var side = made("div", "", drawn), list = made("ol", "generators", side);
    made("p", "told", side);
    found.fields.forEach(function (text, i) { pretty(text, made("li", found.parts[i], list)); });
    answer.appendChild(facts);
    alive(drawn, found.brackets);
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    refusal.textContent = "";
    answer.setAttribute("aria-busy", "true");
    page.api("POST", "/symmetries", { equation: document.getElementById("equation").value, constants: document.getElementById("constants").value }).then(show).catch(function (error) {
      answer.textContent = "";
      refusal.textContent = error.status === 401 ? "To find symmetries, open this page by the address that erlangen gallery serve printed." : error.message + (error.details && error.details.hint ? " (" + error.details.hint + ")" : "");
    }).then(function () { answer.removeAttribute("aria-busy"); });
  });
})();
