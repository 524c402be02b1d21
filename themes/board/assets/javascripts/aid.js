/* Large type, high contrast, reading aloud: chosen once, remembered for the whole host. Without script none of the controls shows. */
(function () {
  "use strict";
  var root = document.documentElement;
  var button = document.querySelector("button.type");
  var bar = document.getElementById("aid");
  if (!button || !bar) return;
  var all = function (selector) { return Array.prototype.slice.call(bar.querySelectorAll(selector)); };
  var contrast = bar.querySelector("[data-contrast]");
  var read = bar.querySelector("[data-read]");
  var still = bar.querySelector("[data-still]");
  // Storage may be forbidden: the choice then lasts for this page.
  var keep = function (name, value) {
    try { if (value) localStorage.setItem(name, value); else localStorage.removeItem(name); } catch (e) { /* see above */ }
  };
  var size = function () { return root.classList.contains("xl") ? "2" : root.classList.contains("elder") ? "1" : ""; };
  var strong = function () { return root.classList.contains("contrast"); };

  var isOn = function () { return size() !== "" || strong(); };

  function show() {
    var on = isOn();  // the bar itself is shown by the style sheet, before anything is painted
    button.setAttribute("aria-expanded", String(on));
    button.textContent = on ? "标准版" : "字号·朗读";
    all("[data-size]").forEach(function (one) { one.setAttribute("aria-pressed", String(one.dataset.size === size())); });
    contrast.setAttribute("aria-pressed", String(strong()));
  }
  function set(value) {
    root.classList.toggle("elder", value !== "");
    root.classList.toggle("xl", value === "2");
    keep("elder", value);
    show();
  }
  function setContrast(on) {
    root.classList.toggle("contrast", on);
    keep("contrast", on ? "1" : "");
    show();
  }

  button.addEventListener("click", function () {
    if (!isOn()) { set("1"); return; }
    if (window.sitegenReading) window.sitegenReading.stop();
    setContrast(false);
    set("");
  });
  all("[data-size]").forEach(function (one) {
    // When the bar goes away with the last choice, the keyboard must not be lost with it.
    one.addEventListener("click", function () { set(one.dataset.size); if (!isOn()) button.focus(); });
  });
  contrast.addEventListener("click", function () { setContrast(!strong()); if (!isOn()) button.focus(); });

  if ("speechSynthesis" in window && "SpeechSynthesisUtterance" in window) {
    read.hidden = false;
    read.addEventListener("click", function () {
      if (window.sitegenReading) { window.sitegenReading.toggle(); return; }
      var script = document.createElement("script");
      script.src = read.dataset.read;
      script.onload = function () { if (window.sitegenReading) window.sitegenReading.toggle(); };
      document.head.appendChild(script);
    });
    still.addEventListener("click", function () { if (window.sitegenReading) window.sitegenReading.stop(); });
  }
  button.hidden = false;
  show();
})();
