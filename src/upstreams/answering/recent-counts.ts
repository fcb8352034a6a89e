// Counts by key, for the keys that were seen last. Memory stays flat however many keys there are.

export interface RecentCounts {
  /** Counts `key` once more and returns its count, from 1. A forgotten key begins anew. */
  count(key: string): number
  readonly size: number
}

/** Remembers `limit` keys. The key that was seen longest ago is forgotten first. */
export function recentCounts(limit: number): RecentCounts {
  // A Map keeps the order of insertion: its first key is the oldest.
  const counts = new Map<string, number>()
  return {
    count(key) {
      const count = (counts.get(key) ?? 0) + 1
      counts.delete(key)
      counts.set(key, count)
      const [oldest] = counts.size > limit ? counts.keys() : []
      if (oldest !== undefined) counts.delete(oldest)
      return count
    },
    get size() {
      return counts.size
    },
  }
}
