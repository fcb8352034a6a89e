// `--listen`: fixed ports, for a gateway that has its upstreams in a configuration of its own.
import { InvalidArgumentError } from 'commander'
import { GatecrashError } from '../../../kernel/errors.ts'
import { suggest } from '../../../kernel/validation.ts'
import { defineFlag } from '../flag.ts'

/** Ports by upstream. */
type Ports = Readonly<Record<string, number>>

export const listen = defineFlag<Ports>({
  flag: '--listen <upstream=port>',
  text: 'a fixed port for the proxy of an upstream, for a gateway that cannot be told',
  commands: ['run'],
  repeatable: true,
  parse(text, sofar) {
    const [, name, port] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? []
    if (!name || Number(port) < 1 || Number(port) > 65_535) throw new InvalidArgumentError('write UPSTREAM=PORT, such as gemini=9201')
    return { ...sofar, [name]: Number(port) }
  },
  default: {},
  repeat: 'changed',
  write: (ports) => Object.entries(ports).map(([name, port]) => `${name}=${port}`),
  stage: (ports) => ({ listen: ports }),
  *check(ports, { all, isWhole }) {
    const known = [...new Set(all.flatMap(({ upstreams }) => Object.keys(upstreams)))]
    for (const [at, [name, port]] of Object.entries(ports).entries()) {
      if (isWhole && !known.includes(name))
        yield new GatecrashError('usage', `--listen ${name}=${port}: unknown upstream "${name}"${suggest(name, known)}`)
      if (Object.values(ports).indexOf(port) < at)
        yield new GatecrashError('usage', `--listen: port ${port} is given to two upstreams; give each its own`)
    }
  },
})
