// When an attempt fails for a reason of this process, it says nothing about its upstream: no descriptor or port was left, or undici
// refuses to send such a request.
import type { ConnectionErrorOutcome } from '../../policies/effects.ts'

type OwnFault = NonNullable<ConnectionErrorOutcome['ours']>

const faults: ReadonlyMap<string, OwnFault> = new Map([
  ...['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'].map((code) => [code, 'shortage'] as const),
  ...['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'].map((code) => [code, 'unsendable'] as const),
])

/** Undefined: it may be the upstream's. */
export function ownFault({ code = '' }: NodeJS.ErrnoException): OwnFault | undefined {
  return faults.get(code)
}
