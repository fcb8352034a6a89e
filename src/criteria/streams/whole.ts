// streams('gemini').whole(): the client gets every event once and whole, and the end that the upstream gave: a stream that broke off
// there must not end well here, and an error that was told inside must be told on.
import { atTime, count, plural } from '../../kernel/wording.ts'
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { untoldRoutes } from '../measure/untold-routes.ts'
import { type StreamScope, noStreams, streamsIn, sumOf } from './streams-in.ts'
import { lackOfIds } from '../measure/unjoined-attempts.ts'

export const whole = criterionType({
  kind: 'streams_whole',
  fields: ofOne,
  build: {
    /** Every event comes once and whole, and each stream ends as the upstream ended it. */
    whole: (scope: StreamScope) => (): WrittenCriterion => written({ kind: 'streams_whole', ...scope }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['broken_stream'],
  sentence: (criterion) => `every stream of ${criterion.upstream}${inPhases(criterion.during)} arrives whole, and ends as it was ended`,
  phases: named,
  needs: () => 1,
  asks: ['event_checksums'],

  judge({ upstream, ...criterion }, run) {
    const window = windowOf(run.plan, criterion.during)
    const cells = streamsIn(run, { upstream, phases: window.phases })
    const fates = (fate: keyof (typeof cells)[number]['fates']): number => sumOf(cells, (cell) => cell.fates[fate])
    const [kept, untold] = [fates('kept'), fates('untold')]
    const bad = fates('lost') + fates('repeated') + fates('changed') + fates('misended')
    const n = kept + bad
    const base = { n, interval: null, bound: 0, unit: 'requests', window } as const
    const first = cells.map(({ firstBad }) => firstBad).reduce(earliest, null)
    if (bad > 0) {
      const kinds = (['lost', 'repeated', 'changed', 'misended'] as const).filter((fate) => fates(fate) > 0)
      const each = kinds.map((fate) => `${count(fates(fate))} ${fate}`).join(', ')
      const where = first === null ? '' : ` (first ${first.request} ${atTime(first.atMs)}: ${first.what})`
      const why = `${count(bad)} of ${plural(n, 'stream')} came otherwise than they were sent: ${each}${where}`
      return { ...base, result: 'fail', cause: 'broken_stream', witnessed: true, measured: bad, why }
    }
    const undecided = { ...base, result: 'inconclusive', measured: n === 0 ? null : 0 } as const
    if (n === 0) {
      const why = untold === 0 ? noStreams(upstream) : `of ${plural(untold, 'stream')}, what was sent is not known; pass x-request-id on`
      return { ...undecided, cause: 'no_samples', ...(untold > 0 && lackOfIds(run, { upstream })), why }
    }
    // Those that a client left, and shared ones, are few; where most are untold, the rest speaks for nobody.
    const unknownRoutes = untoldRoutes(
      cells,
      (cell) => cell.fates.kept,
      (cell) => cell.fates.untold,
    )
    if (unknownRoutes.length > 0) {
      const why = `of most streams of ${unknownRoutes.join(', ')}, what was sent is not known; pass x-request-id on`
      return { ...undecided, cause: 'too_few_samples', ...lackOfIds(run, { upstream }), why }
    }
    const unknown = untold === 0 ? '' : `; of ${count(untold)} more nobody can tell`
    return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'stream')} came as they were sent${unknown}` }
  },
})
