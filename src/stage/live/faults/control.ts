// Asks the control API of a fake.
import { request } from 'undici'
import type { Ms } from '../../../kernel/clock.ts'
import { GatecrashError } from '../../../kernel/errors.ts'

const CONTROL_TIMEOUT: Ms = 2000

/** @throws GatecrashError `child_failed` when it is refused */
export async function control(method: 'PUT' | 'DELETE', url: string, body?: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const deadlines = { headersTimeout: CONTROL_TIMEOUT, bodyTimeout: CONTROL_TIMEOUT }
  const response = await request(url, { method, ...deadlines, ...(body !== undefined && { body, headers }) })
  const text = await response.body.text()
  if (response.statusCode >= 300)
    throw new GatecrashError('child_failed', `${method} ${url} was refused with ${response.statusCode}: ${text.slice(0, 400)}`)
}
