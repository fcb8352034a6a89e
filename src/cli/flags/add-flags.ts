// Flags as a command reads them: what was typed, then variables of the environment; and what is wrong with either.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { GatecrashError } from '../../kernel/errors.ts'
import { suggest } from '../../kernel/validation.ts'
import type { Mistakes } from '../mistakes.ts'
import { say } from '../say.ts'
import { misspeltVariables, valueIn, variableOf } from './environment.ts'
import type { FlagCommand } from './flag.ts'
import { rowsOf, written } from './flags.ts'

export interface FlagOptions {
  /** Keeps what is wrong with flags, so that the command tells it with what else is wrong. Absent: it is thrown before the command runs. */
  mistakes?: Pick<Mistakes, 'add'>
  environment?: NodeJS.ProcessEnv
}

/** Lets a command take the flags that name it, also as variables of the environment. What was typed comes before those. */
export function addFlags(command: Command, name: FlagCommand, { mistakes = thrown, environment = process.env }: FlagOptions = {}): Command {
  const own = rowsOf({}).filter(({ row }) => row.commands.includes(name))
  const wrong: GatecrashError[] = []
  const unread = new Set<string>()
  /** Of a value that cannot be read the default stands in, so that what else is wrong can be found. */
  const kept = <Value>(key: string, shown: string, read: () => Value, otherwise: Value): Value => {
    try {
      return read()
    } catch (error) {
      if (error instanceof InvalidArgumentError) wrong.push(new GatecrashError('usage', `${shown}: ${error.message}`))
      else if (error instanceof GatecrashError) wrong.push(error)
      else throw error
      unread.add(key)
      return otherwise
    }
  }
  for (const { name: key, row } of own) {
    const option = new Option(row.flag, row.repeatable ? `${row.text} (repeatable)` : row.text)
    if (row.parse) {
      option.argParser((typed, sofar: unknown) =>
        kept(key, `${row.flag.split(' ')[0]} ${typed}`, () => row.parse?.(typed, sofar ?? row.default), sofar ?? row.default),
      )
      const [shown] = written(row, row.default)
      if (shown !== undefined) option.default(row.default, shown)
    }
    command.addOption(option)
  }
  const names = own.map(({ row }) => row.flag.split(' ')[0]!)
  // Where any number of words may follow, unknown flags are told with what else is wrong.
  const isOpen = command.registeredArguments.some(({ variadic }) => variadic)
  return command.allowUnknownOption(isOpen).hook('preAction', () => {
    if (isOpen)
      wrong.push(
        ...withoutStrangers(command).map((typed) => new GatecrashError('usage', `unknown option '${typed}'${suggested(typed, names)}`)),
      )
    for (const { name: key, row } of own) {
      const isGiven = command.getOptionValueSource(key) === 'cli'
      const variable = variableOf(row)
      const found = isGiven ? undefined : kept(key, `${variable}=${environment[variable]}`, () => valueIn(environment, row), undefined)
      if (found) command.setOptionValueWithSource(key, found.value, 'env')
      // commander takes a value that was read as undefined for an empty text.
      if (unread.has(key)) command.setOptionValueWithSource(key, row.default, 'default')
    }
    const known = rowsOf({}).map(({ row }) => row)
    for (const line of misspeltVariables(environment, known)) say(line)
    mistakes.add(wrong)
  })
}

/** Takes unknown flags, each with the word that may be its value, out of what the action is given. Returns them. */
function withoutStrangers({ processedArgs }: Command): string[] {
  const words = processedArgs.find((given): given is string[] => Array.isArray(given)) ?? []
  const isFlag = (word: string | undefined): boolean => word !== undefined && /^--?[^-\d]/.test(word)
  const strangers = words.filter(isFlag)
  const kept = words.filter((word, at) => !isFlag(word) && !isFlag(words[at - 1]))
  words.splice(0, words.length, ...kept)
  return strangers
}

function suggested(typed: string, names: readonly string[]): string {
  const near = suggest(typed.split('=')[0]!, names)
  return near.startsWith('; did you mean') ? near : '; gatecrash run --help lists them'
}

const thrown: Pick<Mistakes, 'add'> = {
  add([first, ...others]) {
    if (first && others.length === 0) throw first
    if (first) throw new GatecrashError('usage', [first, ...others].map(({ message }) => message).join('\n'))
  },
}
