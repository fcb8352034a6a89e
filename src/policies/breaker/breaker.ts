// The circuit breaker of one upstream. It keeps no timer: its state follows from what happened and from the clock.
//
//            a trip rule says so                     recovery has elapsed, and a call asks
//   closed ───────────────────────▶ open ──────────────────────────────────────────────────▶ half_open
//     ▲                              ▲                                                            │
//     │                              └──────── a probe fails, or does not return in time ─────────┤
//     └─────────────────────────────────────── `successes` probes in a row ───────────────────────┘
//
// Every admission gets a permit that names its generation; every change of state begins a new generation. A result with an old permit
// is counted as late, and does nothing else: it changes no state and frees no probe's place (the scheme of sony/gobreaker).
// Results count at their end, in the window of that moment. So slow failures are seen.
//
// A stream has two results. Its head is one: a probe is done with it, rates count it, and only its time can be too slow. Its end is the
// other: one that breaks off is a failure, whatever its head was; one that ends well ends a row of failures, which its head did not.
import type { Ms } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { AttemptClass } from '../classifier.ts'
import { type BreakerCondition, CLOSED, firstLost, foresee, FREE, halfOpen, type SavedBreaker } from './condition.ts'
import { Recovery } from './recovery.ts'
import type { BreakerSettings } from './settings.ts'
import type { BreakerSnapshot, BreakerTotals, Transition } from './snapshot.ts'
import type { TripRule } from './trip/trip-rule.ts'
import { TripRules } from './trip/trip-rules.ts'

/** Leave to make one call; 0 when refused. It must be handed to `record` exactly once. */
export type Permit = number

type Settings = BreakerSettings & { probeLease: Ms }

// Permit = generation × PLACES + place. Place 0 is an ordinary call; 1 and above are probes, by the index of their deadline plus 1.
const PLACES = 1024

export class Breaker {
  readonly #upstream: string
  readonly #settings: Settings
  readonly #rules: TripRules
  readonly #recovery: Recovery
  readonly #onTransition: ((transition: Transition) => void) | undefined
  readonly #owners = new Set<string>()
  readonly #totals: BreakerTotals = { admitted: 0, rejected: 0, success: 0, failure: 0, neutral: 0, late: 0 }
  #condition: BreakerCondition = CLOSED
  /** The permit of an ordinary call of this generation. */
  #ordinary: Permit = PLACES
  #lastFailureAt: Ms | null = null

  constructor(upstream: string, settings: Settings, random: Random, onTransition?: (transition: Transition) => void) {
    this.#upstream = upstream
    this.#settings = settings
    this.#rules = new TripRules(settings)
    this.#recovery = new Recovery(settings, random)
    this.#onTransition = onTransition
  }

  /** A permit for one call, or 0: the breaker is open, or all its probes are under way. Nobody waits. */
  admit(now: Ms): Permit {
    if (this.#condition !== CLOSED) return this.#admitProbe(now)
    this.#totals.admitted++
    return this.#ordinary
  }

  /** What became of an admitted call that took `durationMs` and ended at `now`. */
  record(permit: Permit, outcome: AttemptClass, durationMs: Ms, now: Ms): void {
    if (this.#condition === CLOSED && permit === this.#ordinary) this.#recordCall(outcome, durationMs, now)
    else if (!this.isCurrent(permit, now)) this.#totals.late++
    else if (this.#condition.is === 'half_open') this.#recordProbe(this.#condition, permit % PLACES, outcome, durationMs, now)
  }

  /** The head of a stream, after `headMs`. True: this call is counted. False: `recordEnd` will count it. */
  recordHead(permit: Permit, proof: AttemptClass, headMs: Ms, now: Ms): boolean {
    const isOrdinary = this.#condition === CLOSED && permit === this.#ordinary
    if (!isOrdinary) this.record(permit, proof, headMs, now)
    else if (proof === 'success') this.#openBy(this.#rules.recordStream('head', headMs, now), now)
    return !isOrdinary
  }

  /** The end of a stream whose head is not counted yet. `end`: neutral when the client left. */
  recordEnd(permit: Permit, { proof, end, headMs }: { proof: AttemptClass; end: AttemptClass; headMs: Ms }, now: Ms): void {
    const isCurrent = this.#condition === CLOSED && permit === this.#ordinary
    if (!isCurrent || proof !== 'success') return this.record(permit, end === 'failure' ? end : proof, headMs, now)
    this.#totals[end === 'failure' ? 'failure' : 'success']++
    if (end === 'failure') {
      this.#lastFailureAt = now
      this.#openBy(this.#rules.streamBroke(now), now)
    } else if (end !== 'neutral') this.#openBy(this.#rules.recordStream('end', headMs, now), now)
  }

  /** A probe's stream broke off after its good head. While others are still probing, it has failed after all. */
  probeBroke(permit: Permit, now: Ms): void {
    if (!this.isCurrent(permit, now) || this.#condition.is !== 'half_open') return
    this.#lastFailureAt = now
    this.#open('probe_failed', now)
  }

  /** Moves a probe's deadline: it begins only now, or its body is still to come. Default: one `probeLease` from now. */
  renew(permit: Permit, now: Ms, until: Ms = now + this.#settings.probeLease): void {
    if (this.#condition.is === 'half_open' && this.isCurrent(permit, now)) this.#condition.probeDeadlines[(permit % PLACES) - 1] = until
  }

  isProbe(permit: Permit): boolean {
    return permit % PLACES !== 0
  }

  /** Whether the breaker is still in the generation of this permit. */
  isCurrent(permit: Permit, now: Ms): boolean {
    this.#loseProbes(now)
    return permit - (permit % PLACES) === this.#ordinary
  }

  /** Whether a success may be recorded with any `now`. To read a clock costs more than to record. */
  get timeless(): boolean {
    return this.#condition === CLOSED && !this.#rules.timed
  }

  isClosed(): boolean {
    return this.#condition === CLOSED
  }

  /** Time until the next probe may be admitted; 0 when that is now, or depends on a probe under way. */
  retryAfter(now: Ms): Ms {
    const condition = foresee(this.#condition, now, this.#recovery.next)
    return condition.is === 'open' ? Math.max(0, condition.until - now) : 0
  }

  snapshot(now: Ms): BreakerSnapshot {
    const condition = foresee(this.#condition, now, this.#recovery.next)
    const rule = this.#rules.first
    return {
      state: condition.is,
      failureCount: rule.count(now),
      failureThreshold: rule.threshold,
      successCount: condition.is === 'half_open' ? condition.successes : 0,
      successThreshold: this.#settings.successes,
      openedAt: condition.is === 'open' ? condition.openedAt : null,
      lastFailureAt: this.#lastFailureAt,
      totals: { ...this.#totals },
    }
  }

  /** Closes it and clears its counts. Results that are under way become late. It stays open while an owner forces it open. */
  reset(now: Ms): void {
    if (this.#owners.size > 0) return
    this.#rules.clear()
    this.#recovery.restart()
    this.#become(CLOSED, 'reset', now)
  }

  /** For the admin API: opens it until every owner that asked for this has called `unforce`. */
  force(owner: string, now: Ms): void {
    this.#owners.add(owner)
    this.#become({ is: 'open', openedAt: now, until: Number.POSITIVE_INFINITY }, 'forced', now)
  }

  unforce(owner: string, now: Ms): void {
    if (this.#owners.delete(owner)) this.reset(now)
  }

  /** For the gateway's stores: a restarted gateway takes its breakers up again with `restore`. */
  save(now: Ms): SavedBreaker {
    const condition = foresee(this.#condition, now, this.#recovery.next)
    if (condition.is === 'closed' || this.#owners.size > 0) return { state: 'closed' }
    if (condition.is === 'open') return { state: 'open', openedAt: condition.openedAt, until: condition.until, step: this.#recovery.step }
    // Probes under way are lost with the process. The restored breaker may send new ones at once.
    return { state: 'open', openedAt: now, until: now, step: this.#recovery.step }
  }

  /** To be called on a fresh breaker. After a restart of the machine, its clock starts anew: an opening is cut to the longest possible. */
  restore(saved: SavedBreaker, now: Ms): void {
    if (saved.state === 'closed') return
    const { recoveryMax, recoveryJitter } = this.#settings
    const longest = recoveryMax * (1 + recoveryJitter)
    for (let step = 0; step < saved.step; step++) this.#recovery.take()
    this.#condition = { is: 'open', openedAt: Math.min(saved.openedAt, now), until: Math.min(saved.until, now + longest) }
    this.#ordinary += PLACES
  }

  #admitProbe(now: Ms): Permit {
    this.#loseProbes(now)
    const { probes, probeLease } = this.#settings
    if (this.#condition.is === 'open' && now >= this.#condition.until) this.#become(halfOpen(probes), 'recovery_elapsed', now)
    // The listener may have closed it again.
    if (this.#condition.is === 'closed') return this.admit(now)
    const free = this.#condition.is === 'half_open' ? this.#condition.probeDeadlines.indexOf(FREE) : -1
    if (this.#condition.is === 'open' || free < 0) {
      this.#totals.rejected++
      return 0
    }
    this.#condition.probeDeadlines[free] = now + probeLease
    this.#totals.admitted++
    return this.#ordinary + free + 1
  }

  #recordCall(outcome: AttemptClass, durationMs: Ms, now: Ms): void {
    if (outcome === 'neutral' || outcome === 'alive') {
      this.#totals.neutral++
      return
    }
    const failed = outcome === 'failure'
    if (failed) {
      this.#totals.failure++
      this.#lastFailureAt = now
    } else this.#totals.success++
    this.#openBy(this.#rules.record(failed, durationMs, now), now)
  }

  #recordProbe(condition: BreakerCondition & { is: 'half_open' }, place: number, outcome: AttemptClass, durationMs: Ms, now: Ms): void {
    condition.probeDeadlines[place - 1] = FREE
    const slow = this.#settings.slowRate !== undefined && durationMs > this.#settings.slowRate.over
    if (outcome === 'neutral') this.#totals.neutral++
    else if (outcome === 'failure' || slow) {
      this.#totals.failure++
      this.#lastFailureAt = now
      this.#open('probe_failed', now)
    } else {
      this.#totals.success++
      condition.successes++
      if (condition.successes < this.#settings.successes) return
      this.#recovery.restart()
      this.#rules.clear()
      this.#become(CLOSED, 'probes_succeeded', now)
    }
  }

  /** A probe that is past its deadline failed at the deadline. */
  #loseProbes(now: Ms): void {
    if (this.#condition.is !== 'half_open') return
    const lost = firstLost(this.#condition)
    if (lost > now) return
    this.#lastFailureAt = lost
    this.#open('probe_lost', lost)
  }

  #openBy(tripped: TripRule | undefined, now: Ms): void {
    if (tripped) this.#open(tripped.cause, now, tripped)
  }

  #open(cause: Transition['cause'], at: Ms, rule?: TripRule): void {
    this.#become({ is: 'open', openedAt: at, until: at + this.#recovery.take() }, cause, at, rule)
  }

  #become(next: BreakerCondition, cause: Transition['cause'], at: Ms, rule: TripRule = this.#rules.first): void {
    const from = this.#condition.is
    this.#condition = next
    this.#ordinary += PLACES
    if (from === next.is || !this.#onTransition) return
    const { threshold } = rule
    try {
      this.#onTransition({ upstream: this.#upstream, from, to: next.is, cause, at, failures: rule.count(at), threshold })
    } catch {
      // The state has changed already. A defect of the listener must not fail the call.
    }
  }
}
