// Plays follow each other by the hundred. What a play has made goes with it, without a collection of all that there is: young objects are
// collected for next to nothing, unless something old still points to them.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** In bytes: less than the fold of one play. */
const MOST_LEFT = 750_000
/** Room for all that a play makes: nothing is collected in the midst of it. */
const ROOM = ['--min-semi-space-size=256', '--max-semi-space-size=256']

it('leaves hardly anything of a play that only a full collection would find', { timeout: 60_000 }, async () => {
  const plays = fileURLToPath(new URL('let-go/plays.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--no-allocation-site-pretenuring', ...ROOM, plays])
  // While the engine learns what is called where, it holds more.
  expect(Math.min(...(JSON.parse(stdout) as number[])), stdout).toBeLessThan(MOST_LEFT)
})
