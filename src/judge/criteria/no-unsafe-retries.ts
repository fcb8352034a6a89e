// Requests that are not safe to repeat arrive once. What has arrived has reached the upstream: a second arrival is a repeat.
import type { ArrivalCell } from '../../evidence/arrival-tally.ts'
import type { Rule } from '../ruling.ts'
import { arrivalsIn, windowOf } from '../scope.ts'
import { atTime, grouped, plural } from '../text.ts'

export const noUnsafeRetries: Rule<'no_unsafe_retries'> = ({ upstream, during }, { plan, evidence }) => {
  const window = windowOf(plan, during)
  const unsafe = arrivalsIn(evidence, { upstream, phases: window.phases }).filter((cell) => !cell.idempotent)
  const n = unsafe.reduce((total, cell) => total + cell.count - (cell.byAttempt[0] ?? 0), 0)
  const anonymous = unsafe.reduce((total, cell) => total + (cell.byAttempt[0] ?? 0), 0)
  const base = { n, interval: null, bound: 0, unit: 'requests', good: 'below', window } as const
  if (n === 0) {
    const why =
      anonymous > 0
        ? `${plural(anonymous, 'unsafe request')} arrived without x-request-id, so repeats cannot be told; pass the header on`
        : `no request that is unsafe to repeat arrived at ${upstream}`
    return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why }
  }
  const repeats = unsafe.reduce((total, cell) => total + repeatsIn(cell), 0)
  if (repeats === 0) return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'unsafe request')} arrived, each once` }
  const first = unsafe.flatMap((cell) => (cell.firstRepeat ? [{ ...cell.firstRepeat, cell }] : [])).toSorted((a, b) => a.atMs - b.atMs)[0]!
  const example = `first ${first.cell.method} ${first.cell.route} ${first.request} ${atTime(first.atMs)}, attempt ${first.attempt}`
  const why = `${grouped(repeats)} of ${plural(n, 'unsafe arrival')} were repeats (${example})`
  return { ...base, result: 'fail', cause: 'unsafe_retry', measured: repeats, seen: true, why }
}

const repeatsIn = (cell: ArrivalCell): number => cell.byAttempt.slice(2).reduce((total, count) => total + count, 0)
