#include "style.hpp"

namespace inspect {

// The colours are those of Okabe and Ito (2008), which colour-blind people can distinguish, too. In dark mode they are
// a little lighter.
std::string_view picture_style() {
  return R"(
:root {
  --paper: #ffffff; --ink: #1d2125; --soft: #5c6670; --line: #e3e6e9; --field: #f5f6f8; --accent: #0072b2;
  --c0: #0072b2; --c1: #56b4e9; --c2: #009e73; --c3: #f0e442; --c4: #e69f00; --c5: #cc79a7; --c6: #d55e00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #e8eaec; --soft: #a0a9b2; --line: #31373d; --field: #1e2226; --accent: #5cb3ea;
    --c0: #3d8fd1; --c1: #93d0f5; --c2: #1fb98d; --c3: #f2e76b; --c4: #eeb03a; --c5: #d893b9; --c6: #ea7833;
  }
}
@media print {
  :root {
    --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #cccccc; --field: #f5f6f8; --accent: #0072b2;
    --c0: #0072b2; --c1: #56b4e9; --c2: #009e73; --c3: #f0e442; --c4: #e69f00; --c5: #cc79a7; --c6: #d55e00;
  }
  svg .hint { display: none; }
  svg .medium { fill: var(--ink) !important; }
}
svg { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
svg text { font-size: 12px; fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .head { font-size: 14px; font-weight: 600; }
svg .soft { font-size: 11px; fill: var(--soft); }
svg .small { font-size: 11px; }
svg .cell { font-size: 10px; }
svg .strong { fill: var(--paper); }
@media (prefers-color-scheme: dark) { svg .medium { fill: var(--paper); } }
svg .hint { font-size: 11px; fill: var(--soft); font-style: italic; }
svg line, svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .axis { stroke: var(--soft); stroke-width: 1; }
svg .part { stroke: var(--paper); stroke-width: 0.75; }
svg .heat { fill: var(--accent); }
svg .empty { fill: var(--field); }
svg .fill0 { fill: var(--c0); } svg .fill1 { fill: var(--c1); } svg .fill2 { fill: var(--c2); }
svg .fill3 { fill: var(--c3); } svg .fill4 { fill: var(--c4); } svg .fill5 { fill: var(--c5); }
svg .fill6 { fill: var(--c6); }
svg .line0 { stroke: var(--soft); stroke-dasharray: 6 3; } svg .line1 { stroke: var(--c0); }
svg .line2 { stroke: var(--c6); stroke-dasharray: 9 3 2 3; } svg .line3 { stroke: var(--c2); stroke-dasharray: 3 2; }
svg .line4 { stroke: var(--c5); } svg .line5 { stroke: var(--c4); stroke-dasharray: 9 3; }
svg .line6 { stroke: var(--c1); stroke-dasharray: 6 2 2 2 2 2; } svg .line7 { stroke: var(--ink); stroke-dasharray: 1 2; }
svg circle { stroke: none !important; fill: var(--soft); }
svg circle.line1 { fill: var(--c0); } svg circle.line2 { fill: var(--c6); } svg circle.line3 { fill: var(--c2); }
svg circle.line4 { fill: var(--c5); } svg circle.line5 { fill: var(--c4); } svg circle.line6 { fill: var(--c1); }
svg circle.line7 { fill: var(--ink); }
svg .hit { fill: transparent; }
svg .pointed { visibility: hidden; }
svg .stop { outline: none; }
svg .stop:hover > .hit { fill: var(--ink); fill-opacity: 0.07; }
svg .stop:focus > .hit { stroke: var(--accent); stroke-width: 1.5; }
svg .stop:hover > .pointed, svg .stop:focus > .pointed { visibility: visible; }
svg:hover .stop:focus:not(:hover) > .pointed { visibility: hidden; }
svg:hover > .hint, svg:focus-within > .hint { visibility: hidden; }
)";
}

std::string_view page_style() {
  return R"(
* { box-sizing: border-box; }
html { background: var(--paper); color-scheme: light dark; }
body {
  margin: 0 auto; max-width: 1120px; padding: 40px 24px 56px; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; }
h2 { font-size: 20px; line-height: 1.3; margin: 56px 0 6px; }
p { margin: 0 0 10px; max-width: 70ch; }
.lead { font-size: 18px; }
.note { color: var(--soft); font-size: 14px; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; margin: 20px 0 0; font-size: 14px; }
dt { color: var(--soft); }
dd { margin: 0; }
header .note { margin-top: 12px; }
figure { margin: 0 0 28px; }
figcaption { margin-bottom: 20px; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 28px 48px; }
.panels svg { display: block; width: 100%; max-width: 520px; height: auto; }
.scroll { overflow: auto; }
.rows {
  margin-top: 12px; border-bottom: 1px solid var(--line);
  background: linear-gradient(to left, var(--paper) 40%, transparent) right / 40px 100% no-repeat local,
    linear-gradient(to left, var(--line), transparent) right / 16px 100% no-repeat scroll;
}
.many { max-height: 640px; }
.command { max-height: 6em; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; }
th, td { padding: 5px 14px 5px 0; text-align: left; vertical-align: top; white-space: nowrap; overflow-wrap: normal; }
th { font-weight: normal; }
td.n, th.n { text-align: right; }
th:last-child, td:last-child { padding-right: 2px; }
thead th {
  position: sticky; top: 0; z-index: 2; background: var(--paper); color: var(--soft); white-space: normal;
  vertical-align: bottom; font-size: 13px; min-width: 4.5em;
}
thead th::after { content: ""; position: absolute; inset: auto 0 0 0; border-bottom: 1px solid var(--soft); }
tbody { border-top: 1px solid var(--line); }
th.name {
  position: sticky; left: 0; z-index: 1; background: var(--paper); font-weight: 600; white-space: normal;
  min-width: 12em; max-width: 20em;
}
th.long { overflow-wrap: anywhere; }
thead th.name { z-index: 3; color: var(--soft); font-weight: normal; }
td.bar { width: 40%; min-width: 80px; }
td.bar i { display: block; height: 10px; margin-top: 5px; background: var(--c0); min-width: 1px; }
tr.rest td { color: var(--soft); }
footer { margin-top: 64px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; }
a { color: var(--accent); }
@media (max-width: 640px) {
  body { padding: 24px 16px 40px; }
  h1 { font-size: 25px; }
  .lead { font-size: 16px; }
  h2 { margin-top: 44px; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: 6px; }
  th.name { min-width: 6em; max-width: 8.5em; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  .scroll { overflow: visible; max-height: none; background: none; }
  table { font-size: 8.5pt; }
  thead th, th.name { position: static; }
  .panels { grid-template-columns: 1fr 1fr; gap: 16px 24px; }
  svg, tr, figure p { break-inside: avoid; }
  h2, .note { break-after: avoid; }
  h2 { margin-top: 28px; }
  thead th::after { display: none; }
  thead { border-bottom: 1px solid var(--soft); }
  td.bar i, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)";
}

}  // namespace inspect
