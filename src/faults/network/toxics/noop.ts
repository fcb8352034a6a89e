// Passes everything on. It also runs in place of a toxic that lost its coin on a connection.
import { defineToxic } from '../toxic.ts'

export const noop = defineToxic({
  attributes: {},
  start: (line) => ({
    chunk(chunk) {
      line.pass(chunk)
      line.next()
    },
  }),
})
