// What people are told of a kind of criterion: by `gatecrash explain`, and in .github/docs/reference.md. Each type has its own, so that
// none is forgotten.

/** Windows that many criteria share. */
export const windows = {
  named: 'the phases that it names; without a name, all but warm-up',
  run: 'the whole run, warm-up included',
} as const

export interface CriterionDoc {
  /** As a scenario writes it. A test writes it so, too. */
  written: string
  /** What must hold, as a sentence. */
  demands: string
  /** What it is measured over. */
  over: keyof typeof windows | { between: string }
  /** Which requests, attempts or states are measured. */
  counts: string
  /** How many of them a flawless gateway needs to pass. A test holds this against what the example of `written` needs. */
  samples: string
  /** When it says neither pass nor fail, beside what makes any criterion inconclusive. */
  undecided: string
}
