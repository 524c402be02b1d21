/* Reads the page aloud with the browser's own voice, block by block; what is read is marked. A tap on a block reads on from there. */
(function () {
  "use strict";
  var read = document.querySelector("[data-read]");
  var still = document.querySelector("[data-still]");
  var main = document.getElementById("main");
  var speech = window.speechSynthesis;
  if (!read || !main) return;
  var blocks = [];
  var at = -1;
  var paused = false;
  var run = 0;
  var SKIP = "nav, button, script, style, form, .acts, .jump, .crumbs, [hidden], [aria-hidden=true]";
  var BLOCK = "h1, h2, h3, h4, p, li, dt, dd, tr, caption, summary, figcaption, blockquote, svg";

  // Only blocks that hold no other block, so that nothing is read twice.
  function gather() {
    return Array.prototype.filter.call(main.querySelectorAll(BLOCK), function (node) {
      if (node.closest(SKIP) || !node.getClientRects().length) return false;
      if (node.tagName.toLowerCase() === "svg") return !!node.querySelector("desc");
      return node.tagName === "TR" || !node.querySelector(BLOCK) || ownText(node);
    });
  }
  function ownText(node) {
    return Array.prototype.some.call(node.childNodes, function (child) { return child.nodeType === 3 && child.nodeValue.trim(); });
  }
  function words(node) {
    if (node.tagName.toLowerCase() === "svg") return node.querySelector("desc").textContent;
    if (node.tagName === "TR") {
      var heads = Array.prototype.map.call(node.closest("table").querySelectorAll("thead th"), function (th) { return th.textContent.trim(); });
      if (node.closest("thead")) return "";
      return Array.prototype.map.call(node.cells, function (cell, n) {
        var text = cell.textContent.trim();
        return text && (heads[n] && n > 0 ? heads[n] + "，" + text : text);
      }).filter(Boolean).join("，") + "。";
    }
    if (!node.querySelector(BLOCK)) return node.textContent;
    return Array.prototype.map.call(node.childNodes, function (child) {
      return child.nodeType === 3 || (child.matches && !child.matches(BLOCK) && !child.querySelector(BLOCK)) ? child.textContent : "";
    }).join("");
  }
  // A long utterance is cut short by some browsers: sentences of at most about a hundred characters.
  function sentences(text) {
    var made = [];
    text.replace(/\s+/g, " ").trim().split(/([。！？；;!?])/).forEach(function (part, n, parts) {
      if (n % 2) return;
      var sentence = part + (parts[n + 1] || "");
      while (sentence.length > 100) {
        var cut = sentence.lastIndexOf("，", 100);
        cut = cut > 20 ? cut + 1 : 100;
        made.push(sentence.slice(0, cut));
        sentence = sentence.slice(cut);
      }
      if (sentence.trim()) made.push(sentence);
    });
    return made;
  }
  function voice() {
    var found = speech.getVoices().filter(function (v) { return /^(zh|cmn)/i.test(v.lang); });
    return found.filter(function (v) { return /CN|Hans/i.test(v.lang); })[0] || found[0] || null;
  }
  function mark(on) {
    Array.prototype.forEach.call(main.querySelectorAll(".reading"), function (node) { node.classList.remove("reading"); });
    if (!on || !blocks[at]) return;
    blocks[at].classList.add("reading");
    var box = blocks[at].getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) blocks[at].scrollIntoView({ block: "center" });
  }
  function label() {
    var on = at >= 0;
    read.textContent = !on ? "朗读" : paused ? "继续" : "暂停";
    read.setAttribute("aria-pressed", String(on && !paused));
    still.hidden = !on;
    document.documentElement.classList.toggle("is-reading", on);
  }
  function next(index) {
    at = index;
    var mine = ++run;
    if (at >= blocks.length) { stop(); return; }
    var parts = sentences(words(blocks[at]));
    if (!parts.length) { next(at + 1); return; }
    mark(true);
    label();
    var one = function (n) {
      if (mine !== run) return;
      if (n >= parts.length) { next(at + 1); return; }
      var said = new SpeechSynthesisUtterance(parts[n]);
      said.lang = document.documentElement.lang || "zh-CN";
      said.voice = voice();
      said.rate = 0.9;
      said.onend = function () { one(n + 1); };
      said.onerror = function (event) { if (event.error !== "interrupted" && event.error !== "canceled") one(n + 1); };
      speech.speak(said);
    };
    one(0);
  }
  function stop() {
    run += 1;
    at = -1;
    paused = false;
    speech.cancel();
    mark(false);
    label();
  }
  function toggle() {
    if (at < 0) { blocks = gather(); speech.cancel(); paused = false; next(0); return; }
    paused = !paused;
    if (paused) speech.pause(); else speech.resume();
    label();
  }
  main.addEventListener("click", function (event) {
    if (at < 0 || event.target.closest("a, button, input, select, summary, label")) return;
    var index = blocks.indexOf(event.target.closest(BLOCK));
    if (index < 0) return;
    speech.cancel();
    paused = false;
    next(index);
  });
  window.addEventListener("pagehide", stop);
  window.sitegenReading = { toggle: toggle, stop: stop };
})();
