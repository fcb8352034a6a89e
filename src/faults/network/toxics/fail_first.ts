// Ends the first `connections` connections that it meets, before a byte passes. The others are left alone.
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'
import { noop } from './noop.ts'

export const fail_first = defineToxic({
  attributes: {
    /** How many connections are ended. */
    connections: integer,
  },
  memory: { per: 'toxic', start: () => ({ met: new Set<number>() }) },
  start(line, { connections }, { met }) {
    if (met.size < connections) met.add(line.connection)
    if (!met.has(line.connection)) return noop.start(line, {}, undefined)
    line.at(line.clock.now(), () => line.close())
    return { absorbs: true, committed: true, chunk: () => line.next() }
  },
})
