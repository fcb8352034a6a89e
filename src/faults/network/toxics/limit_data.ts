// Passes the first `bytes` bytes of a connection, then closes it. It closes as soon as exactly that many have passed.
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

export const limit_data = defineToxic({
  attributes: {
    /** Bytes that may pass on a connection before it is closed. */
    bytes: integer,
  },
  memory: { per: 'line', start: () => ({ passed: 0 }) },
  start: (line, { bytes }, memory) => ({
    chunk({ data, at }) {
      const left = Math.max(0, bytes - memory.passed)
      if (data.length < left) {
        memory.passed += data.length
        line.pass({ data, at })
        line.next()
      } else {
        memory.passed += left
        if (left > 0) line.pass({ data: data.subarray(0, left), at })
        line.close()
      }
    },
  }),
})
