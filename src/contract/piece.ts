// A body, or a piece of one: its bytes, or what makes them when somebody reads them. In a simulation hardly anybody does.

/** Bytes that are made when they are first read. */
export interface Unmade {
  /** In bytes. */
  readonly length: number
  readonly bytes: Buffer
}

export type Piece = Buffer | Unmade

export function bytesIn(piece: Piece): Buffer {
  return piece instanceof Uint8Array ? piece : piece.bytes
}

/** The bytes of all of them; of one, its own. */
export function joined(pieces: readonly Piece[]): Buffer {
  return pieces.length === 1 ? bytesIn(pieces[0]!) : Buffer.concat(pieces.map(bytesIn))
}
