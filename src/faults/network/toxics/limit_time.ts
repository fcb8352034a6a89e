// Ends a connection `time` ms after it was accepted, whatever flows on it.
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

export const limit_time = defineToxic({
  attributes: {
    /** Age at which a connection is ended, in ms. */
    time: integer,
  },
  start(line, { time }) {
    line.at(line.openedAt + time, () => line.close())
    return {
      chunk(chunk) {
        line.pass(chunk)
        line.next()
      },
    }
  },
})
