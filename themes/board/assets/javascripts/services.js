/* The finder of services: narrows the lists that stand on the page. Without it the lists are read as they are. */
(function () {
  "use strict";
  var form = document.querySelector(".finder");
  if (!form) return;
  var list = function (selector, base) { return Array.prototype.slice.call((base || document).querySelectorAll(selector)); };
  var plain = function (text) { return (text || "").normalize("NFKC").toLowerCase(); };
  var input = form.querySelector("input[type=search]");
  var life = form.querySelector("[data-pick=life]");
  var people = form.querySelector("[data-pick=people]");
  var online = form.querySelector("[data-pick=online]");
  var told = form.querySelector("[role=status]");
  var sections = list(".by-life > section").map(function (section) {
    return { node: section, id: section.id, lines: list("li[data-slug]", section) };
  });
  var bundles = document.querySelector(".bundles");

  function words(item, wanted) {
    var text = plain(item.dataset.words);
    return wanted.every(function (word) { return text.indexOf(word) >= 0; });
  }

  function has(item, name, value) {
    return !value || (" " + item.dataset[name] + " ").indexOf(" " + value + " ") >= 0;
  }
  function chosen(item) {
    return has(item, "people", people ? people.value : "") && (!online || !online.checked || item.hasAttribute("data-online"));
  }

  function narrow() {
    var wanted = plain(input.value).split(/\s+/).filter(Boolean);
    var any = wanted.length || life.value || (people && people.value) || (online && online.checked);
    var seen = {};
    var found = 0;
    sections.forEach(function (section) {
      var shown = 0;
      section.lines.forEach(function (line) {
        var fits = words(line, wanted) && (!life.value || section.id === life.value) && chosen(line);
        // A matter of two life events stands twice on the page; among what was looked for it stands once.
        if (fits && any && seen[line.dataset.slug]) fits = false;
        if (fits) { seen[line.dataset.slug] = true; shown += 1; }
        line.hidden = !fits;
      });
      section.node.hidden = !shown;
      found += shown;
    });
    if (bundles) {
      var kept = 0;
      list("li.post", bundles).forEach(function (item) {
        item.hidden = !(words(item, wanted) && has(item, "life", life.value) && chosen(item));
        if (!item.hidden) kept += 1;
      });
      bundles.hidden = !kept;
      found += any ? kept : 0;
    }
    list(".by-people, .page > .jump").forEach(function (node) { node.hidden = !!any; });
    told.textContent = !any ? "" : found ? "找到 " + found + " 项" : "没有找到，换个说法试试，或者打电话问";
  }

  form.addEventListener("input", narrow);
  form.addEventListener("change", narrow);
  form.hidden = false;
  if (input.value) narrow();
})();
