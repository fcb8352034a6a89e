// What a method promises (RFC 9110 §9.2). REPORT, PROPFIND (RFC 3253, RFC 4918), SEARCH (RFC 5323) and QUERY only read.

/** Asks for no change. */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY'])

/** Once or twice is the same: it may be repeated. Safe methods are idempotent. */
export const idempotentMethods: ReadonlySet<string> = new Set([...safeMethods, 'PUT', 'DELETE'])
