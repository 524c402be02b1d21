/* A code typed in small letters, with i or l for 1 and o for 0, or with dashes and blanks within it, is led on to its page. */
(function () {
  "use strict";
  var path = location.pathname;
  try { path = decodeURIComponent(path); } catch (e) { return; }
  var found = /^(.*\/)q\/([^/]+)\/?$/i.exec(path.normalize("NFKC"));
  var code = found && /^((?:[^-]-?){10})(?:-?(\d+))?$/.exec(found[2].toUpperCase().replace(/\s/g, ""));
  if (!code) return;
  var name = code[1].replace(/-/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  if (!/^[0-9A-HJKMNP-TV-Z]{10}$/.test(name)) return;
  var goal = found[1] + "Q/" + name + (code[2] ? "-" + code[2] : "") + "/";
  if (goal !== location.pathname) location.replace(goal);
})();
