// What people are told of a fault: by `gatecrash explain`, and in .github/docs/reference.md. Each builder of a fault has its own.

export interface FaultDoc {
  /** As a phase of a scenario writes it, without `faults.`. A test writes it so, too. */
  written: string
  /** A sentence. */
  does: string
}
