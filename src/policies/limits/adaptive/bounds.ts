// Between which limits an adaptive one moves.
import * as z from 'zod'

export const bounds = { min: z.int().min(1).default(1), max: z.int().min(1).default(200) }
