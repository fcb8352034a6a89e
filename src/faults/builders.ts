// All builders of faults in one namespace, taken from the tables: `faults.status('gemini', 503)`.
import { toxic } from './network/network-fault.ts'
import { networkFaults } from './network/networks.ts'
import { processFaults } from './processes.ts'
import { requestFaults } from './requests.ts'

/** Every table's builders as members of one object. */
type BuildersOf<Table> = Flat<
  Intersection<Table[keyof Table] extends infer Each ? (Each extends { build: infer Own } ? Own : never) : never>
>
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void ? All : never
type Flat<T> = { readonly [Name in keyof T]: T[Name] }

type Faults = BuildersOf<typeof requestFaults> &
  BuildersOf<typeof networkFaults> &
  BuildersOf<typeof processFaults> & { readonly toxic: typeof toxic }

const definitions = [requestFaults, networkFaults, processFaults].flatMap((table) => Object.values<{ build: object }>(table))

// The same tables as in the type.
export const faults = Object.assign({ toxic }, ...definitions.map(({ build }) => build)) as Faults
