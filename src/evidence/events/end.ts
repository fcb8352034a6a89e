// The last line; a journal without it is incomplete.
import { defineJoined, oneOf, optional, text } from './event.ts'

export const end = defineJoined({ reason: oneOf(['complete', 'interrupted', 'failed']), detail: optional(text) })
