// Data passes. The end of the stream is held back for `delay` ms. An update during that time starts it anew.
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

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
