// What this gateway does otherwise than most: the variable VARIANT names it.
import { type Variant, variants } from './variants.ts'

const named = process.env['VARIANT']
if (named !== undefined && !Object.hasOwn(variants, named))
  throw new Error(`no such variant: ${named}; there are ${Object.keys(variants).join(', ')}`)

export const is = (variant: Variant): boolean => named === variant
