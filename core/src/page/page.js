(() => {
  "use strict";
  const all = (query) => [...document.querySelectorAll(query)];
  const get = (id) => document.getElementById(id);
  const boxes = all("input[data-id]"), lines = all("li[data-task]"), files = all(".file");
  const phases = new Map(lines.map((line) => [line.dataset.task, line.dataset.phase]));
  const command = get("command");
  get("filter").hidden = false;
  boxes.forEach((box) => { box.hidden = false; box.addEventListener("change", run); });

  function run() {
    const ids = boxes.filter((box) => box.checked).map((box) => box.dataset.id).join(",");
    const word = /^[\w.,-]*$/.test(ids) ? ids : "'" + ids.replaceAll("'", "'\\''") + "'";
    command.textContent = command.dataset.command + (ids ? " --only " + word : "");
  }

  function filter() {
    const words = get("words").value.trim().toLowerCase(), phase = get("phase").value;
    const isTask = (id) => !phase || phases.get(id) === phase;
    let shown = 0;
    const kept = new Set();
    files.forEach((file) => {
      const ids = file.dataset.tasks.split(" ").filter(Boolean);
      const text = (file.dataset.path + " " + file.dataset.tasks).toLowerCase();
      file.hidden = !(text.includes(words) && (!phase || ids.some(isTask)));
      if (!file.hidden) { shown += 1; ids.filter(isTask).forEach((id) => kept.add(id)); }
    });
    lines.forEach((line) => {
      const id = line.dataset.task;
      line.hidden = !(isTask(id) && (!words || kept.has(id) || id.toLowerCase().includes(words)));
    });
    get("hits").textContent = shown + " of " + files.length + " files";
  }
  get("words").addEventListener("input", filter);
  get("phase").addEventListener("change", filter);
  get("filter").addEventListener("submit", (event) => event.preventDefault());

  const at = { file: -1, task: -1 };
  function go(kind, list, step) {
    const open = list.filter((item) => !item.hidden);
    if (!open.length) return;
    all(".current").forEach((item) => item.classList.remove("current"));
    at[kind] = Math.max(0, Math.min(open.length - 1, at[kind] + step));
    const item = open[at[kind]];
    item.classList.add("current");
    item.scrollIntoView({ block: "nearest" });
    (item.querySelector("input, h2") || item).focus({ preventScroll: true });
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
  filter();
})();
