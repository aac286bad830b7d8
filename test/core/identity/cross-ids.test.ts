import { expect, it } from 'vitest'
import { parseConnections } from '../../../src/core/record/mapping.ts'

type Cross = { field: string; crm?: string; connection?: string; object: string }
const object = (name: string, crossIds: Cross[] = []): unknown => ({ object: name, fields: {}, crossIds })
const hubspot = (id: string, ...crossIds: Cross[]): unknown => ({ id, crm: 'hubspot', objects: [object('contacts', crossIds)] })
const salesforce = (id: string, ...crossIds: Cross[]): unknown => ({ id, crm: 'salesforce', objects: [object('Contact', crossIds)] })
const names = (...connections: unknown[]): unknown => {
  const read = parseConnections({ version: 1, connections })
  return read.ok
    ? read.value.connections.flatMap((one) => one.objects.flatMap(({ crossIds }) => crossIds.map(({ connection }) => connection)))
    : read.problems
}
const cross: Cross = { field: 'sf', object: 'Contact', crm: 'salesforce' }

it('means the only connection of a CRM, or itself, or none', () => {
  expect(names(hubspot('h', cross), salesforce('s'))).toEqual(['s'])
  expect(names(salesforce('s1', cross), salesforce('s2', cross))).toEqual(['s1', 's2'])
  expect(names(hubspot('h', cross))).toEqual([''])
})

it('has to be named where two connections share a CRM, since an id is another person in each', () => {
  expect(names(hubspot('h', cross), salesforce('s1'), salesforce('s2'))).toEqual([
    {
      path: ['connections', 0, 'objects', 0, 'crossIds', 0],
      message: 'there are several salesforce connections, and the same id is another person in each',
      instead: 'connection: s1 | s2',
    },
  ])
  expect(names(hubspot('h', { field: 'sf', object: 'Contact', connection: 's2' }), salesforce('s1'), salesforce('s2'))).toEqual(['s2'])
})

it('is refused with a connection that is not there, is of another CRM, or is missing', () => {
  const messages = (one: Cross): unknown =>
    (names(hubspot('h', one), salesforce('sales')) as { message: string }[]).map(({ message }) => message)
  expect(messages({ field: 'sf', object: 'Contact', connection: 'sale' })).toEqual(['unknown connection "sale"'])
  expect(messages({ ...cross, connection: 'h' })).toEqual(['"h" is no salesforce connection'])
  expect(messages({ field: 'sf', object: 'Contact' })).toEqual(['the connection that the id belongs to is missing'])
})
