// All stores, in one table, and the way to the one that is set.
import { isAbsolute, join } from 'node:path'
import type { Ms } from '../../kernel/clock.ts'
import { type Problem } from '../../kernel/errors.ts'
import { shown } from '../../kernel/validation.ts'
import { openRedis } from './redis-driver.ts'
import { retryingStore, type StoreMeans } from './retrying-store.ts'
import type { StoreSettings } from './settings.ts'
import { openSqlite } from './sqlite-driver.ts'
import type { Store, StoreDriver } from './store.ts'

/** A store that can be opened. */
export type StorePlace = { kind: 'sqlite'; path: string } | { kind: 'redis'; url: string; timeout: Ms }

const drivers: { readonly [Kind in StorePlace['kind']]: (place: Extract<StorePlace, { kind: Kind }>) => Promise<StoreDriver> } = {
  sqlite: openSqlite,
  redis: openRedis,
}

/** @throws GatecrashError `invalid_config` when the file of SQLite cannot be used; a Redis that is away may come back */
export async function openStore(place: StorePlace, means: StoreMeans): Promise<Store> {
  // The table pairs a kind with its place; the lookup by kind loses the pairing.
  const open = drivers[place.kind] as (place: StorePlace) => Promise<StoreDriver>
  return retryingStore(await open(place), means)
}

/** @param folder that a relative path begins at */
export function storePlace(
  { kind, path, timeout }: StoreSettings,
  url: string | undefined,
  folder: string,
  problems: Problem[],
): StorePlace {
  const chosen = kind ?? (url ? 'redis' : 'sqlite')
  if (chosen === 'sqlite') return { kind: 'sqlite', path: isAbsolute(path) || path === ':memory:' ? path : join(folder, path) }
  const parsed = URL.parse(url ?? '')
  if (!url) problems.push({ path: 'REDIS_URL', message: 'must be set, such as redis://127.0.0.1:6379: server.store.kind is "redis"' })
  // A password in it is not repeated.
  else if (!parsed || !/^rediss?:$/.test(parsed.protocol))
    problems.push({ path: 'REDIS_URL', message: `must be a redis or rediss URL, got ${shown(parsed ? parsed.protocol : 'no URL')}` })
  return { kind: 'redis', url: url ?? '', timeout }
}
