// report.html: one file that needs nothing else. No script, no request, no generation time: the same run gives the same bytes.
import { render } from 'preact-render-to-string'
import { h, type Content } from './element.ts'
import { bar, lead } from './sections/verdict.ts'
import { incidentStrip } from './sections/incident.ts'
import { phasesTable } from './sections/phases.ts'
import { reproduce } from './sections/reproduce.ts'
import type { Section } from './sections/section.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { styleSheet } from './style.ts'
import { transitionsTable } from './sections/transitions.ts'
import { validity } from './sections/validity.ts'
import { verdictTable } from './sections/criteria.ts'
import { why } from './sections/why.ts'
import { marks } from '../result-marks.ts'
import { oneLine } from '../plain-text.ts'

const sections: [id: string, name: string, section: Section][] = [
  ['why', 'Why', why],
  ['verdict', 'Verdict', verdictTable],
  ['incident', 'Incident', incidentStrip],
  ['phases', 'Phases', phasesTable],
  ['transitions', 'Transitions', transitionsTable],
  ['validity', 'Validity', validity],
  ['reproduce', 'Reproduce', reproduce],
]

// Nothing may load or run: even if a name from outside got through the escaping, it could do nothing.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** The whole page. Text from the run is shown as text, whatever it holds; megabytes of it are cut. */
export function renderHtml(run: JudgedRun): string {
  const shown = ordered(run).flatMap(([id, name, section]) => {
    const content = section(run)
    return content === null ? [] : [{ id, name, content }]
  })
  const body = h(
    'body',
    null,
    h('a', { class: 'skip', href: '#content' }, 'Skip to the report'),
    bar(
      run,
      shown.map(({ id, name }) => [id, name] as const),
    ),
    h(
      'main',
      { id: 'content' },
      lead(run),
      shown.map(({ content }) => content),
      footer(run),
    ),
  )
  return `<!doctype html>\n${render(h('html', { lang: 'en' }, head(run), body))}\n`
}

/** With no request at all, whether the run was valid is the first question. */
function ordered(run: JudgedRun): typeof sections {
  if (run.evidence.requests.length > 0) return sections
  return sections.toSorted(([a], [b]) => Number(b === 'validity') - Number(a === 'validity'))
}

function head({ verdict }: JudgedRun): Content {
  const { glyph, word } = marks[verdict.result]
  return h(
    'head',
    null,
    h('meta', { charset: 'utf-8' }),
    h('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', null, `${word.toUpperCase()} ${oneLine(verdict.scenario, 80)} · Gatecrash`),
    h('link', { rel: 'icon', href: favicon(glyph, verdict.result) }),
    h('style', null, styleSheet),
  )
}

const iconColours = { pass: '#1565c0', fail: '#8b0f14', inconclusive: '#6b7480' }

function favicon(glyph: string, result: keyof typeof iconColours): string {
  const text = `<text x='16' y='23' font-size='20' font-weight='bold' text-anchor='middle' fill='white'>${glyph}</text>`
  const icon = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='${iconColours[result]}'/>${text}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(icon)}`
}

const footer = ({ record }: JudgedRun): Content =>
  h(
    'footer',
    null,
    oneLine(`${record.tool.name} ${record.tool.version} · ${record.plan.scenario} · seed ${record.seed} · ${record.startedAt}`),
  )
