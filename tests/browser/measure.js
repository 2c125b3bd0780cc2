// Looks at the page that it is added to, and tells the frame around it what is wrong: text that is cut, is too small or
// overlaps other text, and a page wider than the screen. It also looks at the values that stops show under the pointer.
"use strict";

const smallest = 9;  // pixels
const problems = [];

function visibleTexts(root) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || element.closest("title, desc, style, script, head")) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.display === "none") continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const boxes = element.ownerSVGElement ? [element.getBoundingClientRect()] : [...range.getClientRects()];
    const scale = element.ownerSVGElement ? element.getScreenCTM().a : 1;
    found.push({text, boxes, element, size: parseFloat(style.fontSize) * scale});
  }
  return found;
}

function overlap(a, b) {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 1 && high > 3;
}

// Texts are sorted by their beginning. Only texts that begin before the others end are compared.
function checkOverlaps(texts, where) {
  const all = texts.flatMap(({text, boxes}) => boxes.map((box) => ({text, box})));
  all.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < all.length; ++i) {
    for (let j = i + 1; j < all.length && all[j].box.top < all[i].box.bottom; ++j) {
      if (all[i].text !== all[j].text && overlap(all[i].box, all[j].box)) {
        problems.push(`${where}: '${all[i].text}' and '${all[j].text}' overlap`);
      }
    }
  }
}

function checkInside(texts, frame, where) {
  for (const {text, boxes} of texts) {
    const cut = boxes.some((box) => box.left < frame.left - 1 || box.right > frame.right + 1 ||
                                    box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
    if (cut) problems.push(`${where}: '${text}' is cut`);
  }
}

// The values that are shown under the pointer, one place after the other.
function checkStops(svg, where) {
  svg.querySelectorAll(".hint").forEach((hint) => hint.style.visibility = "hidden");
  for (const stop of svg.querySelectorAll(".stop")) {
    const shown = stop.querySelectorAll(".pointed");
    shown.forEach((text) => text.style.visibility = "visible");
    const texts = visibleTexts(svg);
    checkOverlaps(texts, `${where}, ${stop.querySelector("title").textContent}`);
    checkInside(texts, svg.getBoundingClientRect(), where);
    shown.forEach((text) => text.style.visibility = "");
  }
}

function check() {
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) problems.push(`the page is ${page.scrollWidth} pixels wide`);
  const texts = visibleTexts(document.body);
  for (const {text, size} of texts) {
    if (size < smallest) problems.push(`'${text}' is ${size.toFixed(1)} pixels high`);
  }
  const outside = texts.filter(({element}) => !element.closest(".scroll"));
  checkOverlaps(outside, "page");
  checkInside(outside, {left: 0, top: 0, right: innerWidth, bottom: page.scrollHeight}, "page");
  for (const box of document.querySelectorAll(".scroll")) {
    checkOverlaps(visibleTexts(box), box.getAttribute("aria-label"));
  }
  for (const svg of document.querySelectorAll("svg")) {
    const where = svg.getAttribute("aria-label");
    checkInside(visibleTexts(svg), svg.getBoundingClientRect(), where);
    checkStops(svg, where);
  }
  if (texts.length < 50) problems.push(`there are only ${texts.length} texts`);
  return {height: page.scrollHeight, problems};
}

addEventListener("load", () => parent.postMessage(check(), "*"));
