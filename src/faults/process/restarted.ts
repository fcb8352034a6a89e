// `restarted`: the process is asked to end (SIGTERM) and started again at once, as in a deployment. The fault is over when it is ready;
// at the end of the phase there is nothing left to undo.
import * as z from 'zod'
import type { ProcessFaultInput } from '../fault-input.ts'
import { processFaultType } from '../process-fault.ts'

/** Asks the process to end when the phase begins, waits until it has, and starts it again. */
function restarted(role: 'gateway' | 'redis'): ProcessFaultInput {
  return { made: 'process', role, fault: { is: 'restarted' } }
}

export const restartedFault = processFaultType({
  is: 'restarted',
  docs: [
    { written: "restarted('gateway')", does: 'The process is asked to end (SIGTERM), and started again at once, as in a deployment.' },
  ],
  on: ['gateway', 'redis'],
  schema: z.strictObject({ is: z.literal('restarted') }),
  build: { restarted },
  words: () => 'is asked to end, and started again',
  async begin(process) {
    // The fault is on while this goes on. What becomes of it is told at the end.
    process.restart().catch(() => {})
  },
  end: (process) => process.ready(),
  sign: (seen) => (seen === 'refused' ? 'a connection was refused' : undefined),
  delayBound: () => 0,
})
