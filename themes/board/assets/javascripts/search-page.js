/* The page to search on: what is typed, what narrows it, and what was found in its context. search.js does the finding. */
(function () {
  "use strict";
  const form = document.querySelector("form.search"), search = window.sitegenSearch;
  if (!form || !search) return;
  const part = (selector) => document.querySelector(selector);
  const input = form.elements.q, status = part(".search-status"), list = part(".hits"), more = part(".more-hits"), wider = part(".all-units"), coded = part(".code-hit");
  const LEVELS = { county: "县级", township: "乡级", village: "村级" }, PREFIX = { county: 6, township: 9, village: 12 }, FIRST = 6, NEXT = 10;
  const filters = ["unit", "level", "field", "year"];
  let units = new Map(), standard = "", hits = [], wanted = [], shown = 0, turn = 0;

  // A permanent code as people type it; the same rules as in code.py.
  const codeOf = (typed) => {
    const whole = search.plain(typed).toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
    let code = "", n = 0;
    for (; n < whole.length && code.length < 10; n += 1) code += whole[n].replace("-", "");
    const rev = whole.slice(n);
    return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code) && /^(-[0-9]+)?$/.test(rev) ? { code, rev } : null;
  };
  const spaced = ({ code, rev }) => code.replace(/(.{4})(?=.)/g, "$1 ") + rev;
  const pageOf = async ({ code, rev }) => { // where a code is answered, or ""
    if (!search.local) {
      for (const path of [`Q/${code}${rev}/`, `Q/${code}/`]) if (await fetch(search.root + path).then((r) => r.ok, () => false)) return search.root + path;
    }
    for (const { page } of await search.find(code)) { // on another host, or where nothing can be asked
      const [path, , body, newest] = await search.text(page), unit = units.get(page.unit);
      if (!newest || !body.split("\n").includes(code)) continue;
      if (search.local && unit.codes && rev && Number(rev.slice(1)) <= newest) return `${search.root}../${unit.codes}/${code}${rev}/index.html`;
      return address(page, path);
    }
    return "";
  };
  const address = (page, path) => {
    const url = new URL(units.get(page.unit).url);
    if (search.apart) return `${search.root}../${url.host}${url.pathname}${path}${search.local ? "index.html" : ""}`; // hosts are folders side by side
    return url.host === form.dataset.host ? search.root + url.pathname.slice(1) + path : url.href + path;
  };
  const chosen = (name) => (form.elements[name] ? form.elements[name].value : "");
  const within = (code, scope) => !scope || code.startsWith(scope.slice(0, PREFIX[units.get(scope).level]));
  const valueOf = { unit: (page) => page.unit, level: (page) => units.get(page.unit).level, field: (page) => page.field, year: (page) => String(page.year) };
  const passes = (name, value) => (name === "unit" ? (page) => within(page.unit, value) : (page) => valueOf[name](page) === value);
  const passing = (without) => { // the form is asked once, not for every page
    const wanting = filters.filter((name) => name !== without && chosen(name)).map((name) => passes(name, chosen(name)));
    if (form.elements.valid.checked) wanting.push((page) => !(page.flags & 1));
    return wanting.length ? hits.filter(({ page }) => wanting.every((test) => test(page))) : hits;
  };

  const options = () => { // every choice with how many it leaves
    const choices = {
      unit: Array.from(units.values(), (u) => [u.code, "　".repeat({ county: 0, township: 1, village: 2 }[u.level]) + u.name]),
      level: Object.keys(LEVELS).map((key) => [key, LEVELS[key]]),
      field: Array.from(new Set(hits.map(({ page }) => page.field))).filter(Boolean).sort().map((name) => [name, name]),
      year: Array.from(new Set(hits.map(({ page }) => page.year))).filter(Boolean).sort((a, b) => b - a).map((year) => [String(year), `${year}年`]),
    };
    filters.forEach((name) => {
      const box = form.elements[name], value = chosen(name), others = passing(name), counts = new Map();
      others.forEach(({ page }) => counts.set(valueOf[name](page), (counts.get(valueOf[name](page)) || 0) + 1));
      const below = (key) => Array.from(counts).reduce((sum, [code, n]) => sum + (within(code, key) ? n : 0), 0);
      box.replaceChildren(new Option(`全部（${others.length}）`, ""));
      choices[name].forEach(([key, label]) => {
        const count = name === "unit" ? below(key) : counts.get(key) || 0;
        if (count || key === value) box.append(new Option(`${label}（${count}）`, key));
      });
      box.value = value;
    });
  };

  const spots = (text) => { // [from, to) of every term, as the text is written
    const at = [], found = [];
    let folded = "";
    for (let i = 0; i < text.length; i += text.codePointAt(i) > 65535 ? 2 : 1) {
      const letters = search.plain(String.fromCodePoint(text.codePointAt(i)));
      const comma = letters === "," && /[0-9]$/.test(folded) && /^[0-9]/.test(search.plain(text.slice(i + 1, i + 2)));
      if (!comma) { folded += letters; for (let n = 0; n < letters.length; n += 1) at.push(i); }
    }
    wanted.forEach((term) => {
      for (let n = folded.indexOf(term); n >= 0; n = folded.indexOf(term, n + term.length)) found.push([at[n], at[n + term.length - 1] + 1]);
    });
    return found.sort((a, b) => a[0] - b[0]);
  };
  const marked = (parent, text, all, from = 0, to = text.length) => {
    let done = from;
    all.forEach(([start, end]) => {
      if (start < done || end > to) return;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      parent.append(text.slice(done, start), mark);
      done = end;
    });
    parent.append(text.slice(done, to));
  };
  const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text || "" });
  const item = async ({ page }) => {
    const [path, title, body] = await search.text(page), unit = units.get(page.unit), line = document.createElement("li");
    const link = element("a"), facts = element("p"), context = element("p", "context"), text = body.replace(/\n/g, "  "), all = spots(body);
    link.href = address(page, path);
    marked(link, title, spots(title));
    if (page.day) {
      const day = new Date(page.day * 864e5), time = element("time", "", `${day.getUTCFullYear()}年${day.getUTCMonth() + 1}月${day.getUTCDate()}日`);
      time.dateTime = day.toISOString().slice(0, 10);
      facts.append(time);
    }
    facts.append(element("span", "", unit.name));
    if (page.field) facts.append(element("span", "", page.field));
    if (page.flags & 1) facts.append(element("span", "chip over", "已失效"));
    const from = all.length && all[0][0] > 24 ? all[0][0] - 20 : 0, to = Math.min(from + 90, body.length);
    marked(context, body.replace(/\n/g, " "), all, from, to);
    if (from) context.prepend("…");
    if (to < text.length) context.append("…");
    line.append(link, facts, context);
    return line;
  };

  const show = async (count) => {
    const now = turn, left = passing(), first = shown === 0;
    const lines = await Promise.all(left.slice(shown, shown + count).map(item));
    if (now !== turn) return;
    if (first) list.replaceChildren(...lines); else list.append(...lines);
    shown += lines.length;
    more.hidden = shown >= left.length;
    more.textContent = `再看${Math.min(NEXT, left.length - shown)}件（还有${left.length - shown}件）`;
    if (!first && lines.length) lines[0].querySelector("a").focus();
  };
  const narrowed = async ({ lead = "", lacking = "" } = {}) => { // all of it is said at once: what is announced is not taken back
    turn += 1;
    shown = 0;
    const lines = show(FIRST); // its texts are on their way while the choices are counted
    options();
    const left = passing().length, every = passing("unit").length, scope = units.get(chosen("unit"));
    part(".narrow").hidden = !hits.length;
    wider.hidden = !scope || every <= left;
    wider.textContent = `看全部单位的${every}件`;
    const place = scope ? scope.name + (scope.level === "village" ? "" : "及所属") : "";
    status.textContent = lead + (lacking ? `${lacking}没有，其他单位找到${left}件` : left ? `${place}找到${left}件` : hits.length ? `${place}没有符合的` : "没有找到。换个说法，或者少输几个字试试；也可以按下面的年份、栏目找。");
    remember();
    await lines;
  };
  const remember = () => {
    if (search.local) return; // such an address cannot be changed
    const query = new URLSearchParams();
    ["q", ...filters].forEach((name) => { if (chosen(name).trim() && name !== "unit") query.set(name, chosen(name).trim()); });
    if (chosen("unit") !== standard) query.set("unit", chosen("unit") || "all");
    if (form.elements.valid.checked) query.set("valid", "1");
    history.replaceState(null, "", `${location.pathname}${query.toString() ? "?" + query : ""}`);
  };

  // Words that stand together nowhere may stand apart: 耕地补贴 as 耕地 and 补贴.
  const apart = async () => {
    const letters = wanted.length === 1 ? Array.from(wanted[0]) : [], ways = [];
    if (letters.length < 4 || letters.length > 12) return [];
    for (let n = 2; n <= letters.length - 2; n += 1) ways.push([letters.slice(0, n).join(""), letters.slice(n).join("")]);
    if (letters.length > 5 && letters.length % 2 === 0) ways.push(letters.join("").match(/../gu));
    for (const way of ways) {
      const found = await search.find(way.join(" "));
      if (found.length) { wanted = way; return found; }
    }
    return [];
  };

  const run = async (go) => { // go: how to open a code's page at once, for what was sent and not only typed
    const typed = input.value.trim(), now = turn += 1;
    coded.hidden = true;
    wanted = search.terms(typed);
    if (!wanted.length) { list.replaceChildren(); more.hidden = wider.hidden = part(".narrow").hidden = true; status.textContent = ""; return; }
    status.textContent = "正在找…";
    try {
      await prepared();
      const code = codeOf(typed), page = code && await pageOf(code);
      if (now !== turn) return;
      if (page && go) { status.textContent = `正在打开永久码 ${spaced(code)}`; go(page); return; }
      let found = await search.find(typed);
      const loose = !found.length;
      if (loose) found = await apart();
      if (now !== turn) return;
      hits = found;
      if (code) {
        coded.hidden = false;
        coded.replaceChildren(page ? Object.assign(element("a", "", `打开永久码 ${spaced(code)} 的页面`), { href: page }) : `没有永久码 ${spaced(code)}。请照着纸上再输一遍；还是没有，请打电话核对。`);
      }
      const lead = loose && hits.length ? `没有连着写的“${typed}”；同时有${wanted.map((word) => `“${word}”`).join("")}的，` : "";
      if (chosen("unit") && hits.length && !passing().length && passing("unit").length) {
        const scope = units.get(chosen("unit")).name;
        form.elements.unit.value = "";
        await narrowed({ lead, lacking: scope });
      } else await narrowed({ lead });
    } catch (error) {
      if (now === turn) status.textContent = "搜索现在用不了，可能是网络不通。请过一会儿再试，或者按下面的年份、栏目找。";
    }
  };

  const given = new URLSearchParams(location.search);
  let ready = null;
  const prepare = () => search.open().then((index) => {
    units = new Map(index.units.map(([code, name, level, url, codes]) => [code, { code, name, level, url, codes }]));
    standard = Array.from(units.keys()).every((code) => within(code, form.dataset.unit)) ? "" : form.dataset.unit;
    filters.forEach((name) => {
      const value = given.get(name) || (name === "unit" ? standard : "");
      form.elements[name].replaceChildren(new Option("", ""), new Option("", value));
      form.elements[name].value = name === "unit" && !units.has(value) ? "" : value;
    });
    form.elements.valid.checked = given.get("valid") === "1";
    part(".narrow").open = window.matchMedia("(min-width:45em)").matches || filters.some((name) => given.has(name)) || given.has("valid");
  });
  const prepared = () => {
    ready = ready || prepare().catch((error) => { ready = null; throw error; });
    return ready;
  };
  let timer;
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing && Array.from(search.terms(input.value).join("")).length !== 1) timer = setTimeout(() => run(), 400);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(() => run(), 400); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); run((page) => location.assign(page)); });
  form.addEventListener("change", (event) => { if (event.target !== input) narrowed(); });
  more.addEventListener("click", () => show(NEXT));
  wider.addEventListener("click", () => { form.elements.unit.value = ""; narrowed(); });
  input.value = given.get("q") || "";
  prepared().catch(() => {}); // said when something is sent
  if (input.value) run((page) => location.replace(page)); else input.focus();
})();
