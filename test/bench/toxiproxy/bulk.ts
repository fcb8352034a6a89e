/** Bytes that a connection to the bench's source gets before it ends, and that one to its sink sends before it is answered. */
export const BULK_BYTES = 256 * 1024 * 1024

/** What is sent, again and again. */
export const BLOCK: Buffer = Buffer.alloc(256 * 1024, 'x')
