// What a reader of the page can find wrong with it: contrast, names, order of headings, width, size of what is pressed.
(() => {
  const faults = [];
  const seen = (e) => e.getClientRects().length && getComputedStyle(e).visibility !== "hidden";
  const rgb = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let text; (text = walker.nextNode()); ) {
    const e = text.parentElement;
    if (!text.data.trim() || !seen(e) || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(e.tagName)) continue;
    count += 1;
    const [one, other] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}: ${text.data.trim()}`);
  }
  if (count < 5) faults.push(`only ${count} texts looked at`);
  for (const e of document.querySelectorAll("input:not([type=hidden]), textarea, button, a")) {
    const name = e.getAttribute("aria-label") || e.innerText || [...(e.labels || [])].map((l) => l.innerText).join("");
    if (!name.trim()) faults.push(`no name: ${e.outerHTML}`);
    if (seen(e) && e.tagName === "BUTTON" && e.getBoundingClientRect().height < 36) faults.push(`small: ${name}`);
  }
  const levels = [...document.querySelectorAll("h1, h2, h3")].filter(seen).map((e) => Number(e.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("not one h1");
  levels.forEach((level, n) => {
    if (n && level > levels[n - 1] + 1) faults.push(`heading ${level} after ${levels[n - 1]}`);
  });
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) faults.push("one id twice");
  for (const e of document.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
    const id = e.getAttribute("aria-labelledby") || e.getAttribute("aria-describedby");
    if (seen(e) && !document.getElementById(id)) faults.push(`nothing is called ${id}`);
  }
  if (document.documentElement.lang !== "zh-CN") faults.push("language");
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`too wide: ${scrollWidth}`);
  return faults;
})()
