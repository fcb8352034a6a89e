// What reports are made from.
import type { Evidence } from '../evidence/evidence.ts'
import type { Verdict } from '../judge/verdict.ts'
import type { RunRecord } from './bundle/record.ts'

/** A recorded run: what was planned, what was seen, what it was judged to be. */
export interface JudgedRun {
  record: RunRecord
  /** With the transitions that the verdict rests on: inferred from traffic where the gateway reports none. */
  evidence: Evidence
  verdict: Verdict
}
