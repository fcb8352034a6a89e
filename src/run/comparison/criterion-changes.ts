// Criteria of two verdicts, one by one: what passed and no longer does, and the other way round.
import type { Finding, Verdict } from '../../judge/verdict.ts'
import type { Change } from './change.ts'
import { isDoubtful } from './doubt.ts'

export interface CriterionChange {
  /** Its id in the later run. */
  id: string
  sentence: string
  change: Change
  /** False for what only warns. */
  decides: boolean
  before: Told
  now: Told
}

/** What a run said of it. */
interface Told {
  result: Finding['result']
  measured: number | null
  /** One kind may measure different things: what it failed by. */
  unit: string
}

/** Criteria that both runs have, in the order of the later verdict. */
export function criterionChanges(before: Verdict, now: Verdict): CriterionChange[] {
  const known = new Map(before.findings.map((finding) => [keyOf(finding), finding]))
  return now.findings.flatMap((finding) => {
    const earlier = known.get(keyOf(finding))
    if (earlier === undefined) return []
    const { id, sentence, severity } = finding
    const change = changeOf(earlier, finding)
    return [
      {
        id,
        sentence,
        decides: severity === 'error',
        change: isDoubtful(change, finding.unit === 'ms' ? 'slower' : 'blind', before, now) ? 'untold' : change,
        before: told(earlier),
        now: told(finding),
      },
    ]
  })
}

const keyOf = ({ criterion }: Finding): string => JSON.stringify(criterion)

const told = ({ result, measured, unit }: Finding): Told => ({ result, measured, unit })

function changeOf(before: Finding, now: Finding): Change {
  if (before.result === now.result) return now.result === 'inconclusive' ? 'too_few' : differenceOf(before, now)
  // What was decided, and no longer is, may have got worse; what is decided now may always have been so.
  if (before.result === 'inconclusive') return now.result === 'fail' ? 'untold' : 'too_few'
  if (now.result === 'inconclusive') return before.result === 'pass' ? 'untold' : 'too_few'
  return now.result === 'fail' ? 'worse' : 'better'
}

// A difference of less than this share of the bound is none that anybody asked about.
const NOTABLE = 0.1

/** With the same result: whether the measured values differ by more than both intervals leave to chance. */
function differenceOf(before: Finding, now: Finding): Change {
  const { relation, bound } = now
  if (bound === null || before.bound !== bound || before.unit !== now.unit || before.measured === null || now.measured === null)
    return 'within_noise'
  if (Math.abs(now.measured - before.measured) <= NOTABLE * Math.abs(bound)) return 'within_noise'
  const [rises, falls] = [isSurelyAbove(now, before), isSurelyAbove(before, now)]
  if (!rises && !falls) return 'within_noise'
  if (relation === 'below' || relation === 'at_most') return rises ? 'worse' : 'better'
  return relation === 'above' || relation === 'at_least' ? (falls ? 'worse' : 'better') : 'within_noise'
}

function isSurelyAbove(high: Finding, low: Finding): boolean {
  const [least, most] = [high.interval?.[0] ?? null, low.interval?.[1] ?? null]
  return least !== null && most !== null && least > most
}
