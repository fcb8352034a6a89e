// Hatches and dots, the second channel beside colour, and the ground of every plot. Drawn once, used by every row through url(#…).
import { html, type Element } from '../html.ts'
import { type Frame, grounds } from './frame.ts'

export const patterns = (on: Frame): Element => html`
  <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>
      ${hatch('hatch-open', 7, 'var(--bad)', 'var(--on-bad)', 0.28)} ${hatch('hatch-error', 6, 'var(--bad)', 'var(--page)', 0.35)}
      ${hatch('hatch-fault', 7, 'var(--fault-fill)', 'var(--ink)', 0.3)} ${hatch('hatch-none', 9, 'transparent', 'var(--unknown)', 0.5)}
      ${hatch('hatch-failed', 11, 'transparent', 'var(--bad)', 0.22)} ${grounds(on)}
      <pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" style="fill:var(--unknown)" />
        <circle cx="3" cy="3" r="1.2" style="fill:var(--page)" />
      </pattern>
    </defs>
  </svg>
`

function hatch(id: string, size: number, ground: string, ink: string, opacity: number): Element {
  return html`
    <pattern id=${id} width=${size} height=${size} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width=${size} height=${size} style="fill:${ground}" />
      <line x1="0" x2="0" y1="0" y2=${size} stroke-width="3" style="stroke:${ink};stroke-opacity:${opacity}" />
    </pattern>
  `
}
