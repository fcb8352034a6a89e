import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { extendedToxics } from '../../../../src/faults/network/networks.ts'
import { lineUnder } from './line.ts'

describe('fail_first', () => {
  it('ends the first connections and leaves the others alone, also after an update', () => {
    const clock = virtualClock()
    const shared = extendedToxics.fail_first.memory!.start()
    const lines = [0, 1, 2, 3].map((connection) => lineUnder(extendedToxics.fail_first, { connections: 2 }, { clock, shared, connection }))
    for (const { send } of lines) send('x')
    lines[3]!.update({ connections: 2 })
    clock.advance(1)
    expect(lines.map(({ out }) => [out.ended, out.text])).toEqual([
      [true, ''],
      [true, ''],
      [false, 'x'],
      [false, 'x'],
    ])
  })
})
