// A toxic on a line without sockets: what goes in, what comes out, and when, on a virtual clock.
import { seededRandom } from '../../../../src/kernel/random.ts'
import { virtualClock, type VirtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { readFields, zeros } from '../../../../src/toxiproxy/decode.ts'
import { fieldsOf } from '../../../../src/toxiproxy/proxy/toxic-on-proxy.ts'
import { type Outlet, Slot } from '../../../../src/toxiproxy/proxy/slot.ts'
import type { Line as ToxicLine, ToxicType } from '../../../../src/faults/network/toxic.ts'

/** The far end of a line: remembers what arrived. */
export class Arrivals implements Outlet {
  full = false
  ended = false
  readonly pieces: { at: number; text: string }[] = []
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  take({ data }: { data: Buffer }): void {
    this.pieces.push({ at: this.#clock.now(), text: data.toString('latin1') })
  }

  end(): void {
    this.ended = true
  }

  get text(): string {
    return this.pieces.map(({ text }) => text).join('')
  }
}

export interface Line {
  clock: VirtualClock
  slot: Slot
  out: Arrivals
  send: (text: string) => void
  /** Puts other attributes on, as an update does. */
  update: (attributes: object) => void
}

/** `shared` carries a toxic's memory from line to line. */
export function lineUnder(
  type: ToxicType,
  attributes: object,
  { seed = 1, connection = 0, clock = virtualClock(), shared = type.memory?.start() }: Partial<LineOptions> = {},
): Line {
  const out = new Arrivals(clock)
  const fields = fieldsOf(type.attributes)
  const flow = (given: object) => (line: ToxicLine) => type.start(line, readFields(given, fields, zeros(fields)), shared)
  const setting = { clock, random: seededRandom(seed), openedAt: clock.now(), connection }
  const slot = new Slot(setting, type.queue ?? 1, out, { run: () => {} }, flow(attributes))
  return {
    clock,
    slot,
    out,
    send: (text) => slot.take({ data: Buffer.from(text, 'latin1'), at: clock.now() }),
    update(given) {
      slot.interrupt()
      slot.restart(flow(given))
    },
  }
}

interface LineOptions {
  seed: number
  connection: number
  clock: VirtualClock
  shared: unknown
}
