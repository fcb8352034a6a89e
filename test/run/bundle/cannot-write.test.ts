import { expect, it } from 'vitest'
import { GatecrashError } from '../../../src/kernel/errors.ts'
import { cannotWrite } from '../../../src/run/bundle/cannot-write.ts'

const refused = (code: string, syscall: string, path?: string): Error => Object.assign(new Error(`${code}: …`), { code, syscall, path })

it.each([
  ['ENOSPC', 'write', undefined, 'cannot_write'],
  ['EACCES', 'mkdir', '/a', 'cannot_write'],
  ['EROFS', 'open', '/a', 'cannot_write'],
  ['EISDIR', 'rename', '/a', 'cannot_write'],
  ['ENOTDIR', 'mkdir', '/a', 'cannot_write'],
  ['ELOOP', 'mkdir', '/a', 'cannot_write'],
  ['ENAMETOOLONG', 'mkdir', '/a', 'cannot_write'],
  ['EMFILE', 'open', '/a', 'system_refused'],
  ['ENFILE', 'open', '/a', 'system_refused'],
  ['EMFILE', 'spawn node', undefined, 'system_refused'],
  ['EAGAIN', 'spawn node', undefined, 'system_refused'],
  ['ENOMEM', 'spawn node', undefined, 'system_refused'],
  ['ELOOP', 'scandir', 'scenarios', 'system_refused'],
  ['ENOTDIR', 'scandir', 'scenarios', 'system_refused'],
  ['EACCES', 'scandir', 'scenarios', 'system_refused'],
  ['EIO', 'read', undefined, 'system_refused'],
  ['EADDRNOTAVAIL', 'listen', undefined, 'system_refused'],
])('tells %s of %s as surroundings, with a remedy', (code, syscall, path, expected) => {
  const known = cannotWrite(refused(code, syscall, path))
  expect(known).toBeInstanceOf(GatecrashError)
  expect(known).toMatchObject({ code: expected, message: expect.stringMatching(/: \S+ \S+/) as string })
})

it.each([new Error('ours'), new TypeError('ours'), refused('EBADF', 'read'), refused('EINVAL', 'open'), 'text', undefined])(
  'leaves what is our own mistake as it is: %s',
  (error) => {
    expect(cannotWrite(error)).toBe(error)
  },
)
