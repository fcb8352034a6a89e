// streams('gemini').whole(): the client gets every event once and whole, and the end that the upstream gave: a stream that broke off
// there must not end well here, and an error that was told inside must be told on.
import { atTime, count, plural } from '../../kernel/wording.ts'
import { type StreamCell, badFates } from '../../evidence/tallies/streams.ts'
import { earliest } from '../../evidence/tallies/trace-tally.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { windowOf } from '../measure/scope.ts'
import { lackOfIds, unjoinedIn } from '../measure/gaps/unjoined-attempts.ts'
import { untoldRoutes } from '../measure/gaps/untold-routes.ts'
import type { Case } from '../finding/raw-finding.ts'
import { type StreamScope, noStreams, streamsIn, sumOf } from './streams-in.ts'

export const whole = criterionType({
  kind: 'streams_whole',
  doc: {
    written: "streams('gemini').whole()",
    demands: 'The client gets every event once and whole, and the end that the upstream gave.',
    over: 'named',
    counts: 'Streams, event by event, against what the upstream sent.',
    samples: 'one stream',
    undecided: 'No stream was seen, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
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
    const scope = { upstream, phases: window.phases }
    const cells = streamsIn(run, scope)
    const fates = (fate: keyof (typeof cells)[number]['fates']): number => sumOf(cells, (cell) => cell.fates[fate])
    const badOnes = [...badFates].filter((fate) => fates(fate) > 0 && !(fate === 'held' && mayHoldBack(run, scope)))
    const bad = badOnes.reduce((total, fate) => total + fates(fate), 0)
    const n = fates('kept') + bad
    const base = { n, interval: null, bound: 0, unit: 'requests', window } as const
    const first = cells.map(({ firstBad }) => firstBad).reduce(earliest, null)
    if (bad > 0) {
      const each = badOnes.map((fate) => `${count(fates(fate))} ${fate}`).join(', ')
      const where = first === null ? '' : ` (first ${first.request} ${atTime(first.atMs)}: ${first.what})`
      const why = `${count(bad)} of ${plural(n, 'stream')} came otherwise than they were sent: ${each}${where}`
      return { ...base, result: 'fail', cause: 'broken_stream', witnessed: true, measured: bad, why }
    }
    const undecided = { ...base, result: 'inconclusive', measured: n === 0 ? null : 0 } as const
    const unfinished = (cell: StreamCell): number => cell.fates.left + cell.fates.unsent + cell.fates.held
    // What an attempt that nobody can join brought may be just what the client did not get.
    const unjoined = unjoinedIn(run, scope) > 0 ? sumOf(cells, unfinished) : 0
    const untold = fates('untold') + unjoined
    if (untold > 0) {
      // Whose an attempt is explains no stream that nobody sent.
      const lack = fates('untold') === 0 ? lackOfIds(run, { upstream }) : {}
      const why = `of ${plural(untold, 'stream')}, what was sent is not known, or what came cannot be read; pass x-request-id on, and streams uncompressed`
      return { ...undecided, cause: n === 0 ? 'no_samples' : 'too_few_samples', ...lack, why }
    }
    // Where most streams were left or refused, the rest speaks for nobody.
    const unknownRoutes = untoldRoutes(cells, (cell) => cell.fates.kept, unfinished)
    if (unknownRoutes.length > 0) {
      const why = `most streams of ${unknownRoutes.join(', ')} were left by their clients, or never sent`
      return { ...undecided, cause: n === 0 ? 'no_samples' : 'too_few_samples', why }
    }
    if (n === 0) return { ...undecided, cause: 'no_samples', why: noStreams(upstream) }
    const unknown = sumOf(cells, unfinished)
    const more = unknown === 0 ? '' : `; ${count(unknown)} more were left by their clients, or never sent`
    return { ...base, result: 'pass', measured: 0, why: `${plural(n, 'stream')} came as they were sent${more}` }
  },
})

/** Whether the network may have kept from the gateway what the upstream has sent, its end included. */
const mayHoldBack = ({ plan }: Case, { upstream, phases }: { upstream: string; phases: readonly string[] }): boolean =>
  plan.faults.some((fault) => fault.fault.made === 'network' && fault.upstream === upstream && phases.includes(fault.phase))
