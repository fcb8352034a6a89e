// All process faults. A new one is a file of the contract's shape (process-fault.ts) and a line here.
import type * as z from 'zod'
import type { ProcessFaultInput } from './fault-input.ts'
import { killedFault } from './process/killed.ts'
import { pausedFault } from './process/paused.ts'
import { restartedFault } from './process/restarted.ts'
import type { ProcessFaultType } from './process-fault.ts'
import type { Builders } from './request-fault.ts'

export const processFaults = { killed: killedFault, paused: pausedFault, restarted: restartedFault }

export type ProcessFault = z.output<(typeof processFaults)[keyof typeof processFaults]['schema']>

export function isProcessFault(is: string): is is ProcessFault['is'] {
  return Object.hasOwn(processFaults, is)
}

/** What is known of a fault. It takes faults of its own `is` alone. */
export function processFaultOf(fault: ProcessFault): ProcessFaultType<ProcessFault, Builders<ProcessFaultInput>> {
  return processFaults[fault.is]
}
