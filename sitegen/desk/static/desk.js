// Comforts; every page works without them.
(function () {
  "use strict";
  document.querySelectorAll("[data-narrow]").forEach(function (input) {
    var list = document.getElementById(input.dataset.narrow), told = document.getElementById("narrowed");
    function inOrder(wanted, text) {
      var at = 0;
      for (var c of wanted) { at = text.indexOf(c, at); if (at < 0) return false; at += 1; }
      return true;
    }
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase(), n = 0;
      if (/^[a-z]+$/.test(wanted)) return; // initials are found by the server: Enter
      Array.prototype.forEach.call(list.children, function (li) {
        var words = li.dataset.words.toLowerCase();
        li.hidden = wanted !== "" && words.indexOf(wanted) < 0 && !inOrder(wanted, words.split(" ")[1] || "");
        if (!li.hidden) n += 1;
      });
      if (told) told.textContent = n + " 个事项";
    });
  });
  document.querySelectorAll("[data-drop]").forEach(function (form) {
    var file = form.querySelector("input[type=file]");
    ["dragover", "dragenter"].forEach(function (name) {
      form.addEventListener(name, function (e) { e.preventDefault(); form.classList.add("over"); });
    });
    form.addEventListener("dragleave", function () { form.classList.remove("over"); });
    form.addEventListener("drop", function (e) {
      e.preventDefault(); form.classList.remove("over");
      if (e.dataTransfer.files.length) { file.files = e.dataTransfer.files; form.submit(); }
    });
  });
  var edit = document.getElementById("edit"), seen = document.getElementById("seen");
  if (!edit) return;
  var timer = null, running = null, touched = false;
  function place(fragment) {
    document.querySelectorAll("[data-place]").forEach(function (box) { box.textContent = ""; });
    document.querySelectorAll("[aria-invalid]").forEach(function (one) { one.removeAttribute("aria-invalid"); });
    fragment.querySelectorAll("template[data-for]").forEach(function (t) {
      var name = t.dataset.for, box = edit.querySelector('[data-place="' + name + '"]') || seen.querySelector(".seen");
      box.appendChild(t.content.cloneNode(true));
      var input = edit.elements[name];
      if (input && input.setAttribute) input.setAttribute("aria-invalid", "true");
      t.remove();
    });
  }
  function look() {
    if (running) running.abort();
    running = new AbortController();
    seen.classList.add("busy");
    fetch(edit.dataset.try, { method: "POST", body: new FormData(edit), signal: running.signal })
      .then(function (r) { if (!r.ok) throw new Error(r.status); return r.text(); })
      .then(function (html) {
        var old = seen.querySelector(".seen"), parsed = new DOMParser().parseFromString(html, "text/html").querySelector(".seen");
        var frame = old && old.querySelector("iframe"), sheets = old && old.querySelector(".sheets");
        var y = sheets ? sheets.scrollTop : 0, inner = 0;
        try { inner = frame ? frame.contentWindow.scrollY : 0; } catch (e) { inner = 0; }
        if (old && old.dataset.key && old.dataset.key === parsed.dataset.key) {
          Array.prototype.slice.call(old.querySelectorAll(".advice,.general,.seen>.finding")).forEach(function (n) { n.remove(); });
          Array.prototype.slice.call(parsed.querySelectorAll(".advice,.general,.seen>.finding")).reverse().forEach(function (n) { old.prepend(n); });
        } else {
          seen.textContent = ""; seen.appendChild(document.importNode(parsed, true));
          var f = seen.querySelector("iframe"), s = seen.querySelector(".sheets");
          if (f && inner) f.addEventListener("load", function () { try { f.contentWindow.scrollTo(0, inner); } catch (e) { return; } });
          if (s) s.scrollTop = y;
        }
        place(parsed);
        seen.querySelectorAll("template").forEach(function (t) { t.remove(); });
        seen.classList.remove("busy");
      })
      .catch(function (e) { if (e.name !== "AbortError") seen.classList.remove("busy"); });
  }
  edit.addEventListener("input", function () { touched = true; clearTimeout(timer); timer = setTimeout(look, 500); });
  edit.addEventListener("submit", function () { touched = false; });
  window.addEventListener("beforeunload", function (e) { if (touched) { e.preventDefault(); } });
  var rows = document.getElementById("rows"), add = document.querySelector("[data-add-row]");
  if (rows && add) {
    add.hidden = false;
    add.addEventListener("click", function () {
      var last = rows.lastElementChild, copy = last.cloneNode(true), n = rows.children.length;
      copy.querySelectorAll("input,select").forEach(function (c) {
        c.name = c.name.replace(/^c\d+/, "c" + n); c.value = "";
        c.setAttribute("aria-label", c.getAttribute("aria-label").replace(/\d+/, n + 1));
      });
      copy.querySelectorAll("[data-place]").forEach(function (b) { b.textContent = ""; b.dataset.place = b.dataset.place.replace(/^c\d+/, "c" + n); });
      rows.appendChild(copy); copy.querySelector("input,select").focus();
    });
  }
  if (!seen.querySelector(".seen")) look();
})();
