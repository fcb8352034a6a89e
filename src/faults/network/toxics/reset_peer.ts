// `timeout` ms after the first data, or the end, in its direction both peers see a RST. On a connection that began before the toxic
// came they see a plain end (see `resets`).
import { integer } from '../toxic-attribute.ts'
import { defineToxic } from '../toxic.ts'

export const reset_peer = defineToxic({
  attributes: {
    /** From the first data, or the end, to the reset, in ms. */
    timeout: integer,
  },
  resets: true,
  start(line, { timeout }) {
    let doomed = false
    const doom = (): void => {
      doomed = true
      line.at(line.clock.now() + timeout, () => line.close())
    }
    return {
      absorbs: true,
      get committed() {
        return doomed
      },
      chunk: doom,
      end: doom,
    }
  },
})
