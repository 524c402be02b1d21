/* Search: words → pieces of the host's index → pages. docs/search.md says how the files are made; search-page.js shows what is found. */
(function () {
  "use strict";
  const self = document.currentScript, root = self.dataset.root, local = "index" in self.dataset, folder = local ? self.dataset.index : root + "search-index/";

  // Files: fetched, or where nothing may be fetched, brought by a script of the same name. All are packed.
  const kept = new Map(), waiting = {};
  window.sitegenFile = (name, base64) => waiting[name](Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
  const script = (src, name) => new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    if (name) waiting[name] = resolve; else tag.onload = resolve;
    tag.onerror = () => reject(new Error(src));
    tag.src = src;
    document.head.append(tag);
  });
  let fresh = "no-cache"; // asks whether it is another one by now; a server that knows seconds only may not tell
  const fetched = async (name) => {
    const answer = await fetch(folder + name, name === "index.bin" ? { cache: fresh } : {});
    if (!answer.ok) throw new Error(name);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const unpacked = async (name) => {
    const data = await (local ? script(folder + name.replace(".bin", ".js"), name) : fetched(name));
    if (data[0] !== 31 || data[1] !== 139) return data; // the server said so, and the browser has done it
    if (window.DecompressionStream) {
      const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    }
    if (!window.fflate) await script(self.src.replace("search.js", "fflate.js"));
    return window.fflate.gunzipSync(data);
  };
  const load = (name, read) => {
    if (!kept.has(name)) kept.set(name, unpacked(name).then(read).catch((error) => { kept.delete(name); throw error; }));
    return kept.get(name);
  };
  const words = (data) => new TextDecoder().decode(data);
  const json = (data) => JSON.parse(words(data));

  // Text as it is compared. texts.py does the same to what is found.
  const ALIKE = { "(": "〔【[〖", ")": "〕】]〗", '"': "“”", "'": "‘’", "-": "‐‑‒–—―−", "σ": "ς" }, alike = {};
  Object.keys(ALIKE).forEach((to) => Array.from(ALIKE[to]).forEach((c) => { alike[c] = to; }));
  const BLANK = /[\x00-\x09\x0b-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/g;
  const plain = (text) => Array.from(text.normalize("NFKC").toLowerCase().replace(BLANK, ""), (c) => alike[c] || c).join("");
  const fold = (text) => plain(text).replace(/([0-9]),(?=[0-9])/g, "$1");
  const terms = (query) => query.split(/\s+/).map((word) => fold(word).replace(/^,(?=[0-9])|([0-9]),$/g, "$1")).filter(Boolean);

  // The index: every segment's pages, and where its pieces begin.
  let index = null;
  const open = () => {
    index = index || load("index.bin", json).then(async (head) => {
      head.segments = await Promise.all(head.segments.map(([name, head, scanned]) => load(`${name}/${head}.bin`, (data) => segment(name, scanned, json(data)))));
      return head;
    }).catch((error) => { index = null; throw error; });
    return index;
  };
  const segment = (name, scanned, head) => {
    const column = (key) => Array.from(head[key], (c) => c.codePointAt(0) - 35);
    const [titles, days, fields, flags, chunks, runs, texts] = ["title", "day", "field", "flags", "chunks", "runs", "texts"].map(column), pages = [];
    let at = 0, day = 0, unit = -1, ofUnit = 0, run = -1, ofRun = 0, chunk = -1, ofChunk = 0, file = 0, year = 0;
    column("size").forEach((size, n) => {
      if (!ofRun) {
        if (!ofUnit) ofUnit = runs[++unit];
        ofUnit -= 1;
        ofRun = texts[++run];
        day = 0;
        file = -1;
        year = new Date(days[n] * 864e5).getUTCFullYear();
        at = Math.ceil(at / 2048) * 2048;
      }
      if (!ofChunk) { ofChunk = chunks[++chunk]; file += 1; }
      day += days[n];
      pages.push({
        at, body: at + 32 * titles[n], segment: name, n, unit: head.units[unit], day, year: day ? new Date(day * 864e5).getUTCFullYear() : 0,
        field: head.fields[fields[n]], flags: flags[n], file: `${name}/${scanned ? "t0" : `${head.units[unit]}-${year}-${file}-${head.files.slice(4 * chunk, 4 * chunk + 4)}`}.bin`, nth: scanned ? n : chunks[chunk] - ofChunk,
      });
      at += 32 * 2 ** size;
      ofRun -= 1;
      ofChunk -= 1;
    });
    return { name, scanned, pages, seams: head.seams ? head.seams.split("\n") : [], names: head.names };
  };
  const text = async (page) => (await load(page.file, json))[page.nth];

  // Where a key stands, or every key that begins with it, in order.
  const less = (a, b) => { // in order of code points, as the index is
    const x = Array.from(a), y = Array.from(b), n = x.findIndex((c, i) => c !== y[i]);
    return n < 0 ? x.length < y.length : n < y.length && x[n].codePointAt(0) < y[n].codePointAt(0);
  };
  const file = (seg, n) => `${seg.name}/${Array.from(seg.seams[n], (c) => c.codePointAt(0).toString(16)).join("_")}-${seg.names.slice(4 * n, 4 * n + 4)}.bin`;
  const places = async (seg, key) => {
    let low = 0, high = seg.seams.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (less(key, seg.seams[middle])) high = middle; else low = middle + 1;
    }
    const pieces = low ? [low - 1] : [];
    for (; low < seg.seams.length && seg.seams[low].startsWith(key); low += 1) pieces.push(low);
    const lists = [].concat(...await Promise.all(pieces.map(async (n) => listed(await load(file(seg, n), (d) => d), key))));
    return lists.length === 1 ? lists[0] : [].concat(...lists).sort((a, b) => a - b);
  };
  const listed = (data, key) => {
    let at = 0;
    const number = () => {
      let value = 0, shift = 0;
      for (; data[at] > 127; shift += 7) value += (data[at++] & 127) << shift;
      return value + (data[at++] << shift);
    };
    const length = number(), keys = words(data.subarray(at, at + length)).split("\n");
    at += length;
    const sizes = keys.map(number), found = [];
    keys.forEach((name, n) => {
      const end = at + sizes[n];
      if (name.startsWith(key)) {
        const list = [];
        for (let place = 0; at < end;) list.push(place += number());
        found.push(list);
      }
      at = end;
    });
    return found;
  };

  // Pages of a segment that hold a term, each with whether its title does.
  const standing = async (seg, term) => {
    const found = new Map();
    if (seg.scanned) {
      seg.folded = seg.folded || load(seg.pages[0].file, json).then((texts) => texts.map(([, title, body]) => [fold(title), fold(body)]));
      (await seg.folded).forEach(([title, body], n) => {
        if (title.includes(term) || body.includes(term)) found.set(seg.pages[n], title.includes(term));
      });
      return found;
    }
    const letters = Array.from(term), starts = [];
    for (let n = 0; n < letters.length - 3; n += 3) starts.push(n);
    starts.push(Math.max(letters.length - 3, 0));
    const [first, ...others] = await Promise.all(starts.map((n) => places(seg, letters.slice(n, n + 3).join(""))));
    const whole = others.reduce((left, list, k) => {
      const before = letters.slice(0, starts[k + 1]), clauses = before.some((c) => ",;。".includes(c));
      let i = 0;
      return left.filter((place) => {
        const at = clauses ? before.reduce((p, c) => (",;。".includes(c) ? (p + 8) & ~7 : p + 1), place) : place + before.length; // a clause begins at a multiple of 8
        while (list[i] < at) i += 1;
        return list[i] === at;
      });
    }, first);
    let n = 0;
    whole.forEach((place) => {
      while (n + 1 < seg.pages.length && seg.pages[n + 1].at <= place) n += 1;
      found.set(seg.pages[n], found.get(seg.pages[n]) || place < seg.pages[n].body);
    });
    return found;
  };
  const look = async (query) => {
    const wanted = terms(query);
    const { segments, units } = await open(), home = new Set(units.filter(([, name]) => wanted.every((term) => fold(name).includes(term))).map(([code]) => code));
    const hits = await Promise.all(segments.map(async (seg) => {
      const [first, ...others] = await Promise.all(wanted.map((term) => standing(seg, term)));
      const all = Array.from(first || []).filter(([page]) => others.every((other) => other.has(page)));
      return all.map(([page, title]) => ({ page, title: title && others.every((other) => other.get(page)) }));
    }));
    const rank = ({ page, title }) => (title ? 8 : 0) + (page.flags & 2 && home.has(page.unit) ? 4 : 0) + (page.flags & 1 ? 0 : 2);
    return [].concat(...hits).sort((a, b) => rank(b) - rank(a) || b.page.day - a.page.day);
  };
  const find = (query) => look(query).catch(() => { // the site was published anew, and what its index said is no more
    kept.clear();
    index = null;
    fresh = "reload";
    return look(query);
  });

  window.sitegenSearch = { open, find, text, plain, fold, terms, file: (name) => load(name, json), root, local, apart: local || "apart" in self.dataset };
})();
