// Long operations.
import { type Created } from './created.ts'
import { type Rows, time, conflict, unread, missing } from './row.ts'
const episode = { kind: 'episode', operation_id: 'ep-1' }
const operation = {
  operation_id: 'ep-1',
  kind: 'episode',
  status: 'processing',
  attempt: 1,
  percent: 0,
  created_at: time,
  started_at: time,
  updated_at: time,
  error: null,
}
const begin = (at: Created) => at.ask('/operations', { method: 'POST', body: episode })
const fail = async (at: Created) => {
  await begin(at)
  await at.ask('/operations/ep-1/progress', { method: 'POST', body: { attempt: 1, status: 'error', reason: 'no audio' } })
}
const failedOperation = { ...operation, status: 'error', error: { class: 'failed', reason: 'no audio' } }

export const operationRows: Rows = {
  'POST /operations': {
    'a new one': { body: episode, status: 201, json: operation },
    'the same again': { before: begin, body: episode, status: 200, json: operation },
    'another under its id': { before: begin, body: { ...episode, kind: 'trailer' }, ...conflict('ep-1 is the id of another operation') },
    'no kind': { body: {}, ...unread('the body: kind invalid input: expected string, got nothing') },
  },
  'GET /operations': { 'one of them': { before: begin, status: 200, json: { operations: [operation], next: null } } },
  'GET /operations/{operation}': {
    'it is there': { before: begin, path: '/operations/ep-1', status: 200, json: operation },
    'it is not': { path: '/operations/constructor', ...missing('no operation constructor; those that are over expire') },
  },
  'POST /operations/{operation}/progress': {
    'half of it is done': {
      before: begin,
      path: '/operations/ep-1/progress',
      body: { attempt: 1, status: 'processing', percent: 50 },
      status: 200,
      json: { ...operation, percent: 50 },
    },
    'it is done': {
      before: begin,
      path: '/operations/ep-1/progress',
      body: { attempt: 1, status: 'done' },
      status: 200,
      json: { ...operation, status: 'done', percent: 100 },
    },
    'it failed': {
      before: begin,
      path: '/operations/ep-1/progress',
      body: { attempt: 1, status: 'error', reason: 'no audio' },
      status: 200,
      json: failedOperation,
    },
    'of an attempt that is over': {
      before: begin,
      path: '/operations/ep-1/progress',
      body: { attempt: 2, status: 'done' },
      ...conflict('attempt 2 of ep-1 is over: it is processing, attempt 1'),
    },
  },
  'POST /operations/{operation}/retry': {
    'it failed': { before: fail, path: '/operations/ep-1/retry', status: 200, json: { ...operation, attempt: 2 } },
    'it did not fail': {
      before: begin,
      path: '/operations/ep-1/retry',
      ...conflict('ep-1 did not end with an error: it is processing, attempt 1'),
    },
  },
  'POST /operations/stuck': {
    'a dry run': {
      before: begin,
      body: { dry_run: true },
      status: 200,
      json: { dry_run: true, threshold_hours: 2, count: 0, operations: [] },
    },
    'none is stuck': { before: begin, status: 200, json: { dry_run: false, threshold_hours: 2, count: 0, operations: [] } },
  },
}
