// `killed`: the process dies at once (SIGKILL), as after a crash or by the OOM killer. It is started again when the fault ends.
import * as z from 'zod'
import type { ProcessFaultInput } from '../fault-input.ts'
import { processFaultType, type ProcessRole } from '../process-fault.ts'

/** Kills the process when the phase begins, and starts it again when the phase ends. */
function killed(role: ProcessRole): ProcessFaultInput {
  return { made: 'process', role, fault: { is: 'killed' } }
}

export const killedFault = processFaultType({
  is: 'killed',
  docs: [{ written: "killed('gateway')", does: 'The process dies at once (SIGKILL), and is started again when the phase ends.' }],
  schema: z.strictObject({ is: z.literal('killed') }),
  build: { killed },
  words: () => 'is killed, and started again at the end',
  begin: (process) => process.kill(),
  end: (process) => process.restart(),
  sign: (seen) => (seen === 'refused' ? 'a connection was refused' : undefined),
  delayBound: () => 0,
})
