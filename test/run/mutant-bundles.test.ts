// Bundles that are damaged, or made by somebody else: each is judged, or refused with its place. None ends in a defect, and none never ends.
import { expect, it } from 'vitest'
import { createFold } from '../../src/evidence/fold/fold.ts'
import { eventFrom } from '../../src/evidence/parse-event.ts'
import { judge } from '../../src/judge/judge.ts'
import { GatecrashError } from '../../src/kernel/errors.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import { upstreamPolicies } from '../../src/policies/settings.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { type RunRecord, parseRunRecord } from '../../src/run/record.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { journalOf, planOf } from '../judge/history.ts'
import { propertyRuns } from '../property-runs.ts'
import { record as whole } from '../report/reference-run.ts'

const base = planOf([
  { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] },
  { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini' },
  { kind: 'error_rate', below: 0.01 },
  { kind: 'unharmed', upstream: 'assemblyai', comparedWith: 'steady', latencyRatio: 1.5, latencySlackMs: 20, errorRateBelow: 0.01 },
])
const END = 1200
const plan: Plan = {
  ...base,
  gateway: { upstreams: { gemini: upstreamPolicies.parse({ breaker: {} }), assemblyai: upstreamPolicies.parse({}) } },
  load: { ...base.load, rate: [{ fromMs: 0, toMs: END, startPerSecond: 50, endPerSecond: 50 }] },
  phases: [
    { name: 'steady', startMs: 0, endMs: 600, warmUp: false, expected: 30 },
    { name: 'outage', startMs: 600, endMs: END, warmUp: false, expected: 30 },
  ],
  faults: base.faults.map((fault) => Object.assign({}, fault, { startMs: 600, endMs: END })),
  durationMs: END,
}
const record: RunRecord = { ...whole, seed: plan.seed, plan }
const lines = [...journalOf({ breaker: [['open', 700]] }, plan)].map((event) => JSON.stringify(event))

const values: readonly unknown[] = [null, 'x', '', -1, 0, 1e308, -1e308, 1e15, true, [], {}, '__proto__', 'constructor', [null], { a: 1 }]

type Place = { holder: Record<string, unknown>; key: string }

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  // Any object may be asked for any of its keys.
  const holder = value as Record<string, unknown>
  const keys = Object.keys(holder)
  return [...keys.map((key) => ({ holder, key })), ...keys.flatMap((key) => placesIn(holder[key]))]
}

/** One field of the text is another value, or gone. */
function mutated(text: string, draw: (bound: number) => number): string {
  const value: unknown = JSON.parse(text)
  const places = placesIn(value)
  const { holder, key } = places[draw(places.length)]!
  const which = draw(values.length + 1)
  if (which === values.length) delete holder[key]
  else holder[key] = values[which]
  return JSON.stringify(value)
}

/** As `gatecrash judge` does with the files. @throws GatecrashError */
function judged(recordText: string, journal: readonly string[]): string {
  const { plan: read, ...rest } = parseRunRecord(recordText, 'run.json')
  const fold = createFold(read)
  for (const line of journal) {
    const event = eventFrom(line)
    if (!event) throw new GatecrashError('invalid_bundle', 'not a journal event')
    fold.add(event)
  }
  const evidence = fold.result()
  const verdict = judge(read, evidence)
  expect(renderHtml({ record: { ...rest, plan: read }, evidence, verdict })).toContain('</html>')
  return verdict.result
}

/** What becomes of each: a result, or the code of a refusal. Anything else fails the test, with the mutant that made it. */
function outcomes(
  make: (draw: (bound: number) => number) => [record: string, journal: readonly string[]],
  count: number,
): Map<string, number> {
  const random = seededRandom(11)
  const seen = new Map<string, number>()
  for (let mutant = 0; mutant < count; mutant++) {
    const [recordText, journal] = make((bound) => random.integer(bound))
    let outcome: string
    try {
      outcome = judged(recordText, journal)
    } catch (error) {
      if (!(error instanceof GatecrashError)) throw new Error(`mutant ${mutant}: ${recordText}\n${journal.join('\n')}`, { cause: error })
      outcome = error.code
    }
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
  }
  return seen
}

it('judges the whole bundle', () => {
  expect(judged(JSON.stringify(record), lines)).toMatch(/^(fail|inconclusive)$/)
})

it('judges or refuses a run.json with one field changed', () => {
  const seen = outcomes((draw) => [mutated(JSON.stringify(record), draw), lines], propertyRuns(0.4))
  expect([...seen.keys()].filter((outcome) => !['pass', 'fail', 'inconclusive', 'invalid_bundle'].includes(outcome))).toEqual([])
  expect(seen.get('invalid_bundle')).toBeGreaterThan(50)
})

it('judges or refuses a journal with fields of some lines changed', () => {
  const seen = outcomes((draw) => {
    const at = draw(lines.length)
    return [JSON.stringify(record), lines.with(at, mutated(lines[at]!, draw))]
  }, propertyRuns(0.4))
  expect([...seen.keys()].filter((outcome) => !['pass', 'fail', 'inconclusive', 'invalid_bundle'].includes(outcome))).toEqual([])
  expect(seen.get('invalid_bundle')).toBeGreaterThan(50)
})
