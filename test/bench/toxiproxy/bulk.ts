/** Bytes that a connection to the bench's source gets before it ends. */
export const BULK_BYTES = 256 * 1024 * 1024
