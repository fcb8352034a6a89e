// Probes: a few requests of a claim's own, each with a fault that hits it alone. They show what the story's requests never meet.
//
//   steady │ not-found ×40, nothing else │ fails-once, fails-twice, too-many … between the story's own requests │ fault
import { type FaultInput } from '../../../faults/fault-input.ts'
import type { Hits } from '../../../faults/hits.ts'
import { PROBE_PARAMETER, probeMark } from '../../../faults/probe-mark.ts'
import { latency } from '../../../faults/request/latency.ts'
import { malformedFault } from '../../../faults/request/malformed.ts'
import { status } from '../../../faults/request/status.ts'
import { truncatedFault } from '../../../faults/request/truncated.ts'
import { idempotentMethods } from '../../../contract/methods.ts'
import type { PlannedRoute, ProbeTimes } from '../../../plan/plan.ts'
import { plural, span } from '../../../kernel/wording.ts'
import type { UpstreamPolicies } from '../../../policies/settings.ts'

interface Probe {
  /** "a GET that fails twice" */
  words: string
  /** Which of the story's routes it asks like: one that may be repeated, or one that may not. */
  like: 'safe' | 'unsafe'
  /** Whether nothing else is sent meanwhile: good answers between the bad ones would hide what a row of bad ones does. */
  alone?: true
  expectedStatuses?: number[]
  /** Why it shows nothing of an upstream with these settings; undefined when it does. */
  unfit?(policies: Pick<UpstreamPolicies, 'breaker' | 'classes'>): string | undefined
  faults(upstream: string, hits: Hits): FaultInput[]
}

/** Good answers between them do not make such a breaker forget bad ones. */
const opensIt = ({ breaker }: Pick<UpstreamPolicies, 'breaker'>): string | undefined =>
  breaker?.within !== undefined && breaker.failures > 0
    ? `its breaker counts ${plural(breaker.failures, 'failure')} within ${span(breaker.within)}, whatever is good between them, and would open`
    : undefined

export const probes = {
  'not-found': {
    words: 'a burst of requests for what is not there',
    like: 'safe',
    alone: true,
    expectedStatuses: [404],
    unfit: ({ classes }) => ((classes?.['404'] ?? classes?.['4xx']) === 'failure' ? 'its 404 is set to count as a failure' : undefined),
    faults: (upstream, hits) => [status(upstream, 404, hits)],
  },
  'fails-once': {
    words: 'a request that may not be repeated, and fails once',
    like: 'unsafe',
    unfit: opensIt,
    faults: (upstream, hits) => [status(upstream, 503, { ...hits, attempts: 1 })],
  },
  'fails-twice': {
    words: 'a request that may be repeated, and fails twice',
    like: 'safe',
    unfit: opensIt,
    faults: (upstream, hits) => [status(upstream, 503, { ...hits, attempts: 2 })],
  },
  'too-many': {
    words: 'a request that is answered 429 with Retry-After',
    like: 'safe',
    faults: (upstream, hits) => [status(upstream, 429, { ...hits, attempts: 1, retryAfter: '1' })],
  },
  'slow-failure': {
    words: 'a request that fails slowly',
    like: 'safe',
    unfit: opensIt,
    faults: (upstream, hits) => [latency(upstream, '300ms', { ...hits, attempts: 1 }), status(upstream, 503, { ...hits, attempts: 1 })],
  },
  'cut-body': {
    words: 'a request whose answer is cut off',
    like: 'safe',
    unfit: opensIt,
    faults: (upstream, hits) => [truncatedFault.build.truncated(upstream, 0.5, hits)],
  },
  'garbage-body': {
    words: 'a request whose answer is whole, and garbage',
    like: 'safe',
    faults: (upstream, hits) => [malformedFault.build.malformed(upstream, hits)],
  },
} as const satisfies Record<string, Probe>

export type ProbeName = keyof typeof probes

/** What is known of a probe. */
export const probeOf = (name: ProbeName): Probe => probes[name]

/** The route that the probe asks like: the first of the mix that reaches this upstream alone and has such a method. */
export function templateFor(name: ProbeName, upstream: string, mix: readonly PlannedRoute[]): PlannedRoute | undefined {
  const wantsSafe = probeOf(name).like === 'safe'
  return mix.find(
    ({ reaches, method, idempotencyKey, once }) =>
      once === undefined &&
      reaches.length === 1 &&
      reaches[0]!.upstream === upstream &&
      (wantsSafe ? method === 'GET' : !idempotentMethods.has(method) && idempotencyKey !== true),
  )
}

/** The route of its requests: the template's, marked in its query, and so in its request ids, so that faults tell them apart. */
export function probeRoute(name: ProbeName, upstream: string, template: PlannedRoute, times: ProbeTimes, seed: number): PlannedRoute {
  const { during: _always, ...asked } = template
  const { expectedStatuses } = probeOf(name)
  return {
    ...asked,
    route: `${upstream} probe ${name}`,
    weight: 0,
    paths: template.paths.map((path) => `${path}${path.includes('?') ? '&' : '?'}${PROBE_PARAMETER}=${probeMark(seed, name)}`),
    ...(expectedStatuses && { expectedStatuses: [...expectedStatuses] }),
    probe: times,
  }
}

export const probeFaults = (name: ProbeName, upstream: string): FaultInput[] => probeOf(name).faults(upstream, { probe: name })
