// Presses a listing's "more" or "next" where it has no address, and keeps the rows that a press replaces.
// Called with "press" until it answers false, then with "restore": every row seen stands in the page.
async (order) => {
  const kept = (window.__auditorKept ??= []);
  const MORE = /^(xem|tải|hiển thị) (thêm|tiếp)\b.{0,20}$|^(load|show|view) more\b.{0,20}$/i;
  const NEXT = /^(trang )?(sau|tiếp|tiếp theo|kế tiếp|next|older|cũ hơn)$|^[›»>→⟩❯]+$/i;
  const words = (element) =>
    (element.innerText || element.getAttribute("aria-label") || element.title || "").replace(/\s+/g, " ").trim();
  const leadsNowhere = (element) => {
    const link = element.closest("a[href]") || element.querySelector("a[href]");
    const to = link ? link.getAttribute("href").trim() : "";
    return to === "" || to.startsWith("#") || to.toLowerCase().startsWith("javascript:");
  };
  const shown = (element) => element.getClientRects().length > 0;
  if (order === "restore") {
    const linked = (element) => [...element.children].filter((child) => child.matches("a[href]") || child.querySelector("a[href]"));
    // What was replaced is either rows, or a whole list: then its rows go into the list that took its place.
    const putBack = (box, row) => {
      const heir = [...box.children].find(
        (other) => other.tagName === row.tagName && other.className === row.className && linked(other).length,
      );
      if (heir && linked(row).length > 1) linked(row).toReversed().forEach((each) => heir.prepend(each));
      else if (heir && linked(row).length === 1 && linked(linked(row)[0]).length > 1) putBack(heir, linked(row)[0]);
      else box.prepend(row);
    };
    for (const [box, rows] of kept.toReversed()) {
      if (box.isConnected) rows.filter((row) => !row.isConnected).toReversed().forEach((row) => putBack(box, row));
    }
    // A "more" that the page has put away has no more to show.
    for (const button of document.querySelectorAll("button, a, [role=button]")) {
      if (MORE.test(words(button)) && !shown(button) && leadsNowhere(button)) button.remove();
    }
    return false;
  }
  const isOff = (element) =>
    element.disabled || element.closest("[disabled], .disabled, [aria-disabled=true], form, nav.main, header, footer");
  const beside = (element) => {
    const box = element.closest("ul, ol, nav, div, p, td") || document.body;
    return [box, box.parentElement || box].some(
      ({ innerText: said }) => said.length < 300 && /(^|\s)\d{1,3}(\s|$)/.test(said),
    );
  };
  const candidates = [...document.querySelectorAll("a, button, [role=button], li, span, div")].filter(
    (element) => element.children.length < 3 && shown(element) && leadsNowhere(element) && !isOff(element),
  );
  const button =
    candidates.findLast((element) => MORE.test(words(element))) ||
    candidates.findLast((element) => NEXT.test(words(element)) && beside(element));
  if (!button) return false;

  const added = new Set();
  const removed = new Map();
  let last = performance.now();
  const watcher = new MutationObserver((records) => {
    last = performance.now();
    for (const record of records) {
      const rows = [...record.removedNodes].filter((node) => node.nodeType === 1 && !node.contains(button));
      if (rows.length) removed.set(record.target, [...(removed.get(record.target) || []), ...rows]);
      for (const node of record.addedNodes) if (node.nodeType === 1) added.add(node);
    }
  });
  // A framework may write new words into the rows it has: what they said is copied before the press.
  const copies = new Map();
  for (const link of document.querySelectorAll("a[href]")) {
    const box = link.closest("ul, ol, table, section, div");
    if (box && !copies.has(box)) copies.set(box, [...box.children].map((row) => [row, row.cloneNode(true), row.innerText]));
  }
  watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  button.click();
  const end = performance.now() + 2500;
  do await new Promise((done) => setTimeout(done, 100));
  while (performance.now() < end && (performance.now() - last < 400 || (!added.size && !removed.size)));
  watcher.disconnect();
  let rewritten = false;
  for (const [box, rows] of copies) {
    const changed = rows.filter(([row, , said]) => row.isConnected && row.innerText !== said && row.querySelector("a[href]"));
    const inner = changed.some(([row]) => [...copies.keys()].some((other) => row.contains(other) && other !== box));
    if (changed.length > 1 && !inner) {
      kept.push([box, changed.map(([, copy]) => copy)]);
      rewritten = true;
    }
  }
  for (const [box, rows] of removed) {
    if (rows.some((row) => row.matches("a[href]") || row.querySelector("a[href]"))) kept.push([box, rows]);
  }
  return rewritten || [...added].some((node) => node.isConnected && (node.matches("a[href]") || node.querySelector("a[href]")));
};
