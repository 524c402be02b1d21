/* A province's search: words → the counties whose texts hold all their pairs of characters → each county's own search. sitegen/province/merge.py makes the files. */
(function () {
  "use strict";
  const form = document.querySelector("form.search"), search = window.sitegenSearch;
  if (!form || !search) return;
  const status = document.querySelector(".search-status"), list = document.querySelector(".found"), LEVEL = 2097152;
  const order = (key) => { const [a, b] = Array.from(key, (c) => c.codePointAt(0)); return a * LEVEL + b; };
  const spread = (ranges) => { // "0-2.5" → 0, 1, 2, 5
    const found = new Set();
    (ranges ? ranges.split(".") : []).forEach((range) => {
      const [first, last = first] = range.split("-").map(Number);
      for (let n = first; n <= last; n += 1) found.add(n);
    });
    return found;
  };
  const having = async (head, pair) => {
    const wanted = order(pair);
    let low = 0, high = head.pieces.length;
    while (low < high) { // the last piece that begins no later
      const middle = (low + high) >> 1;
      if (order(head.pieces[middle][0]) <= wanted) low = middle + 1; else high = middle;
    }
    return low ? spread((await search.file(head.pieces[low - 1][1] + ".bin"))[pair]) : new Set();
  };
  const counties = async (terms) => {
    const head = await search.file("index.bin"), pairs = new Set();
    terms.forEach((term) => Array.from(term).forEach((letter, n, all) => { if (n) pairs.add(all[n - 1] + letter); }));
    const sets = await Promise.all(Array.from(pairs, (pair) => having(head, pair)));
    return head.counties.filter((_, n) => sets.every((set) => set.has(n)));
  };
  let turn = 0;
  const run = async () => {
    const query = form.elements.q.value.trim(), terms = search.terms(query), now = turn += 1;
    list.replaceChildren();
    history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : "./");
    if (!query) { status.textContent = ""; return; }
    if (!terms.length || terms.some((term) => Array.from(term).length < 2)) { status.textContent = "每个词请至少输入两个字。"; return; }
    status.textContent = "正在找……";
    try {
      const found = await counties(terms);
      if (now !== turn) return;
      list.replaceChildren(...found.map(([, name, url]) => {
        const line = document.createElement("li"), link = document.createElement("a");
        link.href = `${url}search/?q=${encodeURIComponent(query)}`;
        link.textContent = `到${name}的网站看`;
        line.append(link);
        return line;
      }));
      status.textContent = found.length ? `${found.length}个县（市、区）公开的信息里可能有：` : "没有哪个县公开过有这些字的信息。换个说法，或者少输几个字试试。";
    } catch {
      if (now === turn) status.textContent = "索引没有取到，请稍后再试，或者从下面的名单进到各县的网站找。";
    }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { form.elements.q.value = asked; run(); }
})();
