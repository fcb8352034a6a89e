import { expect, it } from 'vitest'
import { bodyChecksum, bodyMeter, checksumNumber, checksumText } from '../../src/contract/body-checksum.ts'

it('is the CRC-32 of the body, in eight hex digits', () => {
  // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
  expect(bodyChecksum('123456789')).toBe('cbf43926')
  expect(bodyChecksum('')).toBe('00000000')
})

it('is the same for a body in pieces', () => {
  const meter = bodyMeter()
  for (const piece of ['12', '', '345678', '9']) meter.add(Buffer.from(piece))
  expect([meter.length, meter.checksum()]).toEqual([9, bodyChecksum('123456789')])
})

it('is written alike from a number with a sign and without', () => {
  expect([checksumText(0xcbf43926), checksumText(0xcbf43926 | 0)]).toEqual(['cbf43926', 'cbf43926'])
})

it('keeps the zeros that it begins with', () => {
  const sums = Array.from({ length: 2000 }, (_, at) => bodyChecksum(String(at)))
  expect(sums.every((sum) => /^[0-9a-f]{8}$/.test(sum))).toBe(true)
  expect(sums.filter((sum) => sum.startsWith('0')).length).toBeGreaterThan(50)
})

it('is read as a number that tells the same bodies apart', () => {
  const sums = [...Array.from({ length: 2000 }, (_, at) => bodyChecksum(String(at))), '00000000', '7fffffff', '80000000', 'ffffffff']
  for (const sum of sums) expect(checksumNumber(sum)).toBe(Number.parseInt(sum, 16) | 0)
})
