// A journal folded into evidence, in one pass.
//
//   before the run line: kept, since times get their meaning from it ──▶ then folded, with all that follows: run-fold.ts
import { GatecrashError } from '../../kernel/errors.ts'
import type { Plan } from '../../plan/plan.ts'
import type { JournalEvent, RunEvent } from '../events.ts'
import type { Evidence } from '../evidence.ts'
import { type Fold, foldRun } from './run-fold.ts'
import { type Wanted, everything } from './wanted.ts'

/**
 * Folds a run's events. A request belongs to the phase in which it was due, an attempt to that of its request.
 * `wanted`: the parts that are counted.
 */
export function createFold(plan: Plan, wanted: Wanted = everything): Fold {
  // Processes report while the stage is being set up; times get their meaning from the run line.
  const settingUp: JournalEvent[] = []
  let fold: Fold | undefined
  const begun = (): Fold => {
    if (!fold) throw new GatecrashError('invalid_bundle', 'the journal has no run line: the run ended before it began; run again')
    return fold
  }
  // Getters of an object like this would be kept by its shape, and all that they know with them, until the next full collection.
  return {
    traffic: () => begun().traffic(),
    add(event) {
      if (event.type === 'run') {
        checkRun(event, plan, fold !== undefined)
        fold = foldRun(event, plan, wanted)
        for (const earlierEvent of settingUp) fold.add(earlierEvent)
      } else if (fold) fold.add(event)
      else settingUp.push(event)
    },
    result: () => begun().result(),
  }
}

export function foldJournal(journal: Iterable<JournalEvent>, plan: Plan): Evidence {
  const fold = createFold(plan)
  for (const event of journal) fold.add(event)
  return fold.result()
}

function checkRun({ scenario, seed }: RunEvent, plan: Plan, isSecond: boolean): void {
  if (isSecond)
    throw new GatecrashError('invalid_bundle', 'the journal has two run lines: two journals were joined; restore the file, or run again')
  if (scenario === plan.scenario && seed === plan.seed) return
  const [recorded, planned] = [`${scenario} with seed ${seed}`, `${plan.scenario} with seed ${plan.seed}`]
  throw new GatecrashError(
    'invalid_bundle',
    `the journal is of ${recorded}, and run.json of ${planned}: they are not of one run; restore the files, or run again`,
  )
}
