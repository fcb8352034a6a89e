// Whether what was recommended held live, and where the simulation was wrong.
import { html, type Element } from '../../html/html.ts'
import type { Confirmation } from '../../../tuning/confirmation.ts'
import type { Tuned } from '../../../tuning/tuned.ts'
import { oneLine } from '../../plain-text.ts'
import { marks } from '../../result-marks.ts'

export function confirmed({ confirmations }: Tuned): Element {
  if (confirmations.length === 0) return html`<p>Nothing was played live: what stands here is the simulation's word.</p>`
  return html`<ul class="tuning-confirmed">
    ${confirmations.map((confirmation) => html`<li>${told(confirmation)}</li>`)}
  </ul>`
}

function told({ scenario, settings, seed, live, simulated, unpassed, disagreements }: Confirmation): Element {
  const set = Object.entries(settings).map(([path, value]) => `${path}=${value}`)
  return html`
    <b>${marks[live].glyph} ${marks[live].word} live</b>
    <span> ${oneLine(`${scenario} with ${set.join(', ')}, seed ${seed}; simulated: ${marks[simulated].word}`, 400)}</span>
    <ul>
      ${unpassed.map(({ criterion, result, why }) => html`<li>${oneLine(`${criterion}: ${marks[result].word}; ${why}`, 600)}</li>`)}
      ${disagreements.map(
        (each) =>
          html`<li>
            <b>The simulation is wrong about this:</b>
            <span> ${oneLine(`${each.criterion}: live ${each.live}, simulated ${each.simulated}; ${each.why}`, 600)}</span>
          </li>`,
      )}
    </ul>
  `
}
