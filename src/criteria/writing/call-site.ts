// Where a criterion was written. Every builder ends here: the criterion, and the place in the scenario file where its sentence ends.
import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import { GatecrashError } from '../../kernel/errors.ts'
import { nearPath } from '../../kernel/modules/near-path.ts'
import type { CriterionData } from '../../plan/plan.ts'

/** A criterion as a scenario states it, for its `criteria`. */
export interface WrittenCriterion<Data extends CriterionData = CriterionData> {
  criterion: Data
  /** Where it was written, for annotations; the file is relative to the working directory when it lies below it. */
  source?: { file: string; line: number }
  /** What a project's own criterion knows of itself. It does not travel: a later run finds it by its module and export. */
  definition?: unknown
  /** Absent: an error. */
  severity?: 'warn'
  /** The same, judged and shown as a warning: it never changes the verdict or the exit code. */
  warn(): WrittenCriterion<Data>
}

type Facts<Data extends CriterionData> = Omit<WrittenCriterion<Data>, 'warn'>

/** `warn` is the prototype's, so that what is compared and stored is data alone. */
class Written<Data extends CriterionData> implements WrittenCriterion<Data> {
  declare readonly criterion: Data
  declare readonly source?: { file: string; line: number }
  declare readonly definition?: unknown
  declare readonly severity?: 'warn'
  readonly #facts: Facts<Data>

  constructor(facts: Facts<Data>) {
    Object.assign(this, facts)
    this.#facts = facts
  }

  warn(): WrittenCriterion<Data> {
    return new Written({ ...this.#facts, severity: 'warn' })
  }
}

const criteriaFolder = new URL('..', import.meta.url).href

/** A criterion of a project's own: what it knows of itself, and the path of the module that defines it. */
interface Own {
  definition: unknown
  definedIn: string
}

/** To be called by a builder's last step. */
export function written<Data extends CriterionData>(criterion: Data, own?: Own): WrittenCriterion<Data> {
  return new Written({ criterion, source: callSite(criteriaFolder, own?.definedIn), ...(own && { definition: own.definition }) })
}

/** The nearest call site outside `folder` (a URL), and outside the module at `definedIn` (a path). */
export function callSite(folder: string, definedIn?: string): { file: string; line: number } {
  const caller = getCallSites(16).find(
    ({ scriptName }) =>
      ![folder, criteriaFolder].some((inside) => asUrl(scriptName).startsWith(inside)) && pathOf(scriptName) !== definedIn,
  )
  if (!caller) throw new GatecrashError('internal', 'a criterion or a claim was built without a caller')
  return { file: nearPath(pathOf(caller.scriptName)), line: caller.lineNumber }
}

const pathOf = (script: string): string => (script.startsWith('file:') ? fileURLToPath(script) : script)
const asUrl = (script: string): string => (script.startsWith('/') ? `file://${script}` : script)
