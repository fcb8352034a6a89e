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
      const before = counts.get(key)
      if (before !== undefined) counts.delete(key)
      const count = (before ?? 0) + 1
      counts.set(key, count)
      if (counts.size > limit) forgetOldest(counts)
      return count
    },
    get size() {
      return counts.size
    },
  }
}

function forgetOldest(counts: Map<string, number>): void {
  const [oldest] = counts.keys()
  if (oldest !== undefined) counts.delete(oldest)
}
