// Between which limits an adaptive one moves.
import * as z from 'zod'

export const bounds = {
  /** The least that the limit may become. */
  min: z.int().min(1).default(1),
  /** The most that the limit may become. */
  max: z.int().min(1).default(200),
}
