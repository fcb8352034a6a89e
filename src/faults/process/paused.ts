// `paused`: the process stands still (SIGSTOP), as during a long garbage collection or on a frozen virtual machine.
// Its port stays open and the kernel takes connections for it, so that clients wait instead of being refused.
import * as z from 'zod'
import type { ProcessFaultInput } from '../fault-input.ts'
import { processFaultType } from '../process-fault.ts'

/** Stops the process when the phase begins, and lets it run on when the phase ends. */
function paused(role: 'gateway' | 'redis'): ProcessFaultInput {
  return { made: 'process', role, fault: { is: 'paused' } }
}

export const pausedFault = processFaultType({
  is: 'paused',
  docs: [
    {
      written: "paused('gateway')",
      does: 'The process stands still (SIGSTOP), as during a long garbage collection, and runs on when the phase ends.',
    },
  ],
  on: ['gateway', 'redis'],
  schema: z.strictObject({ is: z.literal('paused') }),
  build: { paused },
  words: () => 'stands still',
  begin: async (process) => process.pause(),
  end: async (process) => process.resume(),
  sign: (seen) => (seen === 'silent' ? 'a request was taken and not answered' : undefined),
  // A request that waits in the process goes on when the process does.
  delayBound: (lastsMs) => lastsMs,
})
