// Data passes; the end of the stream is held back for `delay` ms. An update while waiting starts the wait anew.
import { integer } from '../decode.ts'
import { defineToxic } from './toxic.ts'

export const slow_close = defineToxic({
  attributes: {
    /** How long the end of the stream is held back, in ms. */
    delay: integer,
  },
  start: (line, { delay }) => ({
    chunk(chunk) {
      line.pass(chunk)
      line.next()
    },
    end: () => line.at(line.clock.now() + delay, () => line.close()),
  }),
})
