// Bundles that are damaged, or made by somebody else: each is judged, or refused with its place. None ends in a defect, and none never ends.
import { expect, it } from 'vitest'
import { createFold } from '../../../src/evidence/fold/fold.ts'
import { eventFrom } from '../../../src/evidence/parse-event.ts'
import { judge } from '../../../src/judge/judge.ts'
import { GatecrashError } from '../../../src/kernel/errors.ts'
import { seededRandom } from '../../../src/kernel/random.ts'
import { renderHtml } from '../../../src/report/html/page.ts'
import { parseRunRecord } from '../../../src/run/bundle/record.ts'
import { propertyRuns } from '../../property-runs.ts'
import { mutated } from './mutated.ts'
import { lines, record } from './whole-bundle.ts'

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
