// The first data, or the end, in its direction dooms the connection: `timeout` ms later both peers see a RST.
// Whether it is a RST or a plain end was decided when the connection began (see `resets`).
import { integer } from '../decode.ts'
import { defineToxic } from './toxic.ts'

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
