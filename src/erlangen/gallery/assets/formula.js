// Formulas: a reader by recursive descent that makes closures; nothing is handed to the language itself.
(function () {
  "use strict";
  var FUNCTIONS = { sin: Math.sin, cos: Math.cos, tan: Math.tan, exp: Math.exp, log: Math.log, sqrt: Math.sqrt, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh };
  var MOST = 100000, DEEPEST = 200;
  // Returns a function of an object of numbers; names are those allowed, pi is always known.
  function read(text, names) {
    if (!text.trim()) throw new Error("There is no formula.");
    if (text.length > MOST) throw new Error("The formula is too long for this page.");
    text = text.replace(/[−–]/g, "-").replace(/[·×]/g, "*").replace(/[φϕ]/g, "phi").replace(/π/g, "pi").replace(/\*\*/g, "^");
    var parts = text.match(/\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|[-+*\/^()]|\S/g) || [], place = 0, depth = 0;
    function fail() { throw new Error(place < parts.length ? "“" + parts[place] + "” is not understood at place " + (place + 1) + "." : "The formula ends too early."); }
    function take(sign) { if (parts[place] === sign) { place++; return true; } return false; }
    function sum() {
      if (++depth > DEEPEST) throw new Error("The formula is nested too deeply.");
      var terms = [product()];
      for (;;) {
        if (take("+")) terms.push(product());
        else if (take("-")) terms.push(negative(product()));
        else break;
      }
      depth--;
      return terms.length === 1 ? terms[0] : function (at) { var s = 0; for (var k = 0; k < terms.length; k++) s += terms[k](at); return s; };
    }
    function negative(f) { return function (at) { return -f(at); }; }
    function product() {
      var f = signed();
      for (;;) {
        if (take("*")) f = (function (a, b) { return function (at) { return a(at) * b(at); }; })(f, signed());
        else if (take("/")) f = (function (a, b) { return function (at) { return a(at) / b(at); }; })(f, signed());
        else return f;
      }
    }
    function signed() {
      var minus = false;
      for (;;) { if (take("-")) minus = !minus; else if (!take("+")) break; }
      var f = power();
      return minus ? negative(f) : f;
    }
    function power() {
      var base = atom();
      if (!take("^")) return base;
      var minus = take("-"), exponent = power();
      return function (at) { var e = exponent(at); return Math.pow(base(at), minus ? -e : e); };
    }
    function atom() {
      var part = parts[place];
      if (part === undefined) fail();
      if (/^[\d.]/.test(part)) { place++; var number = Number(part); return function () { return number; }; }
      if (part === "(") { place++; var inside = sum(); if (!take(")")) fail(); return inside; }
      if (Object.prototype.hasOwnProperty.call(FUNCTIONS, part)) {
        place++;
        var f = FUNCTIONS[part];
        if (!take("(")) fail();
        var of = sum();
        if (!take(")")) fail();
        return function (at) { return f(of(at)); };
      }
      if (part === "pi") { place++; return function () { return Math.PI; }; }
      if (names.indexOf(part) >= 0) { place++; return function (at) { return at[part]; }; }
      if (/^[A-Za-z_]/.test(part)) throw new Error("“" + part + "” is not known here; the names are " + names.concat("pi", Object.keys(FUNCTIONS)).join(", ") + ".");
      return fail();
    }
    var whole = sum();
    if (place < parts.length) fail();
    return whole;
  }
  window.erlangenFormula = read;
})();
