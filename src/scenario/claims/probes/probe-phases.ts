// When probes are sent: in phases of their own, after the quiet ones and before the first fault. No criterion of the story's looks at them.
import type { Problem } from '../../../kernel/errors.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { PlannedPhase, PlannedRoute } from '../../../plan/plan.ts'
import type { BreakerSettings } from '../../../policies/breaker/settings.ts'
import { longestWaits } from '../../../policies/retry/backoff.ts'
import type { RetrySettings } from '../../../policies/retry/settings.ts'
import type { UpstreamPolicies } from '../../../policies/settings.ts'
import type { PhaseInput } from '../../phases.ts'
import { type ProbeName, probeFaults, probeOf, probeRoute } from './probes.ts'

/** A probe that can be sent: there is a route that it asks like. */
export interface SentProbe {
  name: ProbeName
  upstream: string
  template: PlannedRoute
  /** How often. */
  times: number
  /** From one probe of a phase to the next, whichever it is. */
  apart: Ms
  /** How long the last one may take. */
  settle: Ms
}

export const PROBES = 'probes'

const TIMES = 10
const IN_A_BURST = 40
// Beside the story's own requests, so few bad ones open no breaker that is not too quick. Few in a row are enough for a quick one: what
// fails of one probe, its retries and its slow failure too, is then over before the next; with a long backoff, most of it.
const APART: Ms = 100
const APART_OF_QUICK: Ms = 250
const QUICK = 3
const BURST_APART: Ms = 25
/** For the last ones to be answered, with their attempts. */
const SETTLE: Ms = 1000
const ATTEMPTS_TAKE: Ms = 500

/** How often a probe is sent: a burst is more than twice as long as what opens the breaker of these settings. */
export function timesOf(name: ProbeName, { breaker }: { breaker?: BreakerSettings | undefined }): number {
  if (!probeOf(name).alone) return TIMES
  return Math.max(IN_A_BURST, breaker ? 2 * Math.max(breaker.failures, breaker.failureRate?.minimum ?? 0) + TIMES : 0)
}

/** How far probes lie apart that are sent beside the story's requests to an upstream with these settings. */
export function apartOf(
  name: ProbeName,
  { breaker, retry }: { breaker?: BreakerSettings | undefined; retry?: RetrySettings | undefined },
): Ms {
  if (probeOf(name).alone) return BURST_APART
  return breaker && breaker.failures > 0 && breaker.failures <= QUICK ? Math.max(APART_OF_QUICK, retry?.base ?? 0) : APART
}

/** How long the last probe may take with these settings: what it is still waiting for would fall into the fault. */
export function settleOf({ retry, timeout }: Partial<Pick<UpstreamPolicies, 'retry' | 'timeout'>>): Ms {
  const waits = Math.min(retry ? longestWaits(retry) : 0, timeout?.total ?? Number.POSITIVE_INFINITY)
  return Math.max(SETTLE, waits + ATTEMPTS_TAKE)
}

/** The phases with those of the probes among them. */
export function withProbePhases(written: readonly PhaseInput[], sent: readonly SentProbe[]): PhaseInput[] {
  if (sent.length === 0) return [...written]
  const firstFault = written.findIndex(({ warmUp, faults }) => !warmUp && faults.length > 0)
  const at = firstFault < 0 ? written.length : firstFault
  const bursts = sent
    .filter(({ name }) => probeOf(name).alone)
    .map((probe) => phaseOf(burstName(probe), probe.times * probe.apart + SETTLE / 2, [probe], 'alone'))
  const beside = sent.filter(({ name }) => !probeOf(name).alone)
  const together =
    beside.length === 0 ? [] : [phaseOf(PROBES, beside.length * TIMES * widest(beside) + longestOf(beside), beside, 'beside')]
  return [...written.slice(0, at), ...bursts, ...together, ...written.slice(at)]
}

/** Adds a problem for each of the story's phases that has the name of one for probes. */
export function checkProbePhases(written: readonly PhaseInput[], sent: readonly SentProbe[], problems: Problem[]): void {
  const taken = new Set(withProbePhases([], sent).map(({ name }) => name))
  for (const [at, { name }] of written.entries())
    if (taken.has(name))
      problems.push({
        path: `phases[${at}].name`,
        message: `"${name}" is the phase in which claims send their probes; give it another name`,
      })
}

/** The routes of the probes, each with its times. */
export function probeRoutes(sent: readonly SentProbe[], phases: readonly PlannedPhase[], seed: number): PlannedRoute[] {
  const beside = sent.filter(({ name }) => !probeOf(name).alone)
  const startOf = (phase: string): Ms => phases.find(({ name }) => name === phase)?.startMs ?? 0
  const apart = widest(beside)
  return sent.map((probe) => {
    const { name, upstream, template } = probe
    const times = probeOf(name).alone
      ? { fromMs: startOf(burstName(probe)), everyMs: probe.apart, count: probe.times }
      : { fromMs: startOf(PROBES) + beside.indexOf(probe) * apart, everyMs: beside.length * apart, count: probe.times }
    return probeRoute(name, upstream, template, times, seed)
  })
}

const longestOf = (sent: readonly SentProbe[]): Ms => Math.max(...sent.map(({ settle }) => settle))
const widest = (sent: readonly SentProbe[]): Ms => Math.max(APART, ...sent.map(({ apart }) => apart))

export const burstName = ({ name, upstream }: { name: ProbeName; upstream: string }): string => `${upstream} ${name}`

function phaseOf(name: string, duration: Ms, sent: readonly SentProbe[], probed: 'alone' | 'beside'): PhaseInput {
  return { name, duration, warmUp: true, probes: probed, faults: sent.flatMap((probe) => probeFaults(probe.name, probe.upstream)) }
}
