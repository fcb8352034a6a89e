import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ProgressEvent, createProgressView } from '../../src/cli/progress.ts'
import { plan } from '../report/reference-run.ts'

const ORIGIN = 5_000
const at = (atMs: number): number => ORIGIN + atMs

const load = (second: number): ProgressEvent => ({
  type: 'load',
  t: at(second * 1000 + 3),
  due: 200 * second,
  sent: 200 * second,
  ended: 195 * second,
  inFlight: 5,
  last: { outcomes: { ok: 150, fallback: 50 }, p95: 97.2 },
})

const story: ProgressEvent[] = [
  {
    type: 'run',
    t: at(0),
    schemaVersion: 2,
    scenario: plan.scenario,
    seed: 42,
    run: 'x',
    origin: ORIGIN,
    startedAt: '2026-11-21T20:49:03.214Z',
  },
  { type: 'phase', t: at(0), phase: 'steady', edge: 'start' },
  load(1),
  load(10),
  load(10),
  load(11),
  { type: 'phase', t: at(15_000), phase: 'steady', edge: 'end' },
  { type: 'phase', t: at(15_000), phase: 'outage', edge: 'start' },
  { type: 'fault', t: at(15_000), fault: 'F1', edge: 'requested' },
  { type: 'fault', t: at(15_040), fault: 'F1', edge: 'bite', detail: 'status 503' },
  { type: 'transition', t: at(16_900), sequence: 1, upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures' },
]

/** What is written to a stream that is, or is not, a terminal; the view is ended. */
function written({ isTTY }: { isTTY: boolean }, events = story): string {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 120, rows: 40 })
  let text = ''
  stream.on('data', (part: string) => (text += part))
  // A view uses no more of a terminal than this.
  using view = createProgressView(plan, stream as unknown as NodeJS.WriteStream)
  for (const event of events) view.show(event)
  view.end()
  return text
}

// CI systems call their terminals dumb.
beforeEach(() => vi.stubEnv('TERM', 'xterm'))
afterEach(() => vi.unstubAllEnvs())

describe('what is told of a run', () => {
  it('is a line for each event where there is no terminal, and one for the load every ten seconds', () => {
    const [ready, ...lines] = written({ isTTY: false }).trim().split('\n')
    expect(ready).toMatch(/^gemini-outage: ready after \S+ s, 60\.0 s to play$/)
    expect(lines.map((line) => line.trim())).toEqual([
      '0.0 s  phase    steady',
      '10.0 s  sample   200/s  ok 75 %  fallback 25 %  p95 97.2 ms  in flight 5',
      '15.0 s  phase    outage',
      '15.0 s  fault    F1 gemini status bite: status 503',
      '16.9 s  breaker  gemini closed -> open  failures',
    ])
  })

  it('is never coloured or redrawn where there is no terminal', () => {
    expect(written({ isTTY: false })).not.toMatch(/[\p{Cc}--\n]/v)
  })

  it('is one region on a terminal: where the run stands, its load, its breakers and what happened last', () => {
    const [last = ''] = stripVTControlCharacters(written({ isTTY: true }))
      .split('\n\n')
      .slice(-1)
    expect(last).toMatch(/gemini-outage {2}seed 42 {2}█{4}·{20} {2}11\.0 s of 60\.0 s {2}outage/)
    expect(last).toContain('load      200/s  ok 75 %  fallback 25 %  p95 97.2 ms  in flight 5')
    expect(last).toContain('gemini OPEN')
    expect(last).toContain('16.9 s  gemini closed -> open  failures')
    expect(last).toContain('Ctrl-C stops the run')
  })

  it('calls no breaker closed before the gateway runs, nor where it reports none', () => {
    const before = stripVTControlCharacters(written({ isTTY: true }, []))
    expect(before).toContain('gemini not told')
    expect(before).not.toContain('CLOSED')
    const silent: ProgressEvent = { type: 'note', t: at(-10), code: 'events_unavailable', text: 'the gateway offers no breaker events' }
    const untold = stripVTControlCharacters(written({ isTTY: true }, [silent, ...story.slice(0, 3)]))
    expect(untold).toContain('gemini not told')
    expect(untold).not.toContain('CLOSED')
    expect(stripVTControlCharacters(written({ isTTY: true }, story.slice(0, 3)))).toContain('gemini CLOSED')
  })

  it('is cleared from a terminal at its end: the summary follows', () => {
    // Erase the line, go up, erase: for each line of the region.
    const [erase, up] = ['\u001B[2K', '\u001B[1A']
    const tail = written({ isTTY: true }).slice(-200)
    expect(tail.split(erase + up).length).toBeGreaterThan(5)
    expect(tail.slice(tail.lastIndexOf(erase))).not.toContain('gemini')
  })
})
