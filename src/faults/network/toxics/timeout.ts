// A black hole: swallows all data, and closes the connection after `timeout` ms without any.
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

export const timeout = defineToxic({
  attributes: {
    /** Silence after which the connection is closed, in ms; 0 never closes it. */
    timeout: integer,
  },
  closesWhenRemoved: true,
  start(line, { timeout: silence }) {
    const watch = (): void => {
      if (silence > 0) line.at(line.clock.now() + silence, () => line.close())
    }
    watch()
    return {
      absorbs: true,
      chunk() {
        watch()
        line.next()
      },
    }
  },
})
