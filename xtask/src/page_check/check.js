// What a review page must hold to, once it is open: a list of what does not.
(() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const wrong = [];
  const check = (holds, what) => { if (!holds) wrong.push(what); };
  const links = all("a"), ids = new Set(all("[id]").map((item) => item.id));
  check(ids.size === all("[id]").length, "an id stands twice");
  check(links.every((link) => link.getAttribute("href").startsWith("#")), "a link leads away");
  const lost = links.filter((link) => !ids.has(link.getAttribute("href").slice(1)));
  check(!lost.length, lost.length + " links lead nowhere, such as " + lost[0]);
  const root = document.documentElement;
  check(root.scrollHeight <= innerHeight, "the window scrolls beside the panes: " + root.scrollHeight + " > " + innerHeight);
  check(root.scrollWidth <= innerWidth, "the window is too narrow: " + root.scrollWidth);
  for (const pane of all("#tasks, #changes")) {
    check(pane.scrollWidth <= pane.clientWidth + 1, "the pane " + pane.id + " is too narrow: " + pane.scrollWidth);
  }
  const files = all(".file");
  check(all("[data-file]").length === files.length, "the tree has not every file");
  // Every line that was used leads somewhere, and the place leads back to it.
  for (const link of all(".lines a")) {
    const line = link.closest("li").id, target = document.getElementById(link.getAttribute("href").slice(1));
    if (target && target.localName === "tr") {
      const back = [...target.querySelectorAll(".t a")].map((item) => item.getAttribute("href"));
      check(back.includes("#" + line) || / \+\d+$/.test(target.querySelector(".t").textContent), line + " has no link back from " + target.id);
    }
  }
  check(!all("[onclick], [onload], [onerror], [style], img, iframe, object, embed, link").length, "there is markup that is not ours");
  return wrong;
})()
