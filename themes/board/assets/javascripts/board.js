/* What script adds to pages that work without it: days left, one's own row, print buttons. */
(function () {
  "use strict";
  var all = function (selector, use) { Array.prototype.forEach.call(document.querySelectorAll(selector), use); };

  // Days left as of today in China, whatever the device's time zone. Without script the printed date says the same.
  var today = Math.floor((Date.now() + 8 * 36e5) / 864e5);
  var left = function (date) { return Math.round(Date.parse(date + "T00:00:00Z") / 864e5) - today; };
  all("[data-left]", function (note) {
    var days = left(note.dataset.left);
    if (days < -99) return;
    note.textContent = days === 0 ? "今天截止" : (days > 0 ? "还剩 " + days : "已过 " + -days) + " 天";
    if (days < 0) note.className = "left past";
    note.hidden = false;
  });
  all("[data-from]", function (chip) {
    if (left(chip.dataset.from) > 0) return;
    chip.textContent = "正在公示";
    chip.className = "chip on";
  });
  all("[data-until]", function (chip) {
    if (left(chip.dataset.until) >= 0) return;
    chip.textContent = chip.dataset.over || "已结束";  // as wide as what it replaces: nothing beside it moves
    chip.className = "chip over";
  });

  // A heading counts what stands below it: what has ended or begun since the page was made is counted so.
  all("[data-ends]", function (note) {
    var ends = note.dataset.ends.split(" ");
    var over = ends.filter(function (date) { return left(date) < 0; }).length;
    var on = ends.length - over;
    if (note.classList.contains("chip")) {
      if (over) note.textContent = on ? "公示中 " + on + " 件" : "已结束 " + over + " 件";
      if (!on) note.className = "chip over";
      return;
    }
    if (!over) return;
    var small = note.parentNode;
    small.querySelector(".day").style.visibility = "hidden";  // counted today; its room stays, so that nothing moves
    note.textContent = on ? on + " 件，" + over + " 件已结束" : over + " 件，都已结束";
    if (!on) small.parentNode.querySelector("span").textContent = "公示已结束";
  });
  all("[data-starts]", function (note) {
    var starts = note.dataset.starts.split(" ");
    var begun = starts.filter(function (date) { return left(date) <= 0; }).length;
    if (begun) note.textContent = (begun < starts.length ? begun + " 件" : starts.length > 1 ? "都" : "") + "已开始";
  });

  // One's own row: part of a name or group. A masked name is found by the whole one: 张小三 finds 张*三.
  all(".list", function (section) {
    var box = section.querySelector(".mine");
    if (!box) return;
    var input = box.querySelector("input");
    var status = box.querySelector("[role=status]");
    var rows = Array.prototype.slice.call(section.querySelectorAll("tbody tr")).map(function (row) {
      var cells = Array.prototype.map.call(row.cells, function (cell) { return cell.textContent.trim().toLowerCase(); });
      var masks = cells.filter(function (text) { return /[*＊×]/.test(text); }).map(function (text) {
        var plain = text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
        return new RegExp("^" + plain.replace(/[*＊×]+/g, ".{1,3}") + "$");
      });
      return { row: row, text: cells.join("\n"), bare: cells.join("\n").replace(/[*＊×]/g, ""), masks: masks };
    });
    input.addEventListener("input", function () {
      var words = input.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
      var found = 0;
      rows.forEach(function (entry) {
        var hit = words.every(function (word) {
          return entry.text.indexOf(word) >= 0 || entry.bare.indexOf(word) >= 0 ||
            entry.masks.some(function (mask) { return mask.test(word); });
        });
        entry.row.hidden = !hit;
        if (hit) found += 1;
      });
      section.classList.toggle("found", words.length > 0);
      status.textContent = !words.length ? "" : found ? "找到 " + found + " 行" : "没有找到，换一个字试试";
    });
    box.hidden = false;
  });

  // The official particulars are folded on a phone only, and never on paper.
  var heads = function (open) { all("details", function (d) { d.open = open || d.open; }); };
  if (window.matchMedia("(min-width:60em)").matches) all("details.head", function (d) { d.open = true; });
  window.addEventListener("beforeprint", function () { heads(true); });
  all("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
})();
