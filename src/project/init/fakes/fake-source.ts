// Writes a fake down as a person would: its routes first, long bodies as functions below them.
import { camelCase, isDeclarable } from '../identifiers.ts'
import type { BodySketch, FakeSketch, RouteSketch } from './fake-sketch.ts'
import { Code, literal, quoted } from './literal.ts'

/** The text of a module that exports the fake under its name in camelCase, and serves it when it is run. */
export function fakeSource({ name, about, routes, failure }: FakeSketch): string {
  const exported = camelCase(name)
  const bodies = longBodies([exported, 'defineUpstream', 'serveAlone'])
  const members = routes.map((route) => routeSource(route, bodies))
  const errorBody = failure ? [`  errorBody: () => ${result(bodies.code(failure).text)},`] : []
  return [
    `// A fake of ${oneLine(about)}. It is yours to edit: paths, latency and answers as the service has them.`,
    `import { defineUpstream, serveAlone } from 'gatecrash'`,
    '',
    `export const ${exported} = defineUpstream(import.meta, {`,
    `  name: ${quoted(name)},`,
    `  latency: { median: '20ms', sigma: 0.3 },`,
    '  routes: {',
    ...members,
    '  },',
    ...errorBody,
    '})',
    ...bodies.functions(),
    '',
    `if (import.meta.main) await serveAlone(${exported})`,
    '',
  ].join('\n')
}

function routeSource({ name, about, method, path, samples, reply }: RouteSketch, bodies: LongBodies): string {
  const sampled = {
    ...(samples.path !== undefined && { paths: [samples.path] }),
    ...(samples.body && { bodies: [bodies.code(samples.body)] }),
    ...(Object.keys(samples.headers).length > 0 && { headers: samples.headers }),
  }
  const answer = {
    ...(reply.status !== 200 && { status: reply.status }),
    ...(Object.keys(reply.headers).length > 0 && { headers: reply.headers }),
    ...(reply.body &&
      (reply.streamed ? { stream: { pieces: [bodies.code(reply.body)], intervalMs: 10 } } : { body: bodies.code(reply.body) })),
  }
  return [
    ...(about === undefined ? [] : [`    // ${oneLine(about)}`]),
    `    ${name}: {`,
    `      method: ${quoted(method)},`,
    `      path: ${quoted(path)},`,
    ...(Object.keys(sampled).length > 0 ? [`      samples: ${literal(sampled, 6, 15)},`] : []),
    `      reply: () => ${result(literal(answer, 6, 20))},`,
    '    },',
  ].join('\n')
}

/** An arrow function's result: a brace alone would begin its statements. */
function result(text: string): string {
  return text.startsWith('{') ? `(${text})` : text
}

/** As long as a body may be to stand where it is used. */
const SHORT = 70

interface LongBodies {
  /** The text of a body where it is used. */
  code(body: BodySketch): Code
  functions(): readonly string[]
}

/** Gives each long body a function: the same body one function, another body another name. */
function longBodies(taken: readonly string[]): LongBodies {
  const names = new Map<string, string>()
  const given = new Set(taken)
  const texts: string[] = []
  const nameFor = (wanted: string): string => {
    const first = isDeclarable(wanted) ? wanted : `${wanted}Body`
    const base = isDeclarable(first) ? first : 'body'
    let name = base
    for (let nth = 2; given.has(name); nth++) name = `${base}${nth}`
    given.add(name)
    return name
  }
  return {
    code({ value, name: wanted, list }: BodySketch): Code {
      const flat = literal(list ? [value] : value, 0, -Infinity)
      if (flat.length <= SHORT) return new Code(flat)
      const text = literal(value, 2, 9)
      const name = names.get(text) ?? nameFor(wanted)
      if (!names.has(text)) texts.push(`\nfunction ${name}() {\n  return ${text}\n}`)
      names.set(text, name)
      return new Code(list ? `[${name}()]` : `${name}()`)
    },
    functions: () => texts,
  }
}

/** Text of others in a comment: nothing in it ends the line, or turns the direction of what is read. */
function oneLine(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > 110 ? `${line.slice(0, 109)}…` : line
}
