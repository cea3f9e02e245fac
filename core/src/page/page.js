(() => {
  "use strict";
  const all = (query) => [...document.querySelectorAll(query)];
  const get = (id) => document.getElementById(id);
  const boxes = all("input[data-id]"), lines = all(".lines li"), files = all(".file");
  const entries = new Map(all("[data-file]").map((entry) => [entry.dataset.file, entry])), folders = all(".tree details");
  const phases = new Map(boxes.map((box) => [box.dataset.id, box.closest("li").dataset.phase]));
  const command = get("command");
  const written = command ? command.textContent : "";
  get("filter").hidden = false;
  if (command) boxes.forEach((box) => { box.hidden = false; box.addEventListener("change", run); });

  // What is ticked, as the command that scaffolds it.
  function run() {
    if (!command) return;
    const ids = boxes.filter((box) => box.checked).map((box) => box.dataset.id).join(",");
    const word = /^[\w.,:-]*$/.test(ids) ? ids : "'" + ids.replaceAll("'", "'\\''") + "'";
    command.textContent = ids ? command.dataset.chosen + " --only " + word : written;
  }

  function filter() {
    const words = get("words").value.trim().toLowerCase(), phase = get("phase").value;
    const isOpen = !words && !phase;
    const inPhase = (id) => !phase || phases.get(id) === phase;
    const kept = new Set();
    let shown = 0;
    files.forEach((file, at) => {
      const ids = file.dataset.tasks.split(" ").filter(Boolean);
      const isPath = file.dataset.path.toLowerCase().includes(words);
      const mine = ids.filter((id) => inPhase(id) && (isPath || id.toLowerCase().includes(words)));
      file.hidden = !(isOpen || mine.length || isPath && !phase);
      entries.get(String(at)).hidden = file.hidden;
      if (!file.hidden) { shown += 1; mine.forEach((id) => kept.add(id)); }
    });
    folders.forEach((folder) => { folder.parentElement.hidden = !folder.querySelector("[data-file]:not([hidden])"); });
    phases.forEach((_, id) => { if (inPhase(id) && id.toLowerCase().includes(words)) kept.add(id); });
    lines.forEach((line) => { line.hidden = !(isOpen || kept.has(line.dataset.task)); });
    get("hits").textContent = isOpen ? "" : kept.size + " of " + phases.size + " tasks, " + shown + " of " + files.length + " files";
  }
  get("words").addEventListener("input", filter);
  get("phase").addEventListener("change", filter);
  get("filter").addEventListener("submit", (event) => event.preventDefault());

  // A link into what is filtered away shows everything again.
  function follow() {
    const target = location.hash && get(location.hash.slice(1));
    if (!target || !target.closest("[hidden]")) return;
    get("words").value = get("phase").value = "";
    filter();
    target.scrollIntoView();
  }
  addEventListener("hashchange", follow);

  const at = { file: null, task: null };
  function go(kind, list, step) {
    const open = list.filter((item) => !item.hidden);
    if (!open.length) return;
    all(".current").forEach((item) => item.classList.remove("current"));
    const place = open.indexOf(at[kind]) + step;
    const item = at[kind] = open[Math.max(0, Math.min(open.length - 1, at[kind] ? place : 0))];
    item.classList.add("current");
    item.scrollIntoView({ block: kind === "file" ? "start" : "nearest" });
    (item.querySelector("input:not([hidden]), h2") || item).focus({ preventScroll: true });
  }
  const tasks = boxes.map((box) => box.closest("li"));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { document.activeElement.blur(); return; }
    if (/^(search|text|select-one)$/.test(event.target.type || "")) return;
    const keys = {
      j: () => go("file", files, 1), k: () => go("file", files, -1),
      n: () => go("task", tasks, 1), p: () => go("task", tasks, -1),
      x: () => { const box = document.querySelector("li.current input"); if (box) { box.checked = !box.checked; run(); } },
      "/": () => get("words").focus(),
    };
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  run();
  filter();
})();
