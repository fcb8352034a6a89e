import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { openJournal, readJournal } from '../../src/evidence/journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'journal-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newPath = (): string => join(folder, `${files++}`, 'journal.ndjson')
const phase = (t: number): JournalEvent => ({ type: 'phase', t, phase: 'ständig', edge: 'start' })

async function eventsOf(path: string): Promise<JournalEvent[]> {
  const events: JournalEvent[] = []
  await readJournal(path, (event) => events.push(event))
  return events
}

function writtenJournal(count: number): string {
  const path = newPath()
  const journal = openJournal(path)
  for (let t = 0; t < count; t++) journal.write(phase(t))
  journal.close()
  return path
}

it('reads back what was written, one by one or in batches', async () => {
  const path = newPath()
  const journal = openJournal(path)
  journal.write(phase(1))
  journal.append(`${JSON.stringify(phase(2))}\n${JSON.stringify(phase(3))}\n`)
  journal.append('')
  journal.close()
  journal.close()
  expect(await eventsOf(path)).toEqual([phase(1), phase(2), phase(3)])
})

it('has every event on disk before it is closed', async () => {
  const path = newPath()
  const journal = openJournal(path)
  journal.write(phase(1))
  expect(await eventsOf(path)).toEqual([phase(1)])
  journal.close()
})

it('streams a journal that is longer than any chunk', async () => {
  const events = await eventsOf(writtenJournal(20_000))
  expect(events).toHaveLength(20_000)
  expect(events.at(-1)).toEqual(phase(19_999))
})

it('loses nothing but the last line wherever a kill cuts it off', async () => {
  const path = writtenJournal(3)
  const bytes = readFileSync(path)
  const lines = bytes.toString().split('\n')
  for (let length = bytes.length; length >= 0; length--) {
    truncateSync(path, length)
    const whole = bytes.subarray(0, length).toString().split('\n').length - 1
    expect(await eventsOf(path)).toEqual(lines.slice(0, whole).map((line) => JSON.parse(line) as JournalEvent))
  }
})

it('names the line that is broken inside a journal', async () => {
  for (const broken of ['{"type":"pha', '17', 'null', '{"t":1}', '']) {
    const path = writtenJournal(2)
    appendFileSync(path, `${broken}\n`)
    writeFileSync(path, readFileSync(path, 'utf8') + `${JSON.stringify(phase(9))}\n`)
    await expect(eventsOf(path)).rejects.toMatchObject({
      code: 'invalid_bundle',
      message: expect.stringContaining(`${path}:3: not a journal event`),
    })
  }
})

it('refuses a line that is too long for an event, without reading it to its end', async () => {
  const path = writtenJournal(2)
  appendFileSync(path, 'x'.repeat(3 << 20))
  await expect(eventsOf(path)).rejects.toMatchObject({ code: 'invalid_bundle', message: expect.stringContaining(`${path}:3: not a`) })
})

it('takes no line for an event whose fields are of another kind, or that it does not know', async () => {
  const request = {
    type: 'request',
    t: 9,
    id: 'r-0',
    index: 0,
    due: 1,
    sent: 1,
    route: 'gemini.ask',
    method: 'GET',
    outcome: 'ok',
    status: 200,
  }
  const whole = writtenJournal(0)
  appendFileSync(whole, `${JSON.stringify(request)}\n`)
  expect(await eventsOf(whole)).toEqual([request])
  for (const broken of [
    { t: 'x' },
    { t: null },
    { due: undefined },
    { sent: '1' },
    { route: 3 },
    { outcome: 'fine' },
    { type: 'later' },
    { gapMs: 'long' },
  ]) {
    const path = writtenJournal(1)
    appendFileSync(path, `${JSON.stringify({ ...request, ...broken })}\n`)
    await expect(eventsOf(path)).rejects.toMatchObject({
      code: 'invalid_bundle',
      message: expect.stringContaining(':2: not a journal event'),
    })
  }
})

it('says which file cannot be read', async () => {
  const path = join(folder, 'nowhere.ndjson')
  await expect(eventsOf(path)).rejects.toMatchObject({ code: 'invalid_bundle', message: expect.stringContaining(path) })
})
