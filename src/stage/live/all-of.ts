// Starts several things at a time without losing those that did start when another one fails.

/** Waits for all. What did start is handed to `scope` even when another one failed, whose error is thrown. */
export async function allOf<const T extends readonly Promise<unknown>[]>(
  scope: AsyncDisposableStack,
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(starting)
  for (const result of results) {
    const value = result.status === 'fulfilled' ? result.value : undefined
    // Whatever has this member is disposable.
    if (typeof value === 'object' && value !== null && Symbol.asyncDispose in value) scope.use(value as AsyncDisposable)
  }
  // The compiler does not follow a tuple through map.
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  }) as { -readonly [K in keyof T]: Awaited<T[K]> }
}
