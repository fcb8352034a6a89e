import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { runUntilConclusive } from './gatecrash.ts'

it('kills and restarts the gateway as planned, and judges what comes after', async () => {
  await using run = await runUntilConclusive(['run', 'test/end-to-end/scenarios/quick-kill.ts'])
  const verdict = await run.verdict('quick-kill')
  expect(verdict.findings.map(({ criterion: { kind }, result }) => `${kind} ${result}`)).toEqual([
    'opens_within pass',
    'error_rate pass',
    'stays_closed pass',
  ])
  const text = await readFile(join(await run.bundle('quick-kill'), 'journal.ndjson'), 'utf8')
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEvent)
  const ends = events.flatMap((event) => (event.type === 'process' && event.role === 'gateway' && event.edge === 'exited' ? [event] : []))
  expect(ends.map(({ signal, unexpected }) => [signal, unexpected])).toEqual([
    ['SIGKILL', false],
    [null, false],
    [null, false],
  ])
  // The breaker was open when its process died.
  expect(events.filter(({ type }) => type === 'transition')).toMatchObject([
    { from: 'closed', to: 'open' },
    { from: 'open', to: 'closed', cause: 'restarted' },
  ])
  expect(events.filter((event) => event.type === 'note')).toEqual([])
  const refused = events.filter((event) => event.type === 'request' && event.outcome === 'connection_error')
  expect(refused.length).toBeGreaterThan(100)
})
