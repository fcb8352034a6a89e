// leaksNothing('gemini', { in: 'hang' }): what nobody waits for any more is not worked on, what is there at
// once stays bounded, and the gateway does not grow.
import * as z from 'zod'
import { builders } from '../../criteria/criteria.ts'
import { type UpstreamName, nameOf } from '../../faults/fault-input.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { own } from '../../kernel/own.ts'
import { around } from './fault/around.ts'
import { type WrittenClaim, claimType, writtenClaim } from './claim.ts'

const { concurrency, growth, upstreamWork } = builders

/** More than compilers and caches take, and less than a leak does in a minute. */
const MAY_GROW = '200MB'

export interface LeaksNothingOptions {
  /** The phases in which work may pile up. */
  in: string | readonly string[]
  /** How long work at the upstream may go on when its client has left, or has its answer. Default 2 s. */
  outlives?: Duration
}

export const leaksNothing = claimType({
  kind: 'leaks_nothing',
  doc: {
    written: "leaksNothing('gemini', { in: 'hang' })",
    standsFor: 'No work outlives its client, no more is asked at once than is set, and the memory of the gateway does not grow.',
  },
  schema: z.strictObject({
    kind: z.literal('leaks_nothing'),
    upstream: z.string(),
    in: z.array(z.string()).min(1),
    outlivesMs: z.number().positive(),
  }),
  build: {
    /** Nothing is left at the upstream, or piles up there, in these phases. */
    leaksNothing: (of: UpstreamName, { in: phases, outlives = '2s' }: LeaksNothingOptions): WrittenClaim =>
      writtenClaim({
        kind: 'leaks_nothing',
        upstream: nameOf(of),
        in: typeof phases === 'string' ? [phases] : [...phases],
        outlivesMs: parseDuration(outlives),
      }),
  },
  sentence: (claim) => `nothing is left at ${claim.upstream} during ${claim.in.join(' and ')}`,
  upstreams: ({ upstream }) => [upstream],
  phases: (claim) => claim.in,
  probes: () => [],
  criteria({ upstream, outlivesMs, ...claim }, story) {
    const most = own(story.policies, upstream)?.bulkhead?.concurrent
    const { steady, recovery } = around(story, claim.in)
    return [
      upstreamWork(upstream)
        .during(...claim.in)
        .endsWithItsClient(outlivesMs),
      ...(steady && recovery ? [growth({ from: steady.name, to: recovery.name }).memoryBelow(MAY_GROW)] : []),
      ...(most === undefined
        ? []
        : [
            concurrency(upstream)
              .during(...claim.in)
              .atMost(most),
          ]),
    ]
  },
})
