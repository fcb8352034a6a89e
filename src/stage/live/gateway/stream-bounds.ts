// How much a gateway's event stream may tell. A healthy one tells a few events a minute; a flood, or a line without an end, would take
// the machine's memory and disk, and is not worth reading.
import type { Ms } from '../../../kernel/clock.ts'
import { count } from '../../../kernel/wording.ts'

const MAX_LINE = 64 * 1024
const BYTES_PER_SECOND = 64 * 1024
/** At once, such as the replay of all past events on connecting. */
const BURST = 8 * 1024 * 1024

export interface StreamBounds {
  /** What is wrong with the stream, as the end of a sentence; undefined while it keeps to its bounds. */
  add(text: string, now: Ms): string | undefined
}

export function createStreamBounds(): StreamBounds {
  let lineLength = 0
  let budget = BURST
  let since: Ms | undefined
  return {
    add(text, now) {
      const lineEnd = text.lastIndexOf('\n')
      const longest = text.split('\n').reduce((most, line, at) => Math.max(most, line.length + (at === 0 ? lineLength : 0)), 0)
      lineLength = lineEnd < 0 ? lineLength + text.length : text.length - lineEnd - 1
      if (longest > MAX_LINE) return `a line of it has more than ${count(MAX_LINE)} characters`
      budget = Math.min(BURST, budget + ((now - (since ?? now)) / 1000) * BYTES_PER_SECOND) - text.length
      since = now
      return budget < 0 ? `it told more than ${count(BYTES_PER_SECOND)} characters a second` : undefined
    },
  }
}
