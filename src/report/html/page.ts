// report.html: one file that needs nothing else. No script, no request, no generation time: the same run gives the same bytes.
import type { VNode } from 'preact'
import { render } from 'preact-render-to-string'
import { html, type Content } from './html.ts'
import { bar, lead } from './header.ts'
import type { Section } from './sections/section.ts'
import { sections } from './sections/sections.ts'
import { styleSheet } from './style-sheet.ts'
import type { ReportedRun } from '../../run/reported-run.ts'
import { marks } from '../result-marks.ts'
import { oneLine, plainDocument } from '../plain-text.ts'

// Nothing may load or run. Escaping is the first defence, this policy the second.
export const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** The whole page. Text from the run is always shown as text, and cut where it is long. */
export function renderHtml(run: ReportedRun): string {
  const shown = ordered(run).flatMap((section) => {
    const content = section.render(run)
    return content === null ? [] : [{ ...section, content }]
  })
  const page = html`
    <html lang="en">
      ${head(run)}
      <body>
        <a class="skip" href="#content">Skip to the report</a>
        ${bar(run, shown)}
        <main id="content">
          ${lead(run)}
          ${shown.map(
            ({ id, title, content }) => html`
              <section id=${id}>
                <h2>${title}</h2>
                ${content}
              </section>
            `,
          )}
          ${footer(run)}
        </main>
      </body>
    </html>
  `
  // The template above has one root.
  return plainDocument(`<!doctype html>\n${render(page as VNode)}\n`)
}

function ordered(run: ReportedRun): Section[] {
  return sections.toSorted((a, b) => Number(b.comesFirst?.(run) ?? false) - Number(a.comesFirst?.(run) ?? false))
}

function head({ verdict }: ReportedRun): Content {
  const { glyph, word } = marks[verdict.result]
  return html`
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content=${POLICY} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${word.toUpperCase()} ${oneLine(verdict.scenario, 80)} · Gatecrash</title>
      <link rel="icon" href=${favicon(glyph, verdict.result)} />
      <style>
        ${styleSheet}
      </style>
    </head>
  `
}

const iconColours = { pass: '#1565c0', fail: '#8b0f14', inconclusive: '#6b7480' }

function favicon(glyph: string, result: keyof typeof iconColours): string {
  const text = `<text x='16' y='23' font-size='20' font-weight='bold' text-anchor='middle' fill='white'>${glyph}</text>`
  const icon = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='${iconColours[result]}'/>${text}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(icon)}`
}

const footer = ({ record }: ReportedRun): Content => html`
  <footer>
    ${oneLine(`${record.tool.name} ${record.tool.version} · ${record.plan.scenario} · seed ${record.seed} · ${record.startedAt}`)}
  </footer>
`
