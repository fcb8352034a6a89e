// The strip's part of the style sheet; see html/style.ts for the palette and the characters that must not occur.
import { GUTTER, LABELS } from './frame.ts'

export const stripStyle = `
:root { --fault-fill: color-mix(in srgb, var(--ink) 22%, var(--page)); }
.patterns { position: absolute; }
.strip { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; padding: 10px 0 6px; position: relative; }
.strip-inner { min-width: 700px; }
.strip figure { margin: 0; padding-top: 7px; position: relative; }
.strip figure:first-child { padding-top: 0; }
.strip figcaption { position: sticky; left: 0; width: fit-content; max-width: min(100%, 100vw - 40px); padding: 0 70px 3px 14px; font-size: 12.5px; line-height: 18px; color: var(--muted); }
.strip figcaption b { color: var(--ink); font-weight: 600; }
.row { display: grid; grid-template-columns: ${GUTTER}px minmax(0, 1fr) ${LABELS}px; }
.gutter { position: sticky; left: 0; z-index: 2; background: var(--page); font-size: 12px; color: var(--muted); padding: 0 8px 0 14px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; display: flex; align-items: center; }
.gutter .y-labels { margin-left: -14px; flex: none; }
.plot { display: block; overflow: hidden; }
.plot text, .y-labels text { font-size: 11.5px; fill: var(--muted); font-variant-numeric: tabular-nums; }
.grid { stroke: var(--grid); stroke-width: 1; }
.shade { fill: var(--ink); fill-opacity: 0.07; }
.unreached { fill: url(#hatch-none); opacity: 0.35; }
.phase rect { fill: var(--raised); stroke: var(--line); }
.phase.warm-up rect { fill: none; stroke-dasharray: 3 3; }
.phase text { fill: var(--ink); font-weight: 500; }
.phase.warm-up text { fill: var(--muted); font-weight: 400; }
.fault-planned { fill: none; stroke: var(--ink); stroke-width: 1.25; }
.fault-observed { fill: url(#hatch-fault); }
.plot .fault-name { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
.quiet { font-style: italic; }
.breaker.closed { fill: var(--good-pale); stroke: var(--good); stroke-opacity: 0.35; }
.breaker.open { fill: url(#hatch-open); }
.breaker.half_open { fill: var(--caution); }
.plot .on-closed { fill: var(--good); font-weight: 600; }
.plot .on-open { fill: var(--on-bad); font-weight: 700; paint-order: stroke; stroke: var(--bad); stroke-width: 4px; }
.plot .on-half_open { fill: var(--on-caution); font-weight: 700; }
.no-telemetry { fill: url(#hatch-none); stroke: var(--unknown); }
.tick { stroke: var(--ink); stroke-width: 1; }
.curves path { vector-effect: non-scaling-stroke; fill: none; stroke-linejoin: round; stroke-linecap: round; }
.curves .p50 { stroke: var(--p50); stroke-width: 1.25; }
.curves .p95 { stroke: var(--p95); stroke-width: 2.25; }
.curves .p99 { stroke: var(--p99); stroke-width: 1; stroke-dasharray: 4 3; stroke-linecap: butt; }
.curves .breach { fill: var(--bad); fill-opacity: 0.22; }
.curves .offered { stroke: var(--offered); stroke-width: 1.25; stroke-dasharray: 5 4; stroke-linecap: butt; }
.curves .achieved { stroke: var(--good); stroke-width: 1.75; }
.curves .shortfall { fill: url(#dots); }
.curves .attempts { stroke: var(--attempts); stroke-width: 2; }
.curves .nth-1 { stroke-width: 1.25; stroke-dasharray: 1 4; }
.curves .nth-2 { stroke-width: 1.25; stroke-dasharray: 7 4; }
.band.ok { fill: color-mix(in srgb, var(--good) 38%, var(--page)); }
.band.fallback { fill: color-mix(in srgb, var(--caution) 80%, var(--page)); }
.band.refused { fill: var(--unknown); }
.band.error { fill: url(#hatch-error); }
.bound line { stroke: var(--bad); stroke-width: 1.5; stroke-dasharray: 6 4; }
.plot .bound text { fill: var(--bad); paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
.plot .bound.failed text { font-weight: 700; }
.y-labels .name { font-weight: 600; }
.y-labels .name.p50 { fill: var(--p50-text); } .y-labels .name.p95 { fill: var(--p95); } .y-labels .name.p99 { fill: var(--p99); }
.y-labels .name.ok, .y-labels .name.achieved { fill: var(--good); }
.y-labels .name.fallback { fill: var(--caution-text); } .y-labels .name.refused { fill: var(--muted); }
.y-labels .name.error { fill: var(--bad); } .y-labels .name.offered { fill: var(--offered); } .y-labels .name.attempts { fill: var(--attempts-text); }
.axis { border-top: 1px solid var(--line); margin-top: 5px; }
.strip .axis .gutter { background: none; }
.data { margin: 0 14px; }
.data[open] { padding-bottom: 8px; }
.data summary { position: absolute; right: 10px; top: 4px; min-height: 24px; font-size: 11.5px; z-index: 3; padding: 1px 4px; }
.strip figure:first-child .data summary { top: -3px; }
.data table { width: auto; min-width: 380px; font-size: 12.5px; }
.data th, .data td { padding: 2px 12px 2px 4px; }
.data .table-scroll { max-height: 300px; overflow: auto; margin-top: 6px; border: 1px solid var(--line); border-radius: 6px; padding: 8px 10px; }
@media (max-width: 640px) { .strip figcaption { padding-right: 14px; } .data summary { position: sticky; left: 14px; width: fit-content; } }
@media print { .strip-inner { min-width: 0; } .strip { overflow: hidden; } }
`
