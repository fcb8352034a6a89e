// A system that has no /proc, such as macOS: what it does not tell is unknown, which is not the same as healthy.
import { expect, it } from 'vitest'
import type { HealthEvent, NoteEvent } from '../../../../src/evidence/events.ts'
import { groupMembers } from '../../../../src/kernel/process/group.ts'
import { watchGroupHealth } from '../../../../src/stage/live/health/process-group.ts'
import { watchMachine } from '../../../../src/stage/live/health/steal-time.ts'

const NOWHERE = '/no/such/folder'

/** What a watch writes first. */
const first = (watch: (write: (event: HealthEvent | NoteEvent) => void) => Disposable): Promise<HealthEvent | NoteEvent> =>
  new Promise((resolve) => {
    const watching = watch((event) => {
      watching[Symbol.dispose]()
      resolve(event)
    })
  })

it('notes that the health of the gateway is unknown', async () => {
  expect(await first((write) => watchGroupHealth('gateway', process.pid, write, NOWHERE))).toMatchObject({
    type: 'note',
    code: 'health_unknown',
    text: 'unknown on this system: memory, open files and processor time of the gateway, and how long it waited for a processor',
  })
})

it('notes that stolen time is unknown', async () => {
  expect(await first((write) => watchMachine(write, `${NOWHERE}/stat`))).toMatchObject({ type: 'note', code: 'stolen_unknown' })
})

it('tells a group that is not known from one that has ended', async () => {
  expect(await groupMembers(process.pid, NOWHERE)).toBeUndefined()
  expect(await groupMembers(2 ** 30)).toEqual([])
})
