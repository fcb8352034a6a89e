// Journal in, evidence out: one pass, a few counters, and in memory only the requests under way.
// Lines of different roles may be shuffled (roles send in batches); nothing here depends on their order.
//
//   event ──▶ tally of its kind                            phases, transitions, faults, health …
//         ──▶ traffic: joiner ──▶ trace ──▶ requests, attempts, sample
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import { planIndex } from '../../plan/plan-index.ts'
import { type EventKind, type EventNamed, type JournalEvent, type RunEvent, events } from '../events.ts'
import type { Tally, TallyContext } from '../events/event.ts'
import type { Evidence, Tallied } from '../evidence.ts'
import type { Traffic } from '../traffic.ts'
import { TrafficFold } from './traffic-fold.ts'
import { type Counted, type Wanted, completed } from './wanted.ts'

export interface Fold {
  /** @throws GatecrashError `invalid_bundle` for a second run line, or one of another plan */
  add: (event: JournalEvent) => void
  /** Takes events of the traffic, as `add` does, with less ado. There is none before the run line. */
  traffic: () => Traffic
  /** @throws GatecrashError `invalid_bundle` when there was no run line: the stage was never ready */
  result: () => Evidence
}

/** Kinds whose events mean something only together with others. */
type JoinedKind = { [Kind in EventKind]: (typeof events)[Kind] extends { tally: unknown } ? never : Kind }[EventKind]

/** Folds what follows the run's line. */
export function foldRun(run: RunEvent, plan: Plan, wanted: Wanted): Fold {
  const { origin } = run
  const index = planIndex(plan)
  const tallies = openTallies({ plan, phaseAt: (atMs) => plan.phases[index.phaseAt(atMs)]?.name ?? '' })
  const traffic = new TrafficFold(run, plan, wanted)
  let end: Evidence['end'] = { reason: 'cut', atMs: 0 }
  const joined: { [Kind in JoinedKind]: (event: EventNamed<Kind>) => void } = {
    run() {},
    request: (event) => traffic.request(event),
    arrival: (event) => traffic.arrival(event),
    departure: (event) => traffic.departure(event),
    attempt: (event) => traffic.attempt(event),
    webhooks: (event) => traffic.webhooks(event),
    operations: (event) => traffic.operations(event),
    end({ reason, detail }) {
      end = { reason, atMs: 0, ...(detail !== undefined && { detail }) }
    },
  }

  // Their seconds tell that a role is past a time even when no request is.
  const seconds = new Map<string, (t: Ms) => void>([
    ['load', (t) => traffic.heard('load', t)],
    ['sockets', (t) => traffic.heard('upstreams', t)],
  ])
  // The tables pair a kind with its event; the lookup by name loses the pairing.
  const takers = new Map(Object.entries(joined) as [string, (event: JournalEvent) => void][])
  for (const [kind, tally] of tallies) {
    const second = seconds.get(kind)
    takers.set(kind, (event) => {
      tally.add(event, event.t - origin)
      second?.(event.t)
    })
  }
  return {
    traffic: () => traffic,
    add(event) {
      traffic.pass(event.t)
      takers.get(event.type)!(event)
    },
    result() {
      const tallied = Object.fromEntries([...tallies.values()].map(({ evidence, result }) => [evidence, result()])) as unknown as Tallied
      const counted: Counted = {
        run: { id: run.run, scenario: run.scenario, seed: run.seed, startedAt: run.startedAt },
        end: { ...end, atMs: traffic.lastMs },
        planned: index.planned,
        ...traffic.result(tallied),
        ...tallied,
      }
      return completed(counted, wanted)
    },
  }
}

type OpenTally = Tally<JournalEvent, unknown> & { evidence: string }

/** One tally for each kind of event that has one, by kind. */
function openTallies(context: TallyContext): Map<string, OpenTally> {
  return new Map(
    Object.entries(events).flatMap(([kind, event]) => {
      if (!('tally' in event)) return []
      // A tally gets events of its own kind alone.
      const { add, result } = event.tally(context) as Tally<JournalEvent, unknown>
      return [[kind, { evidence: event.evidence, add, result }] as const]
    }),
  )
}
