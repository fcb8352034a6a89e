// A run without its proxy says nothing about the gateway: that it is gone must be noticed, whichever server it was.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { realClock } from '../../../../../src/kernel/clock.ts'
import { watchToxiproxy } from '../../../../../src/stage/live/health/toxiproxy.ts'
import { until } from '../../../upstreams/until.ts'

const answers = { version: () => Promise.resolve('2.12.0') }

it('notices that its process was killed, once', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(child, 'spawn')
  let gone = 0
  using _watch = watchToxiproxy({ pids: [child.pid!], control: answers }, () => gone++)
  await realClock.sleep(700)
  expect(gone).toBe(0)
  child.kill('SIGKILL')
  await until('the end to be noticed', () => gone || undefined)
  await realClock.sleep(700)
  expect(gone).toBe(1)
})

it('notices that a server elsewhere is silent for good, and forgives a silence', async () => {
  let asked = 0
  let silent = (count: number): boolean => count === 2
  const version = (): Promise<string> => (silent(++asked) ? Promise.reject(new Error('silent')) : Promise.resolve('2.12.0'))
  let gone = 0
  using _watch = watchToxiproxy({ pids: [], control: { version } }, () => gone++)
  await until('a few answers', () => (asked > 3 ? asked : undefined))
  expect(gone).toBe(0)
  silent = () => true
  await until('the end to be noticed', () => gone || undefined)
})

it('says nothing once it is no longer asked', async () => {
  let gone = 0
  const watch = watchToxiproxy({ pids: [2 ** 22 + 1], control: answers }, () => gone++)
  watch[Symbol.dispose]()
  await realClock.sleep(200)
  expect(gone).toBe(0)
})
