"use strict";
(() => {
  const body = document.body, data = body.dataset, at = (id) => document.getElementById(id);
  const all = [...document.querySelectorAll("main article:not([data-none])")], none = at("none");
  const rows = [...document.querySelectorAll("#list li")], dots = at("dots");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let here = all[0] || none, turn = 0, idle = 0, shown = "", round = [];

  // The day by the screen's own clock; a clock that is behind the day of the data is wrong, and the data's day counts.
  const today = () => {
    const now = new Date(), two = (n) => String(n).padStart(2, "0");
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    return day < data.built ? data.built : day;
  };
  const open = (item, day) => !item.dataset.from || (item.dataset.from <= day && day <= item.dataset.until);

  // What may be shown today: nothing whose posting has ended or has not begun.
  const current = () => {
    const day = today(), found = all.filter((item) => open(item, day));
    const key = found.map((item) => item.id).join(" ");
    if (key !== shown) {
      shown = key;
      rows.forEach((row) => { row.hidden = !found.includes(at("item-" + row.dataset.item)); });
      // What is posted turns; where nothing is, what was published last.
      round = found.filter((item) => item.dataset.from);
      if (!round.length) round = found.length ? found : [none];
      dots.replaceChildren(...(round.length > 24 ? [round[0]] : round).map(() => document.createElement("li")));
      dots.classList.toggle("count", round.length > 24);
    }
    const age = Math.round((Date.parse(day) - Date.parse(data.built)) / 864e5);
    at("age").hidden = age < Number(data.old);
    at("age").querySelector("b").textContent = age;
    return found.length ? found : [none];
  };

  // What is a little too much for the screen is set smaller while it turns.
  const fit = () => {
    const face = here.querySelector(".face"), room = document.querySelector("main").clientHeight;
    for (const size of data.mode === "rotate" ? [1, 0.93, 0.86, 0.79, 0.72, 0.65, 0.58, 0.5] : [1]) {
      face.style.zoom = size;
      if (face.getBoundingClientRect().height <= room) break;
    }
  };

  const show = (item, mode) => {
    const found = current();
    here = found.includes(item) ? item : found[0];
    if (mode === "rotate" && !round.includes(here)) here = round[0];
    data.mode = mode === "read" && here === none ? "rotate" : mode;
    document.querySelectorAll("article.here").forEach((one) => one.classList.remove("here"));
    here.classList.add("here");
    const n = round.indexOf(here);
    [...dots.children].forEach((dot, m) => dot.classList.toggle("here", n === m));
    if (round.length > 24) dots.firstChild.textContent = `${n + 1} / ${round.length}`;
    fit();
    document.querySelector("main").scrollTop = 0;
    body.classList.toggle("still", still.matches);
    clearTimeout(turn);
    clearTimeout(idle);
    if (data.mode === "rotate") {
      if (document.activeElement && document.activeElement !== body && !still.matches) document.activeElement.blur();
      turn = setTimeout(() => (still.matches ? show(here, "rotate") : step(1)), Number(data.seconds) * 1000);
    } else {
      rest();
      const head = (data.mode === "list" ? at("list") : here).querySelector("h1, h2");
      head.focus({ preventScroll: true });
      at("said").textContent = head.textContent;
    }
  };
  const step = (by) => {
    const found = current(), these = data.mode === "read" ? found : round, n = these.indexOf(here);
    show(these[(n + by + these.length) % these.length], data.mode === "read" ? "read" : "rotate");
  };

  // Nobody touches it any more: from the beginning again.
  const rest = () => {
    clearTimeout(idle);
    if (data.mode !== "rotate") idle = setTimeout(() => { current(); show(round[0], "rotate"); }, Number(data.idle) * 1000);
  };

  at("back").onclick = () => show(here, "list");
  at("previous").onclick = () => step(-1);
  at("next").onclick = () => step(1);
  at("go").onclick = () => show(here, "rotate");
  rows.forEach((row) => { row.firstElementChild.onclick = () => show(at("item-" + row.dataset.item), "read"); });
  document.querySelector("main").addEventListener("click", () => { if (data.mode === "rotate") show(here, "read"); });

  // Keyboard and remote control: left and right turn, OK reads, back goes back.
  document.addEventListener("keydown", (event) => {
    rest();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const key = event.key, button = event.target.closest && event.target.closest("button");
    if (key === "ArrowRight" || key === "PageDown" && data.mode === "rotate" || key === "MediaTrackNext") data.mode === "list" ? focus(1) : step(1);
    else if (key === "ArrowLeft" || key === "PageUp" && data.mode === "rotate" || key === "MediaTrackPrevious") data.mode === "list" ? focus(-1) : step(-1);
    else if (data.mode === "list" && key === "ArrowDown") focus(1);
    else if (data.mode === "list" && key === "ArrowUp") focus(-1);
    else if ((key === "Enter" || key === " ") && data.mode === "rotate" && !button) show(here, "read");
    else if (key === "Escape" || key === "Backspace" || key === "BrowserBack" || key === "GoBack") show(here, data.mode === "read" ? "list" : "rotate");
    else return;
    event.preventDefault();
  });
  const focus = (by) => {
    const found = rows.filter((row) => !row.hidden).map((row) => row.firstElementChild);
    if (found.length) found[(found.indexOf(document.activeElement) + by + found.length) % found.length].focus();
  };

  for (const name of ["pointerdown", "pointermove", "wheel", "touchstart"]) addEventListener(name, rest, { passive: true });
  document.querySelector("main").addEventListener("scroll", rest, { passive: true });
  addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("resize", fit);
  still.addEventListener("change", () => show(here, data.mode));
  // A posting may end while it is shown, at midnight or after a night in standby.
  const look = () => { if (!current().includes(here)) show(here, "rotate"); };
  setInterval(look, 20000);
  document.addEventListener("visibilitychange", look);
  show(here, "rotate");
})();
