// What the gateway said last: the end of its output, and how it ended where nobody had asked it to.
import { deathsOf } from '../../../evidence/events/process.ts'
import { moment } from '../../../kernel/wording.ts'
import { oneLine } from '../../plain-text.ts'
import { html } from '../html.ts'
import type { Section } from './section.ts'

export const gatewaySaid: Section = {
  id: 'gateway-said',
  name: 'Output',
  title: 'What the gateway said last',
  render({ lastWords, evidence }) {
    if (lastWords === undefined) return null
    const deaths = deathsOf(evidence.processes).filter(({ role }) => role === 'gateway')
    return html`
      ${deaths.map(
        ({ atMs, signal, code }) =>
          html`<p class="banner" role="note">
            <b>ENDED</b> ${moment(atMs, 2)}: the gateway ended by itself (${oneLine(signal ?? `code ${code}`, 40)}).
          </p>`,
      )}
      ${
        lastWords.length === 0
          ? html`<p class="note">It wrote nothing.</p>`
          : html`<p class="note">
                The last ${lastWords.length === 1 ? 'line' : `${lastWords.length} lines`} of its output; gateway.log beside this page has
                all.
              </p>
              <pre class="said" tabindex="0" role="region" aria-label="output of the gateway">
${lastWords.map((line) => oneLine(line, 320)).join('\n')}</pre>`
      }
    `
  },
}
