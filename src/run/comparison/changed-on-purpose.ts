// What somebody changed between two runs: the gateway and its settings, the sources, the harness.
import type { RunRecord } from '../bundle/record.ts'

/** "gateway.upstreams.gemini.breaker.failures 5 → 10", "commit 4d49077a5b → 7f00a1c2d3" */
export function changedOnPurpose(before: RunRecord, now: RunRecord): string[] {
  return [
    ...change('gateway', before.gateway.command, now.gateway.command),
    ...settingChanges('gateway', before.plan.gateway, now.plan.gateway),
    ...change('commit', commitOf(before), commitOf(now)),
    ...change('version', before.tool.version, now.tool.version),
    ...change('Node', before.tool.node, now.tool.node),
  ]
}

const commitOf = ({ git }: RunRecord): string =>
  git === null ? 'none' : `${git.sha.slice(0, 10)}${git.dirty ? ' with local changes' : ''}`

const change = (name: string, was: string, is: string): string[] => (was === is ? [] : [`${name} ${was} → ${is}`])

/** By path, the deepest values that differ. */
function settingChanges(path: string, was: unknown, is: unknown): string[] {
  if (JSON.stringify(was) === JSON.stringify(is)) return []
  if (!isRecord(was) || !isRecord(is)) return [`${path} ${shown(was)} → ${shown(is)}`]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return names.flatMap((name) => settingChanges(`${path}.${name}`, valueOf(was, name), valueOf(is, name)))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const valueOf = (record: Record<string, unknown>, name: string): unknown => (Object.hasOwn(record, name) ? record[name] : undefined)

const shown = (value: unknown): string => (value === undefined ? 'not set' : JSON.stringify(value))
