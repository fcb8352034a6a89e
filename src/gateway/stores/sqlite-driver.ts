// Keeps entries in a file of SQLite. Calls are synchronous, and short: each touches a few rows by their key.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { type Ms, wallTime } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { type Commit, type Entry, StoreAway, type StoreDriver } from './store.ts'

export interface SqliteOptions {
  /** Of the file, which is made when it is missing; `:memory:` for none. */
  path: string
  /** Milliseconds since 1970: what expires must do so after a restart too. */
  now?: () => Ms
}

// A gateway that is ending may still hold the file: its successor waits. Later, who meets another writer asks again without standing still.
const OPEN_TIMEOUT: Ms = 2000
const BUSY_TIMEOUT: Ms = 20
const SWEEP_EVERY: Ms = 1000

// WAL: readers and the writer do not wait for each other, and a commit is one append. With `normal`, what was committed outlives the
// process, whatever ends it. A machine that loses its power may lose the last commits.
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at REAL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
`

/** @throws GatecrashError `invalid_config` when the file cannot be used */
export async function openSqlite({ path, now = wallTime }: SqliteOptions): Promise<StoreDriver> {
  // Loaded where it is used: a gateway without services starts sooner.
  const { DatabaseSync } = await import('node:sqlite')
  let database: DatabaseSync
  try {
    database = new DatabaseSync(path, { timeout: OPEN_TIMEOUT })
    database.exec(SCHEMA)
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`)
  } catch (cause) {
    throw new GatecrashError('invalid_config', `the store ${path} cannot be opened: ${(cause as Error).message}; name another file`, {
      cause,
    })
  }
  const readOne = database.prepare('SELECT value FROM entries WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)')
  // Keys with a prefix lie between it and what follows the last of them.
  const readMany = database.prepare(
    'SELECT key, value FROM entries WHERE key >= ? AND key < ? AND key > ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY key LIMIT ?',
  )
  const write = database.prepare('INSERT OR REPLACE INTO entries (key, value, expires_at) VALUES (?, ?, ?)')
  const remove = database.prepare('DELETE FROM entries WHERE key = ?')
  const sweep = database.prepare('DELETE FROM entries WHERE expires_at <= ?')
  let sweptAt = 0

  const get = (key: string): string | undefined => textOf(readOne.get(key, now())?.['value'])
  const commit = ({ seen, changes }: Commit): 'committed' | 'conflict' => {
    database.exec('BEGIN IMMEDIATE')
    try {
      const isSame = [...seen].every(([key, value]) => get(key) === value)
      if (isSame) {
        for (const { key, value, lasts } of changes) {
          if (value === undefined) remove.run(key)
          else write.run(key, value, lasts === undefined ? null : now() + lasts)
        }
        if (now() - sweptAt >= SWEEP_EVERY) {
          sweptAt = now()
          sweep.run(sweptAt)
        }
      }
      database.exec('COMMIT')
      return isSame ? 'committed' : 'conflict'
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
  return {
    get: async (key) => orAway(() => get(key)),
    list: async (prefix, limit, after) => orAway(() => readMany.all(prefix, `${prefix}\u{10ffff}`, after, now(), limit).map(entryOf)),
    commit: async (asked) => orAway(() => commit(asked)),
    ping: async () => orAway(() => void readOne.get('', 0)),
    async close() {
      if (database.isOpen) database.close()
    },
  }
}

/** Whatever SQLite refuses, a full disk or a file that is gone, may be over later; a mistake of ours is no such thing. */
function orAway<Result>(operation: () => Result): Result {
  try {
    return operation()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw error
    throw new StoreAway((error as Error).message, { cause: error })
  }
}

function entryOf(row: Record<string, SQLOutputValue>): Entry {
  return { key: textOf(row['key'])!, value: textOf(row['value'])! }
}

function textOf(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}
