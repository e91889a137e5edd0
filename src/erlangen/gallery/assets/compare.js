// Choosing two runs in the list, and what differs between them.
(function () {
  "use strict";
  var page = window.erlangen;

  function choose(form) {
    var link = form.querySelector("[data-compare]");
    var boxes = Array.prototype.slice.call(form.querySelectorAll("input[name=run]"));
    function update() {
      var ticked = boxes.filter(function (box) { return box.checked; });
      boxes.forEach(function (box) { box.disabled = ticked.length >= 2 && !box.checked; });
      var ready = ticked.length === 2;
      link.setAttribute("aria-disabled", String(!ready));
      if (ready) link.href = "compare.html#" + ticked[1].value + "," + ticked[0].value;
      else link.removeAttribute("href");
    }
    form.addEventListener("change", update);
    update();
  }

  function cell(row, tag, text, kind) {
    var item = document.createElement(tag);
    item.textContent = text;
    if (kind) item.className = kind;
    if (tag === "th") item.scope = "row";
    row.appendChild(item);
  }
  function change(a, b) {
    if (typeof a === "number" && typeof b === "number" && a !== b) return (b > a ? "+" : "") + page.number(b - a);
    return JSON.stringify(a) === JSON.stringify(b) ? "=" : "differs";
  }
  function table(title, first, second, labels, only) {
    var names = Object.keys(first).concat(Object.keys(second).filter(function (name) { return !(name in first); }));
    var part = document.createElement("section"), head = document.createElement("h2"), sheet = document.createElement("table");
    head.textContent = title.charAt(0).toUpperCase() + title.slice(1);
    part.className = "column";
    sheet.className = "diff";
    var top = sheet.createTHead().insertRow();
    ["Name", labels[0], labels[1], "Change"].forEach(function (text, k) {
      var item = document.createElement("th");
      item.scope = "col";
      item.textContent = text;
      if (k) item.className = "n";
      top.appendChild(item);
    });
    var body = sheet.createTBody(), count = 0;
    names.forEach(function (name) {
      var a = first[name], b = second[name], step = change(a, b);
      if (only && step === "=") return;
      var row = body.insertRow();
      if (step !== "=") row.className = "differs";
      cell(row, "th", name); cell(row, "td", page.number(a), "n"); cell(row, "td", page.number(b), "n"); cell(row, "td", step, "n");
      count++;
    });
    part.appendChild(head);
    if (count) {
      var scroll = document.createElement("div");
      scroll.className = "scroll"; scroll.tabIndex = 0;
      scroll.setAttribute("role", "region"); scroll.setAttribute("aria-label", head.textContent);
      scroll.appendChild(sheet);
      part.appendChild(scroll);
    } else {
      var note = document.createElement("p");
      note.className = "note"; note.textContent = "Nothing differs.";
      part.appendChild(note);
    }
    return part;
  }
  function compare(target) {
    var runs = window.erlangenRuns || {};
    var first = document.getElementById("first"), second = document.getElementById("second"), only = document.getElementById("only");
    var wanted = window.location.hash.slice(1).split(",");
    if (second.options.length > 1) second.selectedIndex = 0, first.selectedIndex = 1;
    if (runs[wanted[0]]) first.value = wanted[0];
    if (runs[wanted[1]]) second.value = wanted[1];
    function update() {
      var a = runs[first.value], b = runs[second.value];
      target.textContent = "";
      if (!a || !b) return;
      window.history.replaceState(null, "", "#" + first.value + "," + second.value);
      ["parameters", "metrics", "environment"].forEach(function (part) {
        target.appendChild(table(part, a[part], b[part], [first.value.slice(0, 7), second.value.slice(0, 7)], only.checked));
      });
    }
    [first, second, only].forEach(function (field) { field.addEventListener("change", update); });
    update();
  }

  var list = document.querySelector("form.choose"), target = document.getElementById("difference");
  if (list) choose(list);
  if (target && document.querySelector(".pair select option")) compare(target);
})();
