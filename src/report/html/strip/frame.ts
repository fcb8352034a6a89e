// What all rows of the incident strip share: one x-scale over [0, T], fixed gutters, grid lines, shades for faults.
//
//   gutter 92 px │ plot, as wide as there is room                │ labels 92 px
//
// Positions along x are percentages, so the strip fits any width without scaling its text. Curves are paths in a nested
// svg that is stretched along x alone (1000 units wide), with strokes that do not scale.
import { ticks } from 'd3-array'
import { html, type Content, type Element } from '../html.ts'
import type { Ms } from '../../../kernel/clock.ts'

const PATH_WIDTH = 1000
export const GUTTER = 92
export const LABELS = 92

export interface Span {
  fromMs: Ms
  toMs: Ms
}

export interface Frame {
  durationMs: Ms
  /** Where grid lines stand, milliseconds since load start. */
  ticks: Ms[]
  /** Spans in which a fault acted, those that overlap as one. */
  shades: Span[]
  /** Spans in which a criterion failed, likewise. */
  failed: Span[]
  /** Where the evidence ends: what lies behind was planned and not reached. */
  reachedMs: Ms
  /** 0–100. */
  percent(atMs: Ms): number
  /** 0–1000, for paths. */
  unit(atMs: Ms): number
}

export function frame(durationMs: Ms, spans: { shades: readonly Span[]; failed: readonly Span[] }, reachedMs: Ms): Frame {
  const share = (atMs: Ms): number => Math.min(1, Math.max(0, atMs / durationMs))
  return {
    durationMs,
    ticks: ticks(0, durationMs / 1000, 12).map((seconds) => seconds * 1000),
    shades: joined(spans.shades),
    failed: joined(spans.failed),
    reachedMs,
    percent: (atMs) => round(share(atMs) * 100),
    unit: (atMs) => round(share(atMs) * PATH_WIDTH),
  }
}

/** The x and width of a span, as svg attributes. */
export function across(on: Frame, fromMs: Ms, toMs: Ms): { x: string; width: string } {
  return { x: `${on.percent(fromMs)}%`, width: `${round(Math.max(0, on.percent(toMs) - on.percent(fromMs)))}%` }
}

/** What every plot stands on. It is drawn once (`grounds`), and used by every row. */
export const ground = (): Element => html`<use href="#ground" />`

/** Grid lines, shades of faults, hatches of failed windows; in <defs>. */
export function grounds(on: Frame): Element {
  return html`
    <g id="ground">
      ${on.shades.map((shade) => html`<rect class="shade" y="0" height="100%" ...${across(on, shade.fromMs, shade.toMs)} />`)}
      ${on.failed.map((span) => html`<rect class="failed-window" y="0" height="100%" ...${across(on, span.fromMs, span.toMs)} />`)}
      ${on.reachedMs < on.durationMs && html`<rect class="unreached" y="0" height="100%" ...${across(on, on.reachedMs, on.durationMs)} />`}
      ${on.ticks.map((tick) => html`<line class="grid" x1="${on.percent(tick)}%" x2="${on.percent(tick)}%" y1="0" y2="100%" />`)}
    </g>
  `
}

/** Curves: children are paths in units of 1000 × `height`. */
export function curves(height: number, children: Content): Element {
  return html`
    <svg class="curves" viewBox="0 0 ${PATH_WIDTH} ${height}" preserveAspectRatio="none" width="100%" height=${height}>${children}</svg>
  `
}

/** One row: a name or y-labels in the left gutter, the plot, labels at the right end. */
export function row(height: number, left: Content, plot: Content, right: Content = null): Element {
  return html`
    <div class="row" style="height:${height}px">
      <div class="gutter">${left}</div>
      <svg class="plot" width="100%" height=${height} aria-hidden="true">${plot}</svg>
      <div class="ends">${right}</div>
    </div>
  `
}

export interface YLabel {
  y: number
  text: string
  class?: string
}

/** Labels of a y-axis in the gutter, or names at the ends of lines; names that would touch are moved apart. */
export function yLabels(labels: readonly YLabel[], height: number, side: 'left' | 'right', apart = 0): Element {
  const width = side === 'left' ? GUTTER : LABELS
  const placed = apart > 0 ? spread(labels, apart, height) : labels
  return html`
    <svg width=${width} height=${height} class="y-labels" aria-hidden="true">
      ${placed.map(
        ({ y, text, class: kind }) =>
          html`<text
            x=${side === 'left' ? width - 8 : 7}
            y=${round(y)}
            dy=".35em"
            text-anchor=${side === 'left' ? 'end' : 'start'}
            class=${kind}
          >
            ${text}
          </text>`,
      )}
    </svg>
  `
}

export function timeAxis(on: Frame): Element {
  const labels = on.ticks.map((tick) => {
    const at = on.percent(tick)
    const anchor = at < 2 ? 'start' : at > 98 ? 'end' : 'middle'
    return html`<text x="${at}%" y="14" text-anchor=${anchor}>${Number((tick / 1000).toFixed(3))} s</text>`
  })
  return html`
    <div class="row axis" style="height:20px">
      <div class="gutter" />
      <svg class="plot" width="100%" height="20">${labels}</svg>
      <div class="ends" /></div>
  `
}

// Half a line: a label nearer to an edge would be cut.
const EDGE = 7

/** Pushes labels apart downwards, then back up from the lower edge. */
function spread(labels: readonly YLabel[], apart: number, height: number): YLabel[] {
  const sorted = labels.map((label) => ({ ...label })).toSorted((a, b) => a.y - b.y)
  for (const [at, label] of sorted.entries()) label.y = Math.max(label.y, at > 0 ? sorted[at - 1]!.y + apart : EDGE)
  for (let at = sorted.length - 1; at >= 0; at--) {
    const below = at === sorted.length - 1 ? height - EDGE : sorted[at + 1]!.y - apart
    sorted[at]!.y = Math.min(sorted[at]!.y, below)
  }
  return sorted
}

/** Spans that overlap as one: laid over each other they would be darker. */
function joined(spans: readonly Span[]): Span[] {
  const apart: Span[] = []
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = apart.at(-1)
    if (last && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs)
    else apart.push({ fromMs, toMs })
  }
  return apart
}

/** Two decimals: a hundredth of a percent of the strip is a tenth of a pixel. */
const round = (value: number): number => Math.round(value * 100) / 100
