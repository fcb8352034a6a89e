// The contract of the page's sections.
import type { Run } from '../../../run/judged-run.ts'
import type { Element } from '../element.ts'

/** One section of the page; null when it has nothing to say for this run. */
export type Section = (run: Run) => Element | null
