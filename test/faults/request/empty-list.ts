// A fault of a user's own, for tests: an answer that is an empty list now and then.
import * as z from 'zod'
import { defineRequestFault } from '../../../src/faults/request/custom.ts'

export const emptyList = defineRequestFault(import.meta, {
  name: 'emptyList',
  schema: z.strictObject({ status: z.int().min(200).max(299), chance: z.number().min(0).max(1).default(1) }),
  words: ({ status, chance }) => `answers ${status} with an empty list${chance < 1 ? ' now and then' : ''}`,
  apply({ status, chance }, plan, draw) {
    if (draw('empty') >= chance) return
    plan.status = { code: status, headers: {} }
    plan.alter.push(() => Buffer.from('[]'))
  },
})

export const notAFault = { definition: {} }
