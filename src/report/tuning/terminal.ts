// A tuning on the terminal: what is recommended, what it costs beside the present settings, where the cliffs are, and whether it held live.
import { plural } from '../../kernel/wording.ts'
import { objectiveOf } from '../../tuning/search/objectives.ts'
import type { Standing } from '../../tuning/search/standing.ts'
import type { Tuned } from '../../tuning/tuned.ts'
import { oneLine } from '../plain-text.ts'
import { marks } from '../result-marks.ts'
import { type Column, columns } from '../terminal/columns.ts'
import { type Ink, ink } from '../terminal/ink.ts'
import { WHOLE, asTyped, hanging, line } from '../terminal/laid-out.ts'
import {
  cliffReason,
  cliffText,
  conclusionOf,
  effortText,
  isAtEnd,
  orderText,
  refusalText,
  scoreText,
  sensitivityText,
  settingText,
  spreadText,
} from './words.ts'

export interface TuningPage {
  /** Of tune.html, as it is shown. */
  reportPath: string
  /** Of the merge patch; undefined where nothing is recommended. */
  patchPath: string | undefined
  /** The command that tunes again. */
  command: string
  width?: number
  colour?: boolean
  ascii?: boolean
}

export function renderTuning(
  tuned: Tuned,
  { reportPath, patchPath, command, width = 84, colour = false, ascii = false }: TuningPage,
): string {
  const pen = ink({ colour, ascii })
  const page = Math.min(110, Math.max(60, width))
  const blocks = [
    [headline(tuned, pen), ...earlyEnd(tuned, page)],
    settingLines(tuned, pen),
    scoreLines(tuned, pen),
    inTheWay(tuned, page),
    cliffLines(tuned, page),
    confirmationLines(tuned, pen, page),
    [
      ...(tuned.recommended ? hanging('compared', `${orderText(tuned)}.`, page) : []),
      ...(tuned.unjudged ?? []).flatMap((each) => hanging('unjudged', oneLine(each, WHOLE), page)),
      ...(tuned.refused.candidates > 0 ? hanging('left out', refusedText(tuned), page) : []),
      line('report', oneLine(reportPath, WHOLE)),
      ...(patchPath === undefined
        ? []
        : [line('to apply', `${oneLine(patchPath, WHOLE)}, a JSON merge patch for the gateway's configuration`)]),
      line('to repeat', asTyped(command)),
    ],
  ]
  return pen.finish(
    `${blocks
      .filter((block) => block.length > 0)
      .map((block) => block.join('\n'))
      .join('\n\n')}\n`,
  )
}

function headline(tuned: Tuned, pen: Ink): string {
  const { result, word } = conclusionOf(tuned)
  const names = tuned.scenarios.map(({ name }) => oneLine(name, 40)).join(', ')
  return `${pen.glyph(result)} ${pen.verdict(result, word)}  ${pen.strong(names)}   ${effortText(tuned)}`
}

function earlyEnd({ ended }: Tuned, page: number): string[] {
  if (ended === null) return []
  return hanging(
    'ended',
    ended === 'time' ? 'the time was over before the search was; --resume goes on' : 'it was interrupted; --resume goes on',
    page,
  )
}

const sides = ['below', 'above'] as const

function settingLines({ space, presentValues, recommended, nearest, cliffs }: Tuned, pen: Ink): string[] {
  const best = recommended ?? nearest
  if (!best) return []
  const shape: Column[] = [
    { name: 'setting' },
    { name: 'present', align: 'right' },
    { name: recommended ? 'recommended' : 'nearest', align: 'right' },
    ...(recommended ? sides.map((side): Column => ({ name: `cliff ${side}`, align: 'right' })) : []),
  ]
  const rows = space.map((range, at) => {
    const found = cliffs?.[at]
    const value = best.values[at]!
    return [
      oneLine(range.path, 60),
      settingText(range, presentValues[at]),
      settingText(range, value) + (isAtEnd(range, value) ? ' (end of range)' : ''),
      ...(recommended ? sides : []).map((side) => (found ? cliffText(range, value, found[side], side) : 'not known')),
    ]
  })
  return columns(shape, rows, pen.faint)
}

function scoreLines({ order, present, recommended, nearest, front, seeds }: Tuned, pen: Ink): string[] {
  const shape: Column[] = [{ name: '' }, ...order.map((name): Column => ({ name: objectiveOf(name).words, align: 'right' }))]
  const cells = (title: string, standing: Standing): string[] => [title, ...order.map((name) => scoreText(name, standing))]
  const passing = (standing: Standing): string =>
    (standing.seeds < seeds.length ? `, ${plural(standing.seeds, 'seed')}` : '') + (standing.passes ? '' : ', does not pass')
  const best = recommended ?? nearest
  if (!best && !present) return []
  return columns(
    shape,
    [
      ...(present ? [cells(`present${passing(present)}`, present)] : []),
      ...(best
        ? [
            cells(`${recommended ? 'recommended' : 'nearest'}${passing(best)}`, best),
            ['  by seed', ...order.map((name) => spreadText(name, best))],
          ]
        : []),
      ...front.slice(1, 4).map((standing) => cells(`or ${Object.values(standing.settings).join(', ')}`, standing)),
    ],
    pen.faint,
  )
}

function inTheWay({ recommended, nearest, present }: Tuned, page: number): string[] {
  const told = (name: string, standing: Standing | null): string[] =>
    (standing?.obstacles ?? [])
      .slice(0, 3)
      .flatMap(({ scenario, criterion, result, why, trials }, at) =>
        hanging(
          at === 0 ? name : '',
          oneLine(`${scenario}: ${criterion}: ${marks[result].word} in ${trials} of ${plural(standing!.trials, 'trial')}; ${why}`, WHOLE),
          page,
        ),
      )
  if (recommended === null) return told('obstacle', nearest)
  return present && !present.passes ? told('present', present) : []
}

function cliffLines(tuned: Tuned, page: number): string[] {
  if (tuned.cliffs === null) return []
  return tuned.cliffs.flatMap((found, at) => {
    const range = tuned.space[at]!
    const reasons = sides.flatMap((side) => {
      const reason = cliffReason(found[side])
      return reason === null ? [] : hanging('', oneLine(`at ${settingText(range, found[side]?.at)}: ${reason}`, WHOLE), page)
    })
    return [oneLine(range.path, 60), ...reasons, ...hanging('', `over its values that pass: ${sensitivityText(tuned, at)}`, page)]
  })
}

function confirmationLines({ confirmations }: Tuned, pen: Ink, page: number): string[] {
  return confirmations.flatMap(({ settings, scenario, live, simulated, unpassed, disagreements }) => [
    `${pen.glyph(live)} live       ${oneLine(scenario, 40)} with ${oneLine(Object.values(settings).join(', '), 80)}: ${marks[live].word} (simulated: ${marks[simulated].word})`,
    ...unpassed.slice(0, 3).flatMap(({ criterion, why }) => hanging('', oneLine(`${criterion}: ${why}`, WHOLE), page)),
    ...disagreements.flatMap((each) =>
      hanging(
        '',
        oneLine(
          `the simulation is wrong about this: ${each.criterion}: live ${each.live}, simulated ${each.simulated}; ${each.why}`,
          WHOLE,
        ),
        page,
      ),
    ),
  ])
}

const refusedText = ({ refused }: Tuned): string =>
  `${plural(refused.candidates, 'candidate')} could not be tried; the first: ${refusalText(refused.why ?? '')}`
