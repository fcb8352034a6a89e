// breaker('gemini').blindTo(400, 404): answers that blame the client say nothing of the upstream's health, so they never open the breaker.
//
//   answers   404 404 404 404 404 404        a row, and nothing else between
//   breaker   closed ─────────┴─ open        it counted them
//
// Only a row as long as twice what opens the breaker shows that it does not count them.
import * as z from 'zod'
import type { Transition } from '../../evidence/events/transition.ts'
import type { ClientErrorRow } from '../../evidence/fold/client-errors.ts'
import { familyOf } from '../../faults/families.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import { own } from '../../kernel/own.ts'
import { atTime, plural } from '../../kernel/wording.ts'
import type { BreakerSettings } from '../../policies/breaker/settings.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { ofOne } from '../writing/fields.ts'
import { transitionsOf } from '../measure/breaker/breaker-history.ts'
import { type Span, failuresIn, passageIn, passages } from '../measure/breaker/traffic.ts'
import { wholeRun } from '../measure/scope.ts'
import { isOfStall } from '../measure/excuse.ts'
import type { Case, HarnessDelay, Result } from '../finding/raw-finding.ts'

const USUAL_FAILURES = 5
/** A breaker that has opened lets nothing pass for at least so long. */
const SHUT: Ms = 1000
const MIN_DUE = 5
/** Between the end of an answer at the fake and what the gateway tells of it. */
const TOLD: Ms = 250

export const blindTo = criterionType({
  kind: 'breaker_blind_to',
  doc: {
    written: "breaker('gemini').blindTo(400, 404)",
    demands: 'Answers that blame the client never open the breaker.',
    over: 'run',
    counts: 'Rows of such answers with nothing else between them.',
    samples: 'a row twice as long as what opens the breaker',
    undecided: 'No row was long enough while the breaker was surely closed.',
  },
  fields: { upstream: ofOne.upstream, statuses: z.array(z.int().min(400).max(499)).min(1) },
  build: {
    /** Answers with these statuses, 400 to 499, never open it, however many come in a row. */
    blindTo:
      (upstream: string) =>
      (...statuses: number[]): WrittenCriterion =>
        written({ kind: 'breaker_blind_to', upstream, statuses }),
  },
  relation: 'none',
  breaker: 'events',
  causes: ['unexpected_transition'],
  sentence: ({ upstream, statuses }) => `${statuses.join(' and ')} never open ${upstream}'s breaker`,
  phases: () => [],
  needs: () => 1,

  judge({ upstream, statuses }, run) {
    const rows = run.evidence.clientErrors.filter((row) => row.upstream === upstream && statuses.includes(row.status))
    const ends = rows.map((row) => ({ row, end: endOf(run, row) }))
    const opened = ends.filter(({ end }) => end === 'opened')
    const n = rows.reduce((total, { answers }) => total + answers, 0)
    const base = { n, measured: opened.length, interval: null, bound: 0, unit: 'transitions', window: wholeRun(run.plan) } as const
    const [first] = opened
    if (first) {
      const why = `it let nothing pass after ${plural(first.row.answers, 'answer')} of ${first.row.status} in a row ${atTime(first.row.fromMs)}, with no other failure before`
      // What timed out in a stall is a failure too, and no upstream tells of it.
      const withoutHarnessDelay = (delay: HarnessDelay): Result =>
        opened.every(({ row }) => openingsAt(run, row).some(({ atMs }) => isOfStall(delay, upstream, { fromMs: atMs, toMs: atMs })))
          ? 'inconclusive'
          : 'fail'
      return { ...base, result: 'fail', cause: 'unexpected_transition', witnessed: true, why, withoutHarnessDelay }
    }
    const needed = 2 * failuresOf(own(run.plan.gateway.upstreams, upstream)?.breaker)
    const longest = Math.max(0, ...ends.filter(({ end }) => end === 'closed').map(({ row }) => row.answers))
    if (longest >= needed) {
      return { ...base, result: 'pass', why: `${plural(longest, 'such answer')} came in a row, and it stayed closed` }
    }
    const why =
      n === 0
        ? `${upstream} never answered ${statuses.join(' or ')} several times in a row`
        : `at most ${plural(longest, 'such answer')} came in a row while it was surely closed, and it takes ${needed} to tell`
    return {
      ...base,
      result: 'inconclusive',
      cause: n === 0 ? 'no_samples' : 'too_few_samples',
      why: `${why}; let nothing else be sent meanwhile`,
    }
  },
})

/** Failures that open the breaker: the most that any of its rules takes. */
function failuresOf(settings: BreakerSettings | undefined): number {
  if (!settings) return USUAL_FAILURES
  return Math.max(settings.failures, settings.failureRate?.minimum ?? 0, 1)
}

/** Whether the breaker opened at the row; `unclear` when something else may have opened it, or nobody can tell. */
function endOf(run: Case, row: ClientErrorRow): 'opened' | 'closed' | 'unclear' {
  const { upstream, fromMs, toMs } = row
  const { plan, evidence } = run
  const { tickMs } = evidence.series
  const isInferred = run.inferred?.has(upstream) === true
  const untilMs = toldBy(run, row)
  const hasOpened = openingsAt(run, row).length > 0
  const isShut = isInferred && nothingPasses(run, upstream, { fromMs: toMs + tickMs, toMs: toMs + tickMs + SHUT })
  if (!hasOpened && !isShut) return 'closed'
  // A failure just before may have been the last one that it took, and what never reached the fake may have failed too.
  const failed = failuresIn(evidence, upstream, { fromMs: fromMs - SHUT, toMs: untilMs })
  const hidden = plan.faults.some(
    (fault) =>
      actsOn(fault, upstream) && familyOf(fault.fault).keepsRequests(fault.fault) && fault.startMs < untilMs && fault.endMs > fromMs - SHUT,
  )
  return failed > 0 || hidden ? 'unclear' : 'opened'
}

const openingsAt = (run: Case, row: ClientErrorRow): Transition[] =>
  transitionsOf(run.evidence, row.upstream).filter(({ to, atMs }) => to === 'open' && atMs >= row.fromMs && atMs <= toldBy(run, row))

/** By when an opening at the end of the row is told, or inferred. */
function toldBy({ inferred, evidence }: Case, { upstream, toMs }: ClientErrorRow): Ms {
  return toMs + (inferred?.has(upstream) === true ? 2 * evidence.series.bucketMs : TOLD)
}

function nothingPasses(run: Case, upstream: string, within: Span): boolean {
  const { asked, passed } = passageIn(passages(run, upstream), within, run.evidence.series.tickMs)
  return asked >= MIN_DUE && passed === 0
}
