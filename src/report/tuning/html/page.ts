// tune.html: one file that needs nothing else. No script, no request, no time of day: the same tuning gives the same bytes.
import { readFileSync } from 'node:fs'
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { html, type Content } from '../../html/html.ts'
import { POLICY } from '../../html/page.ts'
import { styleSheet } from '../../html/style-sheet.ts'
import type { Tuned } from '../../../tuning/tuned.ts'
import { oneLine, plainDocument, plainText } from '../../plain-text.ts'
import { marks } from '../../result-marks.ts'
import { conclusionOf, effortText, refusalText } from '../words.ts'
import { compared } from './compared.ts'
import { confirmed } from './confirmed.ts'
import { front } from './front.ts'
import { maps } from './maps.ts'
import { profiles } from './profiles.ts'

const ownStyle = readFileSync(new URL('../../html/style/tuning.css', import.meta.url), 'utf8')

/** `command` tunes again. Text from scenarios is always shown as text, and cut where it is long. */
export function renderTuningPage(tuned: Tuned, command: string): string {
  const all: { id: string; name: string; title: string; content: Content | null }[] = [
    { id: 'settings', name: 'Settings', title: 'Present and recommended', content: compared(tuned) },
    { id: 'live', name: 'Live', title: 'Confirmed live', content: confirmed(tuned) },
    { id: 'cliffs', name: 'Cliffs', title: 'Cliffs', content: profiles(tuned) },
    { id: 'maps', name: 'Maps', title: 'Each pair of settings', content: maps(tuned) },
    { id: 'front', name: 'Front', title: 'Where objectives conflict', content: front(tuned) },
    { id: 'again', name: 'Again', title: 'To repeat it', content: again(tuned, command) },
  ]
  const sections = all.filter(({ content }) => content !== null)
  const { result, word } = conclusionOf(tuned)
  const names = oneLine(tuned.scenarios.map(({ name }) => name).join(', '), 80)
  const page = html`
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content=${POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${word} ${names} · Gatecrash</title>
        <style>
          ${styleSheet}${ownStyle}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the report</a>
        <header class="bar ${result}">
          <div class="bar-inner">
            <h1>
              <span class="badge"><span aria-hidden="true">${marks[result].glyph}</span>${word}</span>
              <span>${names}</span>
            </h1>
            <span class="muted">${effortText(tuned)}</span>
            <nav aria-label="Sections">${sections.map(({ id, name }) => html`<a href="#${id}">${name}</a>`)}</nav>
          </div>
        </header>
        <main id="content">
          ${sections.map(
            ({ id, title, content }) => html`
              <section id=${id}>
                <h2>${title}</h2>
                ${content}
              </section>
            `,
          )}
        </main>
      </body>
    </html>
  `
  // The template above has one root.
  return plainDocument(`<!doctype html>\n${render(page as VNode)}\n`)
}

function again({ refused, unjudged = [], seeds }: Tuned, command: string): Content {
  return [
    html`<pre tabindex="0" role="region" aria-label="Command"><code>${plainText(command, 4000)}</code></pre>`,
    html`<p>Seeds ${seeds.join(', ')}. All candidates have the same arrivals and faults.</p>`,
    ...unjudged.map((each) => html`<p>${oneLine(each, 1000)}.</p>`),
    refused.candidates === 0
      ? null
      : html`<p>${refused.candidates} candidates could not be tried. The first: ${refusalText(refused.why ?? '')}</p>`,
  ]
}
