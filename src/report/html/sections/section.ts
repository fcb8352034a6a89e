// The contract of the page's sections.
import type { JudgedRun } from '../../../run/judged-run.ts'
import type { Element } from '../element.ts'

/** One section of the page; null when it has nothing to say for this run. */
export type Section = (run: JudgedRun) => Element | null
