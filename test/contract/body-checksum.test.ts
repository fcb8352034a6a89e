import { expect, it } from 'vitest'
import { bodyChecksum, bodyMeter } from '../../src/contract/body-checksum.ts'

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
