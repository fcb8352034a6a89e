// A request body that a client sends slowly: in equal pieces, evenly over a span. Its length is known from the start.
import { Readable } from 'node:stream'
import type { Cancel, Clock, Ms } from '../../../kernel/clock.ts'

const MOST_PIECES = 50

/** The first piece goes at once, the last when the span is over. Whoever destroys it stops it. */
export function pacedBody(body: Buffer, overMs: Ms, clock: Clock): Readable {
  const pieces = Math.max(1, Math.min(body.length, MOST_PIECES))
  const edge = (piece: number): number => Math.floor((body.length * piece) / pieces)
  let sent = 0
  let cancel: Cancel = () => {}
  return new Readable({
    read() {
      cancel()
      cancel = clock.after(sent === 0 ? 0 : overMs / Math.max(1, pieces - 1), () => {
        this.push(body.subarray(edge(sent), edge(sent + 1)))
        sent++
        if (sent === pieces) this.push(null)
      })
    },
    destroy(error, done) {
      cancel()
      done(error)
    },
  })
}
