import { expect, it } from 'vitest'
import { watchForInterruption } from '../../src/cli/interruption.ts'

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const)('%s asks for an orderly end, with a code of its own', (signal, code) => {
  const said: string[] = []
  {
    using interruption = watchForInterruption((what) => said.push(what), { parent: false })
    expect(interruption.signal.aborted).toBe(false)
    process.emit(signal)
    expect([interruption.signal.aborted, interruption.exitCode, said.length]).toEqual([true, code, 1])
  }
  expect(process.listeners(signal).some((listener) => listener.name.startsWith('onTerminate'))).toBe(false)
})
