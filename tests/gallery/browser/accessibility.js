// Violations on the page at hand: nameless pictures and controls, faint text, headings out of order, lost focus targets.
() => {
  const found = [];
  const tell = (rule, element, more) => found.push(`${rule}: ${element.outerHTML.slice(0, 90)} ${more || ""}`);
  const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && e.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const byId = (e, name) => (e.getAttribute(name) || "").split(" ").map((id) => (document.getElementById(id) || {}).textContent || "").join(" ");
  const name = (e) => (e.getAttribute("aria-label") || byId(e, "aria-labelledby") || (e.labels && [...e.labels].map((l) => l.textContent).join(" ")) ||
    e.getAttribute("alt") || e.getAttribute("title") || e.textContent.trim() || (e.querySelector("img[alt]") || {}).alt || "").trim();

  if (!document.documentElement.lang) found.push("no language");
  if (document.querySelectorAll("main").length !== 1) found.push("not one main");
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  ids.forEach((id, k) => { if (ids.indexOf(id) !== k) found.push(`id twice: ${id}`); });
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby]"))
    for (const key of ["aria-labelledby", "aria-describedby"])
      for (const id of (e.getAttribute(key) || "").split(" ").filter(Boolean)) if (!document.getElementById(id)) tell(`${key} points nowhere`, e);

  for (const e of all("img, svg, canvas")) {
    if (e.closest("[aria-hidden=true]")) continue;
    if (e.localName === "img" ? !e.hasAttribute("alt") : !(e.getAttribute("role") === "img" && name(e))) tell("no name", e);
  }
  for (const e of all("a[href], button, input, select, textarea, summary, [role=region], progress")) if (!e.closest("[aria-hidden=true]") && !name(e)) tell("no name", e);
  for (const e of all("[aria-hidden=true] a[href], [aria-hidden=true] button")) if (e.tabIndex >= 0) tell("hidden but in the order of focus", e);
  for (const e of all("[aria-hidden=true]")) if (e.matches("a[href], button") && e.tabIndex >= 0) tell("hidden but in the order of focus", e);
  for (const e of all("[tabindex]")) if (e.tabIndex > 0) tell("order of focus forced", e);
  for (const e of all("button, select, input")) {
    const box = (e.closest("label") || e).getBoundingClientRect();
    if (Math.min(box.width, box.height) < 16) tell("too small to touch", e, `${box.width} x ${box.height}`);
  }
  let before = 0;
  for (const e of all("h1, h2, h3, h4, h5, h6")) {
    const level = Number(e.localName[1]);
    if (level > before + 1) tell("heading skips a level", e);
    before = level;
  }

  const parse = (text) => { const n = text.match(/[\d.]+/g).map(Number); return { rgb: n.slice(0, 3), alpha: n.length > 3 ? n[3] : 1 }; };
  const light = (rgb) => { const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) { const c = parse(getComputedStyle(at).backgroundColor); if (c.alpha > 0.99) return c.rgb; }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const done = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || done.has(e) || !seen(e) || e.closest("script, style, svg, option, .unseen, .skip")) continue;
    done.add(e);
    const style = getComputedStyle(e), a = light(parse(style.color).rgb), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
    if (ratio < (size >= 24 ? 3 : 4.5)) tell("faint text", e, `${ratio.toFixed(2)} at ${size}px`);
  }
  return { violations: found, looked: done.size };
}
