// Hatches and dots: the second channel beside colour. Drawn once, used by every row through url(#…).
import { h, type Element } from '../element.ts'

export const patterns = (): Element =>
  h(
    'svg',
    { class: 'patterns', width: 0, height: 0, 'aria-hidden': 'true', focusable: 'false' },
    h(
      'defs',
      null,
      hatch('hatch-open', 7, 'var(--bad)', 'var(--on-bad)', 0.28),
      hatch('hatch-error', 6, 'var(--bad)', 'var(--page)', 0.35),
      hatch('hatch-fault', 7, 'var(--fault-fill)', 'var(--ink)', 0.3),
      hatch('hatch-none', 9, 'transparent', 'var(--unknown)', 0.5),
      h(
        'pattern',
        { id: 'dots', width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
        h('rect', { width: 6, height: 6, style: 'fill:var(--unknown)' }),
        h('circle', { cx: 3, cy: 3, r: 1.2, style: 'fill:var(--page)' }),
      ),
    ),
  )

function hatch(id: string, size: number, ground: string, ink: string, opacity: number): Element {
  return h(
    'pattern',
    { id, width: size, height: size, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    h('rect', { width: size, height: size, style: `fill:${ground}` }),
    h('line', { x1: 0, x2: 0, y1: 0, y2: size, 'stroke-width': 3, style: `stroke:${ink};stroke-opacity:${opacity}` }),
  )
}
