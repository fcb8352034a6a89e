// The page's style sheet. Colours are by role; each has a second channel (glyph, hatch, dash, width) somewhere else.
// The text is written into the page through the same escaping as everything else: it must not hold ", < or &.

import { stripStyle } from './strip/style.ts'

const light = `
  color-scheme: light;
  --page: #ffffff; --raised: #f7f8fa; --ink: #161b22; --muted: #57606a; --line: #d8dee4; --grid: #e6eaee;
  --good: #1565c0; --caution: #b86e00; --caution-text: #7a4a00; --bad: #8b0f14; --unknown: #6b7480;
  --good-pale: #e3eefb; --caution-pale: #fdf1de; --bad-pale: #fbe9e7; --unknown-pale: #eef0f2;
  --on-good: #ffffff; --on-caution: #ffffff; --on-bad: #ffffff; --on-unknown: #ffffff;
  --attempts: #d0459b; --offered: #374151; --p50: #4f9dc4; --p95: #1f5fa8; --p99: #0a2447;
  --p50-text: #2b7398; --attempts-text: #a8326f;`

const dark = `
  color-scheme: dark;
  --page: #0f1419; --raised: #161d25; --ink: #e6edf3; --muted: #9aa7b4; --line: #2d3742; --grid: #222b34;
  --good: #3f9bf5; --caution: #ffd166; --caution-text: #ffd166; --bad: #f2472c; --unknown: #8b96a3;
  --good-pale: #12283f; --caution-pale: #332a14; --bad-pale: #351813; --unknown-pale: #1e262f;
  --on-good: #0f1419; --on-caution: #0f1419; --on-bad: #0f1419; --on-unknown: #0f1419;
  --attempts: #d9479b; --offered: #e2e8f0; --p50: #4a6f94; --p95: #5ab0f5; --p99: #d6e7f5;
  --p50-text: #7fa6cc; --attempts-text: #f07cbb;`

const page = `
* { box-sizing: border-box; }
html { scroll-padding-top: 68px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main, .bar-inner { max-width: 1200px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3, p { margin: 0; }
h2 { font-size: 17px; line-height: 1.3; letter-spacing: -0.005em; }
section { margin-top: 36px; }
section > h2 { margin-bottom: 12px; }
a { color: var(--good); text-underline-offset: 2px; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--good); outline-offset: 2px; border-radius: 3px; }
code, pre { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
code { overflow-wrap: anywhere; }
pre { margin: 8px 0 0; padding: 12px 14px; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; overflow: auto; max-height: 420px; }
.muted { color: var(--muted); }
.note { color: var(--muted); max-width: 75ch; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 12px; z-index: 9; background: var(--page); padding: 8px 12px; }
footer { margin: 48px 0 32px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--muted); font-size: 12.5px; }
`

const header = `
.bar { position: sticky; top: 0; z-index: 5; background: var(--page); border-top: 4px solid var(--role); border-bottom: 1px solid var(--line); }
.bar-inner { display: flex; align-items: center; gap: 6px 14px; min-height: 56px; flex-wrap: wrap; }
.bar h1 { font-size: 18px; line-height: 1.2; letter-spacing: -0.01em; display: flex; align-items: center; gap: 12px; overflow-wrap: anywhere; min-width: 0; }
.badge { display: inline-flex; align-items: center; gap: 7px; padding: 4px 12px 4px 9px; border-radius: 999px; background: var(--role); color: var(--on-role); font-size: 14px; font-weight: 700; letter-spacing: 0.03em; white-space: nowrap; }
.bar nav { margin-left: auto; display: flex; gap: 18px; font-size: 13px; }
.bar nav a { color: var(--muted); text-decoration: none; padding: 4px 0; }
.bar nav a:hover { color: var(--ink); text-decoration: underline; }
.lead { padding-top: 22px; }
.story { font-size: 16px; max-width: 72ch; overflow-wrap: anywhere; }
.chips { display: flex; flex-wrap: wrap; gap: 8px; margin: 14px 0 0; padding: 0; list-style: none; }
.chips li { border: 1px solid var(--line); border-radius: 6px; padding: 2px 9px; font-size: 12.5px; white-space: nowrap; max-width: 100%; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.chips b { font-weight: 400; color: var(--muted); margin-right: 6px; }
.chips li.bad { border-color: var(--unknown); background: var(--unknown-pale); }
.banner { margin-bottom: 18px; padding: 10px 14px; border-radius: 8px; border: 1px solid var(--unknown); border-left-width: 5px; background: var(--unknown-pale); }
.banner b { letter-spacing: 0.03em; }
.pass { --role: var(--good); --on-role: var(--on-good); --role-text: var(--good); --role-pale: var(--good-pale); }
.near_miss { --role: var(--caution); --on-role: var(--on-caution); --role-text: var(--caution-text); --role-pale: var(--caution-pale); }
.fail { --role: var(--bad); --on-role: var(--on-bad); --role-text: var(--bad); --role-pale: var(--bad-pale); }
.inconclusive { --role: var(--unknown); --on-role: var(--on-unknown); --role-text: var(--muted); --role-pale: var(--unknown-pale); }
`

const cards = `
.whys { display: grid; gap: 12px; }
.card { border: 1px solid var(--line); border-left: 5px solid var(--role); border-radius: 8px; padding: 12px 16px 13px; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 24px; }
.card h3 { font-size: 14px; font-weight: 600; overflow-wrap: anywhere; }
.card p { overflow-wrap: anywhere; max-width: 82ch; }
.card .reason { font-size: 16px; line-height: 1.45; }
.card dl { grid-row: 1 / span 3; grid-column: 2; margin: 0; display: grid; grid-template-columns: auto auto; gap: 1px 14px; align-content: center; font-variant-numeric: tabular-nums; font-size: 13px; }
.card dt { color: var(--muted); }
.card dd { margin: 0; text-align: right; white-space: nowrap; }
.card dd.measured { color: var(--role-text); font-weight: 700; }
.result { color: var(--role-text); font-weight: 700; white-space: nowrap; }
`

const tables = `
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: 12.5px; padding-bottom: 6px; }
th, td { padding: 7px 10px; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
thead th { font-size: 12px; font-weight: 600; color: var(--muted); border-bottom-color: var(--muted); white-space: nowrap; }
tbody th { font-weight: 400; }
th:first-child, td:first-child { padding-left: 4px; }
.number { text-align: right; white-space: nowrap; }
.nowrap { white-space: nowrap; }
.sub { display: block; color: var(--muted); font-size: 12px; overflow-wrap: anywhere; }
td a { display: inline-block; min-width: 24px; min-height: 24px; }
td.text, th.text { overflow-wrap: anywhere; }
th.criterion { min-width: 16em; }
th.criterion > span:first-child { font-weight: 500; }
th.criterion code { font-size: 11.5px; color: var(--muted); }
th.criterion .sub { max-width: 72ch; font-weight: 400; }
tr.part th { padding-left: 22px; }
tr.part th, tr.part td { border-bottom-color: var(--grid); color: var(--muted); padding-top: 3px; padding-bottom: 3px; }
tr.phase th > span { font-weight: 600; }
tr.phase th .sub { font-weight: 400; }
tr.total td, tr.total th { border-top: 1px solid var(--muted); font-weight: 600; }
tr:target, .card:target { background: var(--role-pale, var(--good-pale)); outline: 2px solid var(--role, var(--good)); outline-offset: -2px; }
.meter { display: inline-block; vertical-align: middle; margin-left: 8px; width: 64px; height: 12px; overflow: visible; }
.meter rect { fill: var(--role); }
.meter .track { fill: var(--grid); }
.meter line { stroke: var(--ink); stroke-width: 1.5; }
.table-scroll { overflow-x: auto; }
.state { font-weight: 600; white-space: nowrap; }
.state.closed { color: var(--good); } .state.open { color: var(--bad); } .state.half_open { color: var(--caution-text); }
.reproduce { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 20px; margin: 14px 0; }
.reproduce dt { color: var(--muted); } .reproduce dd { margin: 0; overflow-wrap: anywhere; }
.remarks { margin: 12px 0 0; padding-left: 20px; overflow-wrap: anywhere; }
summary { cursor: pointer; min-height: 24px; color: var(--muted); }
summary:hover { color: var(--ink); }
`

const narrow = `
@media (max-width: 999px) { .bar nav { display: none; } }
@media (max-width: 640px) {
  main, .bar-inner { padding: 0 16px; }
  .card { grid-template-columns: minmax(0, 1fr); }
  .card dl { grid-row: auto; grid-column: 1; justify-content: start; margin-top: 6px; }
  .card dd { text-align: left; }
  .tiles, .tiles tbody, caption { display: block; }
  .tiles thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .tiles tr { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 5px 10px; padding: 10px 4px; border-bottom: 1px solid var(--line); }
  .tiles td, .tiles tbody th { border: 0; padding: 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .tiles td::before { content: attr(data-label); display: block; color: var(--muted); font-weight: 400; font-size: 11.5px; }
  .tiles tbody th, .tiles .wide { grid-column: 1 / -1; }
  .tiles .half { grid-column: span 2; }
  .tiles .bare::before { content: none; }
  .tiles tr.part { padding-left: 22px; }
  .tiles tr.part td, .tiles tr.part th, .tiles tr.total td, .tiles tr.total th { border: 0; padding: 0; }
  .tiles tr.total { border-bottom: 0; }
  .tiles tbody th.half { grid-column: span 2; }
  .cards tr { grid-template-columns: repeat(3, minmax(0, 1fr)); border: 1px solid var(--line); border-left: 5px solid var(--role); border-radius: 8px; padding: 10px 12px; margin-bottom: 10px; }
  .cards .meter { display: block; margin: 4px 0 0; }
  .reproduce { grid-template-columns: minmax(0, 1fr); gap: 0; } .reproduce dd { margin-bottom: 8px; }
}
`

// Printed pages are always light: the dark palette is for screens alone.
const print = `
@page { margin: 14mm 12mm; @bottom-right { content: counter(page) ' / ' counter(pages); font: 9px system-ui, sans-serif; } }
@media print {
  body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, .bar-inner { max-width: none; padding: 0; }
  .bar { position: static; }
  .bar nav, .skip, details { display: none; }
  section { margin-top: 22px; }
  section > h2 { break-after: avoid; }
  tr, .card, figure, .strip { break-inside: avoid; }
  th, td { padding: 4px 6px; }
  .sub, caption, thead th, .chips li, .strip figcaption, .reproduce { font-size: 10px; }
  .story, .card .reason { font-size: 13px; }
  .card h3, .card dl { font-size: 11px; }
  th.criterion { min-width: 0; }
  .number .sub { white-space: normal; }
  code, th.criterion code { font-size: 10px; }
  pre { max-height: none; white-space: pre-wrap; }
}
`

/** The whole sheet: rules for narrow and printed pages come last, to win. */
export const styleSheet = `:root {${light}
}
@media screen and (prefers-color-scheme: dark) { :root {${dark}
} }
${page}${header}${cards}${tables}${stripStyle}${narrow}${print}
@media (prefers-contrast: more) { :root { --muted: var(--ink); --line: var(--muted); } }
@media (forced-colors: active) { .badge, .card, .banner { border: 2px solid CanvasText; } .meter rect { fill: CanvasText; } .tick, .grid { stroke: CanvasText; } }
`
