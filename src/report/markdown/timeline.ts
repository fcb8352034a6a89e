// What happened when, in characters of one width, one column a stretch of time:
//
//   p95        ▁▁▁▁▁▁▁▂▇█▂▂▁▁▁▁▁▁▁▁▁▁▁▁    up to 2.004 s
//   F1 gemini         ▓▓▓▓▓▓               status 503
//   gemini     ........OOOOHOO...          breaker: O open, H half-open, . closed
import { familyOf } from '../../faults/families.ts'
import { targetOf } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import { moment, span } from '../../kernel/wording.ts'
import { seriesPoints } from '../../evidence/time-series.ts'
import { oneLine } from '../plain-text.ts'
import type { JudgedRun } from '../../run/judged-run.ts'

const COLUMNS = 60
const FAULTS = 8
const BREAKERS = 6
const NAME = 16
const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const letters = { closed: '.', open: 'O', half_open: 'H' } as const

/** Undefined where there is nothing to draw. */
export function timeline(run: JudgedRun): string | undefined {
  const latency = latencyRow(run)
  if (latency === undefined) return undefined
  const { plan } = run.record
  const hidden = plan.faults.length - FAULTS
  return [
    latency,
    ...plan.faults.slice(0, FAULTS).map((fault) => faultRow(run, fault)),
    ...(hidden > 0 ? [`and ${hidden} more faults`] : []),
    ...breakerRows(run),
    row('', scale(plan.durationMs), ''),
  ].join('\n')
}

function latencyRow({ record, evidence }: JudgedRun): string | undefined {
  const { durationMs } = record.plan
  const merge = Math.max(1, Math.ceil(durationMs / COLUMNS / evidence.series.bucketMs))
  const points = seriesPoints(evidence.series, { outcomes: ['ok'], merge })
  const highest = Math.max(...points.map(({ p95 }) => p95))
  if (points.length === 0 || !(highest > 0)) return undefined
  const drawn = columnsOf(durationMs, (fromMs, toMs) => {
    const point = points.find((each) => each.fromMs < toMs && each.toMs > fromMs)
    return point === undefined ? ' ' : bars[Math.min(bars.length - 1, Math.floor((point.p95 / highest) * bars.length))]!
  })
  return row('p95 of ok', drawn, `up to ${span(highest)}`)
}

/** As it was seen; a fault that was never seen to act says so. */
function faultRow({ record, evidence }: JudgedRun, planned: JudgedRun['record']['plan']['faults'][number]): string {
  const seen = evidence.faults.find(({ id }) => id === planned.id)
  const onMs = seen?.bitMs ?? null
  const offMs = seen?.clearedMs ?? Math.min(planned.endMs, evidence.end.atMs)
  const drawn = columnsOf(record.plan.durationMs, (fromMs, toMs) => (onMs !== null && onMs < toMs && offMs > fromMs ? '▓' : ' '))
  const what = familyOf(planned.fault).words(planned.fault)
  return row(`${planned.id} ${targetOf(planned)}`, drawn, onMs === null ? `${what} (never seen to act)` : what)
}

function breakerRows({ record, evidence }: JudgedRun): string[] {
  const moved = [...new Set(evidence.transitions.map(({ upstream }) => upstream))].slice(0, BREAKERS)
  return moved.map((upstream, at) => {
    const own = evidence.transitions.filter((transition) => transition.upstream === upstream)
    const drawn = columnsOf(record.plan.durationMs, (fromMs, toMs) => {
      if (fromMs >= evidence.end.atMs) return ' '
      const before = own.findLast(({ atMs }) => atMs <= fromMs)?.to ?? own[0]?.from ?? 'closed'
      const states = new Set([before, ...own.filter(({ atMs }) => atMs > fromMs && atMs < toMs).map(({ to }) => to)])
      // The rarest state is the one that a reader must not miss.
      return letters[(['half_open', 'open'] as const).find((state) => states.has(state)) ?? 'closed']
    })
    return row(upstream, drawn, at === 0 ? 'breaker: . closed, O open, H half-open' : '')
  })
}

function columnsOf(durationMs: Ms, character: (fromMs: Ms, toMs: Ms) => string): string {
  const width = durationMs / COLUMNS
  return Array.from({ length: COLUMNS }, (_, at) => character(at * width, (at + 1) * width)).join('')
}

function scale(durationMs: Ms): string {
  const end = moment(durationMs)
  return `0${end.padStart(COLUMNS - 1)}`
}

const row = (name: string, drawn: string, note: string): string =>
  `${oneLine(name, NAME).padEnd(NAME + 2)}${drawn}  ${oneLine(note, 60)}`.trimEnd()
