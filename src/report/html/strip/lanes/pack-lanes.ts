// Bars with names beside or inside them, packed into as few lanes as hold them without touching.
import type { Ms } from '../../../../kernel/clock.ts'
import type { Frame } from '../frame.ts'

export interface Named {
  fromMs: Ms
  toMs: Ms
  label: string
}

/** Where a name stands: in its bar, or where that is too short, behind it or before it. */
export type Place = 'inside' | 'after' | 'before'

// About the width of a character of 11.5 px in thousandths of the narrowest plot, which is that of a phone and of paper.
const CHARACTER = 7.8
const APART = 12

export function placeOf(on: Frame, { fromMs, toMs, label }: Named): Place {
  const [from, to] = [on.unit(fromMs), on.unit(toMs)]
  if (to - from > widthOf(label) + APART) return 'inside'
  return 1000 - to > widthOf(label) ? 'after' : 'before'
}

/** In order of their start, each in the first lane in which it and its name do not touch what is there. */
export function packLanes<Bar extends Named>(on: Frame, bars: readonly Bar[]): Bar[][] {
  const result: { end: number; bars: Bar[] }[] = []
  for (const bar of bars.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const [from, end] = reach(on, bar)
    const free = result.find((lane) => lane.end <= from)
    if (free) {
      free.bars.push(bar)
      free.end = end
    } else result.push({ end, bars: [bar] })
  }
  return result.map((lane) => lane.bars)
}

/** From where to where a bar and its name reach. */
function reach(on: Frame, bar: Named): [from: number, end: number] {
  const [from, to, width] = [on.unit(bar.fromMs), on.unit(bar.toMs), widthOf(bar.label)]
  const place = placeOf(on, bar)
  if (place === 'inside') return [from, to + APART]
  return place === 'after' ? [from, to + width + APART] : [from - width, to + APART]
}

const widthOf = (label: string): number => label.length * CHARACTER
