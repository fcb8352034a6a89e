// How to see this again: the exact command, the versions, and the plan with every default filled in.
import { html, type Element } from '../html.ts'
import { count } from '../../../kernel/wording.ts'
import { oneLine, plainText } from '../../plain-text.ts'
import type { RunRecord } from '../../../run/bundle/record.ts'
import type { Section } from './section.ts'

// A plan of many faults, or with huge bodies, is cut here; it is whole in run.json.
const PLAN_SHOWN = 20_000

export const reproduce: Section = {
  id: 'reproduce',
  name: 'Reproduce',
  title: 'Reproduce',
  render({ record }) {
    return html`
      <pre tabindex="0" role="region" aria-label="command">${plainText(record.command, 2000)}</pre>
      <dl class="reproduce">${facts(record).map(([name, value]) => [html`<dt>${name}</dt>`, html`<dd>${oneLine(value)}</dd>`])}</dl>
      ${resolvedPlan(record)}
    `
  },
}

function facts(record: RunRecord): [name: string, value: string][] {
  const { tool, host, git, gateway, toxiproxy } = record
  return [
    ['harness', `${tool.name} ${tool.version} on Node ${tool.node}`],
    ['gateway', gateway.kind === 'reference' ? `reference · ${gateway.command}` : gateway.command],
    ['proxy', record.simulated ? 'none: the run was simulated' : `Toxiproxy, ${toxiproxy.kind} ${toxiproxy.version}`],
    ['source', git === null ? 'not in a git checkout' : `${git.sha}${git.dirty ? ', with local changes' : ''}`],
    ['host', `${host.cpu}, ${host.cores} cores, ${count(host.memMiB)} MiB, ${host.os}`],
    ['run', `${record.startedAt} to ${record.endedAt}`],
  ]
}

function resolvedPlan(record: RunRecord): Element {
  // Indented by one space: depth is all that indentation tells here.
  const { criteria: _inTheVerdict, ...plan } = record.plan
  const text = JSON.stringify(plan, null, 1)
  const cut = text.length > PLAN_SHOWN
  return html`
    <details>
      <summary>
        Resolved plan, every default filled in; its criteria stand in the verdict${cut ? ' (cut here; whole in run.json)' : ''}
      </summary>
      <pre tabindex="0" role="region" aria-label="resolved plan">${plainText(text, PLAN_SHOWN)}</pre>
    </details>
  `
}
