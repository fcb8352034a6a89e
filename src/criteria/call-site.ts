// Where a criterion was written. Every builder ends here: the criterion, and the place in the scenario file where its sentence ends.
import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import { GatecrashError } from '../kernel/errors.ts'
import { nearPath } from '../kernel/near-path.ts'
import type { CriterionData } from '../plan/plan.ts'

/** A criterion as a scenario states it, for its `criteria`. */
export interface WrittenCriterion<Data extends CriterionData = CriterionData> {
  criterion: Data
  /** Where it was written, for annotations; the file is relative to the working directory when it lies below it. */
  source?: { file: string; line: number }
  /** What a project's own criterion knows of itself. It does not travel: a later run finds it by its module and export. */
  definition?: unknown
}

const thisFolder = new URL('.', import.meta.url).href

/** To be called by a builder's last step. The call site is the nearest one outside this folder, and outside `definedIn` (a path). */
export function written<Data extends CriterionData>(criterion: Data, definedIn?: string): WrittenCriterion<Data> {
  const caller = getCallSites(12).find(({ scriptName }) => !asUrl(scriptName).startsWith(thisFolder) && pathOf(scriptName) !== definedIn)
  if (!caller) throw new GatecrashError('internal', 'a criterion was built without a caller')
  return { criterion, source: { file: nearPath(pathOf(caller.scriptName)), line: caller.lineNumber } }
}

const pathOf = (script: string): string => (script.startsWith('file:') ? fileURLToPath(script) : script)
const asUrl = (script: string): string => (script.startsWith('/') ? `file://${script}` : script)
