import { expect, it } from 'vitest'
import { untoldBy } from '../../src/cli/machine/system.ts'

it('knows all on Linux, and says of macOS what is not known', () => {
  expect(untoldBy('linux')).toBeUndefined()
  expect(untoldBy('darwin')).toContain('criteria of `growth` stay inconclusive')
})
