import * as z from 'zod'

/** The status of the gateway's clients has nothing to set. */
export const statusSettings = z.strictObject({})
