import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleSchema } from '../../../../src/project/init/openapi/sample-schema.ts'

const sampled = (schema: unknown, document: object = {}): unknown => sampleSchema(document, schema, 'text', { use: 'reply' })

describe('a sample of a schema', () => {
  it.each([
    ['its const', { const: 'a', default: 'b' }, 'a'],
    ['its example', { type: 'string', example: 'a', default: 'b' }, 'a'],
    ['its first example', { examples: ['a', 'b'] }, 'a'],
    ['its default', { type: 'integer', default: 7 }, 7],
    ['its first choice that is not null', { enum: [null, 'open', 'paid'] }, 'open'],
    ['a number in its bounds', { type: 'integer', minimum: 18, maximum: 20 }, 18],
    ['a number above an exclusive bound', { type: 'number', exclusiveMinimum: 3 }, 4],
    ['a number below a bound', { type: 'number', maximum: -5 }, -5],
    ['a multiple', { type: 'integer', minimum: 11, multipleOf: 5 }, 15],
    ['a text of its format', { type: 'string', format: 'uuid' }, '5f0c9a64-7d1e-4b8a-9c53-2e6f1d0b7a48'],
    ['a text of its length', { type: 'string', minLength: 6, maxLength: 6 }, 'textte'],
    ['a value that is not null', { type: ['null', 'boolean'] }, true],
    ['null where it is nothing else', { type: 'null' }, null],
    ['an object of its properties', { properties: { name: { type: 'string' }, age: { type: 'integer' } } }, { name: 'name', age: 1 }],
    ['an object of any keys', { type: 'object', additionalProperties: { type: 'integer' } }, { key: 1 }],
    ['a list of as many as it asks for', { items: { type: 'integer' }, minItems: 2 }, [1, 1]],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'integer' }, { const: 'a' }] }, [1, 'a']],
    [
      'all of its parts',
      { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }], properties: { c: { const: 3 } } },
      { a: 1, b: 2, c: 3 },
    ],
    ['the first of several that is not null', { oneOf: [{ type: 'null' }, { type: 'integer' }, { type: 'string' }] }, 1],
    ['a choice beside its properties', { properties: { a: { const: 1 } }, anyOf: [{ properties: { b: { const: 2 } } }] }, { a: 1, b: 2 }],
    ['an empty object where anything goes', true, {}],
  ])('is %s', (_, schema, value) => {
    expect(sampled(schema)).toEqual(value)
  })

  it('ends where a schema holds itself', () => {
    const document = {
      schemas: {
        Node: {
          type: 'object',
          required: ['id', 'left', 'children'],
          properties: {
            id: { type: 'integer' },
            left: { $ref: '#/schemas/Node' },
            right: { $ref: '#/schemas/Node' },
            children: { type: 'array', items: { $ref: '#/schemas/Node' } },
          },
        },
      },
    }
    expect(sampled({ $ref: '#/schemas/Node' }, document)).toEqual({ id: 1, left: {}, children: [] })
    expect(sampled({ $ref: '#/a' }, { a: { $ref: '#/b' }, b: { $ref: '#/a' } })).toEqual({})
  })

  it('leaves out of a request what only the service sets, and of an answer what only a client sets', () => {
    const schema = {
      properties: { id: { type: 'integer', readOnly: true }, secret: { type: 'string', writeOnly: true }, name: { type: 'string' } },
    }
    expect(sampleSchema({}, schema, '', { use: 'request' })).toEqual({ secret: 'secret', name: 'name' })
    expect(sampleSchema({}, schema, '', { use: 'reply' })).toEqual({ id: 1, name: 'name' })
  })

  it('has what a part demands of its siblings', () => {
    const schema = { allOf: [{ required: ['b'] }, { properties: { a: { const: 1 }, b: { const: 2 } } }] }
    expect(sampleSchema({}, schema, '', { use: 'reply', sparse: true })).toEqual({ b: 2 })
  })

  it('has no more than what is required where that is asked for', () => {
    const schema = { required: ['a'], properties: { a: { type: 'integer' }, b: { type: 'integer' } } }
    expect(sampleSchema({}, schema, '', { use: 'reply', sparse: true })).toEqual({ a: 1 })
  })

  it('is made of anything, however wrong', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('type', 'properties', 'items', 'allOf', 'oneOf', 'enum', 'required', '$ref', '__proto__') }),
        (schema) => {
          expect(sampled(schema, schema)).not.toBeTypeOf('symbol')
        },
      ),
    )
  })
})
