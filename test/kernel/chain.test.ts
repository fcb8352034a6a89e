import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Chain, type Linked } from '../../src/kernel/chain.ts'
import { propertyRuns } from '../property-runs.ts'

interface Thing extends Linked<Thing> {
  name: number
}

function names(chain: Chain<Thing>, from: 'oldest' | 'newest'): number[] {
  const found: number[] = []
  for (let thing = chain[from]; thing; thing = from === 'oldest' ? thing.newer : thing.older) found.push(thing.name)
  return found
}

it('keeps the order of a plain list, from both ends, whatever is put in and taken out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (steps) => {
      const chain = new Chain<Thing>()
      const things = Array.from({ length: 6 }, (_, name): Thing => ({ name, older: undefined, newer: undefined }))
      let listed: number[] = []
      for (const name of steps) {
        const thing = things[name]!
        if (listed.includes(name)) {
          chain.remove(thing)
          listed = listed.filter((each) => each !== name)
        } else {
          chain.add(thing)
          listed.push(name)
        }
        expect(names(chain, 'oldest')).toEqual(listed)
        expect(names(chain, 'newest')).toEqual(listed.toReversed())
        const out = things.filter((each) => !listed.includes(each.name))
        expect(out.filter(({ older, newer }) => older ?? newer)).toEqual([])
      }
    }),
    { numRuns: propertyRuns() },
  )
})
