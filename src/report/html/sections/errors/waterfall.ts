// One request on a scale of its own, from when it was due:
//
//   wait          ▒▒▒                          due ─▶ sent, where the load was late
//   request          ██████████████████        sent ─▶ ended, as the client saw it
//   attempt 1         ████                     arrived ─▶ departed at an upstream: status, faults
//   attempt 2               ███████            …
import type { SampledAttempt, SampledTrace } from '../../../../evidence/fold/trace-sample.ts'
import type { Ms } from '../../../../kernel/clock.ts'
import { moment, span } from '../../../../kernel/wording.ts'
import { oneLine } from '../../../plain-text.ts'
import { html, type Element } from '../../html.ts'

// What is sent sooner was on time.
const LATE: Ms = 1

interface Bar {
  name: string
  kind: 'wait' | 'client' | 'good' | 'bad'
  fromMs: Ms
  toMs: Ms
  words: string
}

export function waterfall(trace: SampledTrace): Element {
  const bars = barsOf(trace)
  const endMs = Math.max(...bars.map(({ toMs }) => toMs), trace.dueMs + 1)
  const percent = (atMs: Ms): number => Math.round(Math.max(0, ((atMs - trace.dueMs) / (endMs - trace.dueMs)) * 10_000)) / 100
  return html`
    <article class="waterfall">
      <h3>${title(trace)}</h3>
      <ol>
        ${bars.map(({ name, kind, fromMs, toMs, words }) => {
          const left = percent(fromMs)
          return html`<li>
            <span class="name">${name}</span>
            <span class="track" aria-hidden="true"
              ><span class=${kind} style="left:${left}%;width:${Math.round((percent(toMs) - left) * 100) / 100}%"></span
            ></span>
            <span class="words">${words}</span>
          </li>`
        })}
      </ol>
    </article>
  `
}

function title({ id, identity, route, phase, dueMs, endedMs, outcome, status, error }: SampledTrace): string {
  const who = identity === undefined ? '' : ` for ${identity}`
  const ending = [outcome.replaceAll('_', ' '), status > 0 ? status : '', error !== undefined && error !== outcome ? error : '']
  const end = ending.filter((part) => part !== '').join(' ')
  return oneLine(`${id} ${route}${who}, due at ${moment(dueMs, 3)} in ${phase}: ${end} after ${span(endedMs - dueMs)}`, 300)
}

function barsOf({ dueMs, sentMs, endedMs, attempts }: SampledTrace): Bar[] {
  const late = sentMs - dueMs
  const wait: Bar[] = late < LATE ? [] : [{ name: 'due', kind: 'wait', fromMs: dueMs, toMs: sentMs, words: `sent ${span(late)} late` }]
  const client = `sent at +${span(Math.max(0, late))}, ended at +${span(endedMs - dueMs)}`
  return [
    ...wait,
    {
      name: 'request',
      kind: 'client',
      fromMs: sentMs,
      toMs: endedMs,
      words: attempts.length > 0 ? client : `${client}; no attempt at an upstream was seen`,
    },
    ...attempts.map((attempt, at) => attemptBar(attempt, at + 1, dueMs, endedMs)),
  ]
}

function attemptBar({ upstream, route, arrivedMs, departedMs, ...end }: SampledAttempt, nth: number, dueMs: Ms, endedMs: Ms): Bar {
  const faults = end.faults.length > 0 ? `, fault ${end.faults.join(', ')}` : ''
  const lasted = departedMs === null ? '' : ` after ${span(departedMs - arrivedMs)}`
  return {
    name: oneLine(`attempt ${nth} ${upstream}`, 40),
    kind: end.whole && !end.clientGone && end.status > 0 && end.status < 400 ? 'good' : 'bad',
    fromMs: arrivedMs,
    // One that was never seen to end was under way when its request was over.
    toMs: departedMs ?? Math.max(arrivedMs, endedMs),
    words: oneLine(`at +${span(Math.max(0, arrivedMs - dueMs))} ${route}: ${endText(departedMs, end)}${lasted}${faults}`, 200),
  }
}

function endText(departedMs: Ms | null, { status, whole, clientGone }: Pick<SampledAttempt, 'status' | 'whole' | 'clientGone'>): string {
  if (departedMs === null) return 'no end was seen'
  if (clientGone) return 'the gateway gave it up'
  if (status === 0) return 'no answer'
  return whole ? String(status) : `${status}, spoiled`
}
