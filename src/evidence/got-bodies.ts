// The body that a client got, as it came, and as it was before it was compressed.
import type { DepartureEvent, RequestEvent } from './events.ts'

export function bodiesGot({ length = 0, checksum = '', plainLength, plainChecksum }: RequestEvent): [checksum: string, length: number][] {
  return plainLength === undefined
    ? [[checksum, length]]
    : [
        [checksum, length],
        [plainChecksum ?? '', plainLength],
      ]
}

/** A body without bytes has no checksum: it is another one than any that has. */
export function isBodyOf(
  { length: got = 0, checksum: gotChecksum = '', plainLength, plainChecksum = '' }: RequestEvent,
  { length, checksum = '' }: DepartureEvent,
): boolean {
  return (got === length && gotChecksum === checksum) || (plainLength === length && plainChecksum === checksum)
}
