// Plays a load in the role's own process, as the stage does, and reads its journal.
import type { LoadEvent, RequestEvent } from '../../../../../src/evidence/events.ts'
import type { Exit } from '../../../../../src/kernel/process/exit.ts'
import { startRole } from '../../../../../src/kernel/process/start-role.ts'
import { type Ms, realClock } from '../../../../../src/kernel/clock.ts'
import type { LoadPlan } from '../../../../../src/stage/live/load/generator.ts'
import type { FromLoad, LoadConfig, ToLoad } from '../../../../../src/stage/live/load/role.ts'

const LEAD: Ms = 100

export interface Played {
  /** Monotonic time of load start. */
  origin: Ms
  requests: RequestEvent[]
  loads: LoadEvent[]
  exit: Exit
}

/** Plays `plan` against `target` until it is done or the process ends by itself; `onSecond` may intervene after each second. */
export async function playLoad(
  plan: LoadPlan,
  target: string,
  onSecond: (tell: (message: ToLoad) => void) => void = () => {},
): Promise<Played> {
  let journal = ''
  const done = Promise.withResolvers<void>()
  const config: LoadConfig = { plan, run: 'run' }
  const role = await startRole('load', new URL('../../../../../src/stage/live/load/role.ts', import.meta.url), config, {
    onLines(lines) {
      journal += lines
      if (lines.includes('"type":"load"')) onSecond((told) => role.tell(told))
    },
    onMessage: (message) => {
      if ((message as FromLoad).is === 'done') done.resolve()
    },
  })
  const origin = realClock.now() + LEAD
  role.tell({ do: 'begin', target, origin } satisfies ToLoad)
  await Promise.race([done.promise, role.exited])
  await role.stop()
  const events = journal
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RequestEvent | LoadEvent | { type: 'health' })
  return {
    origin,
    requests: events.filter((event) => event.type === 'request'),
    loads: events.filter((event) => event.type === 'load'),
    exit: await role.exited,
  }
}

/** The smallest of `values` that at least `share` (0–1) of them do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  if (found === undefined) throw new Error('no values, no percentile')
  return found
}
