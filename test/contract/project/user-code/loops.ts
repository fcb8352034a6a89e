// Does what its argument names under a watch of a second, and prints as JSON what the watch said, what was still done, and that it goes on.
import { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchForEndlessLoops } from '../../../../src/project/user-code/endless-loops.ts'

const kinds: Record<string, () => unknown> = {
  'a loop': () => {
    for (;;);
  },
  'a loop that catches everything': () => {
    for (;;)
      try {
        for (;;);
      } catch {
        done.push('caught')
      } finally {
        done.push('finally')
      }
  },
  'promise reactions without an end': async () => {
    for (;;) await Promise.resolve()
  },
  'a regular expression that backtracks': () => /^(?:a+)+$/.test(`${'a'.repeat(50)}b`),
  'a loop of 100 ms': () => {
    for (const end = performance.now() + 100; performance.now() < end;);
  },
  'a wait of 1700 ms': () => sleep(1700),
}

const done: string[] = []
const said = Promise.withResolvers<string>()
const watch = watchForEndlessLoops(1000, ([innermost]) => said.resolve(`${innermost?.url.split('/').at(-1)}:${innermost?.line}`))
const act = async (): Promise<string> => {
  await Promise.resolve()
  await kinds[argv[2]!]!()
  return 'it ended'
}
const told = await Promise.race([act(), said.promise])
watch[Symbol.dispose]()
// Nothing is watched any more.
for (const end = performance.now() + 1300; performance.now() < end;);
await sleep(300)
process.stdout.write(JSON.stringify({ told, done }))
