// Random histories. A history is a list of small numbers, two to a step: what happens, and a choice within it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Clock, realClock } from '../../../src/kernel/clock.ts'
import { drawFor, seededRandom } from '../../../src/kernel/random.ts'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'
import { Breaker, type Permit } from '../../../src/policies/breaker/breaker.ts'
import { type BreakerSettings, breakerSettings } from '../../../src/policies/breaker/settings.ts'
import type { Transition } from '../../../src/policies/breaker/snapshot.ts'
import type { AttemptClass } from '../../../src/policies/classifier.ts'
import { propertyRuns } from '../../property-runs.ts'
import { NaiveBreaker } from './naive-breaker.ts'

type Settings = BreakerSettings & { probeLease: number }

// Unbiased: short histories of small numbers open no breaker.
const RUNS = { numRuns: propertyRuns(), unbiased: true, seed: 17 }
const OUTCOMES: AttemptClass[] = ['failure', 'failure', 'failure', 'success', 'success', 'neutral', 'alive', 'failure']

const rate = { ratio: fc.constantFrom(0.25, 0.5, 1), minimum: fc.integer({ min: 1, max: 4 }), within: fc.constantFrom(50, 200) }
const settings = fc
  .record(
    {
      failures: fc.integer({ min: 1, max: 4 }),
      within: fc.constantFrom(50, 100),
      failureRate: fc.record({ ...rate, calls: fc.constantFrom(undefined, 5) }),
      slowRate: fc.record({ ...rate, over: fc.constant(20) }),
      recovery: fc.constantFrom(0, 30, 100),
      recoveryGrowth: fc.constantFrom(1, 2),
      recoveryJitter: fc.constantFrom(0, 0.2),
      successes: fc.integer({ min: 1, max: 3 }),
      probes: fc.integer({ min: 1, max: 3 }),
      probeLease: fc.constantFrom(15, 60),
    },
    { requiredKeys: ['failures', 'recovery', 'probeLease', 'recoveryGrowth', 'recoveryJitter', 'successes', 'probes'] },
  )
  .map((written) => breakerSettings.parse(written) as Settings) // `probeLease` is always written

const history = fc.uint8Array({ minLength: 40, maxLength: 140, size: 'max' })

interface Flight {
  permit: Permit
  probe: boolean
  generation: number
  since: number
}

interface Played {
  transitions: Transition[]
  breaker: Breaker
  now: number
}

/** Plays a history; `look` is called after every step with what was done. */
function play(
  with_: Settings,
  steps: Uint8Array,
  look: (step: {
    did: 'admit' | 'record' | 'pass'
    flight?: Flight
    inFlight: Flight[]
    changes: number
    generation: number
  }) => void = () => {},
): Played {
  const transitions: Transition[] = []
  let generation = 0
  const breaker = new Breaker('gemini', with_, seededRandom(1), (transition) => {
    transitions.push(transition)
    generation++
  })
  const inFlight: Flight[] = []
  let now = 0
  for (let at = 0; at + 1 < steps.length; at += 2) {
    const [what, which] = [steps[at]! % 8, steps[at + 1]!]
    const before = transitions.length
    if (what < 3) {
      const permit = breaker.admit(now)
      const flight = { permit, probe: breaker.isProbe(permit), generation, since: now }
      if (permit !== 0) inFlight.push(flight)
      look({ did: 'admit', flight, inFlight, changes: transitions.length - before, generation })
    } else if (what < 6 && inFlight.length > 0) {
      const [flight] = inFlight.splice(which % inFlight.length, 1)
      // A lost probe is noticed by whoever asks next: not by the result that is recorded then.
      breaker.isCurrent(flight!.permit, now)
      const noticed = transitions.length
      breaker.record(flight!.permit, OUTCOMES[which >> 5]!, now - flight!.since, now)
      look({ did: 'record', flight: flight!, inFlight, changes: transitions.length - noticed, generation })
    } else {
      now += which % 64
      look({ did: 'pass', inFlight, changes: 0, generation })
    }
  }
  return { transitions, breaker, now }
}

describe('a breaker, whatever happens', () => {
  it('has never more probes in flight than it may', () => {
    const seen: number[] = []
    fc.assert(
      fc.property(settings, history, (with_, steps) => {
        let most = 0
        play(with_, steps, ({ inFlight, generation }) => {
          most = Math.max(most, inFlight.filter((flight) => flight.probe && flight.generation === generation).length)
        })
        expect(most).toBeLessThanOrEqual(with_.probes)
        seen[most] = (seen[most] ?? 0) + 1
      }),
      RUNS,
    )
    expect(seen[3]).toBeGreaterThan(RUNS.numRuns / 100)
  })

  it('is moved by no result from before its last change', () => {
    let moved = 0
    fc.assert(
      fc.property(settings, history, (with_, steps) => {
        const ages: number[] = []
        play(with_, steps, ({ did, flight, changes, generation }) => {
          if (did === 'record' && changes > 0) ages.push(generation - flight!.generation)
        })
        // Its own change is the first after its admission.
        expect(ages.filter((age) => age !== 1)).toEqual([])
        moved += ages.length
      }),
      RUNS,
    )
    expect(moved).toBeGreaterThan(RUNS.numRuns / 2)
  })

  it('accounts for every admission exactly once', () => {
    fc.assert(
      fc.property(settings, history, (with_, steps) => {
        let flying = 0
        const { breaker, now } = play(with_, steps, ({ inFlight }) => (flying = inFlight.length))
        const { admitted, success, failure, neutral, late } = breaker.snapshot(now).totals
        expect(success + failure + neutral + late + flying).toBe(admitted)
      }),
      RUNS,
    )
  })

  it('lets a call through again once recovery and probe deadline are over', () => {
    let open = 0
    fc.assert(
      fc.property(settings, history, (with_, steps) => {
        const { breaker, now } = play(with_, steps)
        if (breaker.snapshot(now).state === 'open') open++
        const longest = with_.recoveryMax * (1 + with_.recoveryJitter) + with_.probeLease
        expect(breaker.admit(now + longest)).not.toBe(0)
      }),
      RUNS,
    )
    expect(open).toBeGreaterThan(RUNS.numRuns / 10)
  })

  it('does the same again for the same history and seed', () => {
    fc.assert(
      fc.property(settings, history, (with_, steps) => {
        expect(play(with_, steps).transitions).toEqual(play(with_, steps).transitions)
      }),
      RUNS,
    )
  })

  it('agrees with a naive breaker that keeps all it ever saw', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(settings, history, (written, steps) => {
        const with_ = { ...written, recoveryJitter: 0 }
        const naive = new NaiveBreaker(with_)
        const transitions: Transition[] = []
        const real = new Breaker('gemini', with_, seededRandom(1), (transition) => transitions.push(transition))
        const inFlight: { permit: Permit; twin: NonNullable<ReturnType<NaiveBreaker['admit']>>; since: number }[] = []
        const [said, expected]: [string[], string[]] = [[], []]
        let now = 0
        for (let at = 0; at + 1 < steps.length; at += 2) {
          const [what, which] = [steps[at]! % 8, steps[at + 1]!]
          if (what < 3) {
            const [permit, twin] = [real.admit(now), naive.admit(now)]
            said.push(permit === 0 ? 'refused' : real.isProbe(permit) ? 'probe' : 'call')
            expected.push(twin ? (twin.probe ? 'probe' : 'call') : 'refused')
            if (twin) inFlight.push({ permit, twin, since: now })
          } else if (what < 6 && inFlight.length > 0) {
            const [{ permit, twin, since }] = inFlight.splice(which % inFlight.length, 1) as [(typeof inFlight)[number]] // not empty
            real.record(permit, OUTCOMES[which >> 5]!, now - since, now)
            naive.record(twin, OUTCOMES[which >> 5]!, now - since, now)
          } else if (which === 255) {
            real.reset(now)
            naive.reset(now)
          } else now += which % 64
          const { state, totals } = real.snapshot(now)
          said.push(`${state} ${Object.values(totals).join()}`)
          expected.push(`${naive.shown(now)} ${Object.values(naive.totals).join()}`)
        }
        expect(said).toEqual(expected)
        expect(transitions.map(({ from, to, at }) => `${from}>${to}@${at}`)).toEqual(naive.log)
        for (const { cause } of transitions) seen.add(cause)
      }),
      RUNS,
    )
    expect([...seen].toSorted()).toEqual(
      ['failure_rate', 'failures', 'probe_failed', 'probe_lost', 'probes_succeeded', 'recovery_elapsed', 'reset', 'slow_rate'].toSorted(),
    )
  })

  it('does on the real clock what it does on a virtual one', () => {
    const with_ = breakerSettings.parse({ failures: 2, recovery: 0.01, probeLease: 0.02 }) as Settings // as above
    const follow = (clock: Clock, goesOn: (turn: number, changes: number) => boolean): Transition[] => {
      const transitions: Transition[] = []
      const breaker = new Breaker('gemini', with_, seededRandom(1), (transition) => transitions.push(transition))
      for (let turn = 0; goesOn(turn, transitions.length); turn++) {
        const now = clock.now()
        const permit = breaker.admit(now)
        if (permit !== 0 && turn % 7 > 0) breaker.record(permit, OUTCOMES[Math.floor(8 * drawFor(8, 'outcome', turn))]!, 0, now)
      }
      return transitions
    }
    // In steps that a double adds up without rounding.
    const grain = (ms: number): number => Math.floor(ms * 1024) / 1024
    const times: number[] = []
    const recorded: Clock = {
      ...realClock,
      now() {
        times.push(grain(realClock.now()))
        return times.at(-1)!
      },
    }
    const real = follow(recorded, (_turn, changes) => changes < 200)
    const clock = virtualClock(times[0])
    const replayed = follow(clock, (turn) => {
      if (turn < times.length) clock.advance(times[turn]! - clock.now())
      return turn < times.length
    })
    expect(real.length).toBeGreaterThanOrEqual(200)
    expect(replayed).toEqual(real)
  })
})
