// Breaker histories in the notation in which they are usually written down, played on a breaker:
//
//   F  S  N  A      a call that is admitted and ends at once: failure, success, neutral, alive (a 4xx)
//   X               a call that is refused
//   a+              a call named a is admitted;  a+p as a probe
//   a=F             … and ends so
//   closed  open  half_open    the state that is shown at that time
//
// Any of these may carry `@ms` (the time; kept for the following ones), `~ms` (how long a call took that ends at once) and `×n` (n times).
import { expect } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { Breaker, type Permit } from '../../../src/policies/breaker/breaker.ts'
import type { BreakerSnapshot, Transition } from '../../../src/policies/breaker/snapshot.ts'
import type { AttemptClass } from '../../../src/policies/classifier.ts'
import { parsePolicies, type UpstreamPoliciesInput } from '../../../src/policies/settings.ts'

export type BreakerInput = NonNullable<UpstreamPoliciesInput['breaker']>

/** Three consecutive failures, one second, one probe; no growth, no jitter. */
const PLAIN: BreakerInput = { failures: 3, recovery: 1000, recoveryGrowth: 1, recoveryJitter: 0 }
const WITHOUT_LEASE = 1e12

export function newBreaker(settings: BreakerInput = {}, onTransition?: (transition: Transition) => void, seed = 1): Breaker {
  const { breaker } = parsePolicies('breaker', { breaker: { ...PLAIN, ...settings } })
  return new Breaker('gemini', { ...breaker!, probeLease: breaker!.probeLease ?? WITHOUT_LEASE }, seededRandom(seed), onTransition)
}

const outcomes: Record<string, AttemptClass> = { F: 'failure', S: 'success', N: 'neutral', A: 'alive' }

export interface Played {
  breaker: Breaker
  transitions: Transition[]
  now: number
  shown: BreakerSnapshot
}

export function play(settings: BreakerInput, script: string, breakerOf = newBreaker): Played {
  const transitions: Transition[] = []
  const breaker = breakerOf(settings, (transition) => transitions.push(transition))
  const admitted = new Map<string, { permit: Permit; since: number }>()
  let now = 0
  for (const step of script.split(/\s+/).filter(Boolean)) {
    const parts = /^([^@~×]+)(?:@(\d+))?(?:~(\d+))?(?:×(\d+))?$/.exec(step)
    if (!parts) throw new Error(`cannot read step ${step}`)
    const [, what = '', time, took = '0', times = '1'] = parts
    if (time !== undefined) now = Number(time)
    for (let turn = 0; turn < Number(times); turn++) playStep(breaker, admitted, what, Number(took), now, `${step} in "${script}"`)
  }
  return { breaker, transitions, now, shown: breaker.snapshot(now) }
}

function playStep(
  breaker: Breaker,
  admitted: Map<string, { permit: Permit; since: number }>,
  what: string,
  took: number,
  now: number,
  where: string,
): void {
  const [name = '', outcome = ''] = what.split('=')
  if (what === 'closed' || what === 'open' || what === 'half_open') expect(breaker.snapshot(now).state, where).toBe(what)
  else if (what === 'X') expect(breaker.admit(now), where).toBe(0)
  else if (what in outcomes) {
    const permit = breaker.admit(now)
    expect(permit, where).not.toBe(0)
    breaker.record(permit, outcomes[what]!, took, now)
  } else if (outcome in outcomes) {
    const { permit, since } = admitted.get(name)!
    breaker.record(permit, outcomes[outcome]!, now - since, now)
  } else if (/\+p?$/.test(what)) {
    const permit = breaker.admit(now)
    expect(permit, where).not.toBe(0)
    if (what.endsWith('p')) expect(breaker.isProbe(permit), where).toBe(true)
    admitted.set(what.replace(/\+p?$/, ''), { permit, since: now })
  } else throw new Error(`cannot read ${where}`)
}
