/** Ids are numbered by each portal and organisation for itself: a cross-id has to say in which of them to look. */
import type { Connections } from '../record/mapping.ts'
import { meant, type ConfigProblem } from '../policy/problem.ts'

/**
 * Fills in the connection that each cross-id means. `crm:` alone means the connection itself when it is of that CRM (a converted Lead), otherwise the only
 * one of that CRM; with several of them it has to be named. None at all is '': nobody can be found there.
 */
export function resolveCrossIds(read: Connections, problems: ConfigProblem[]): Connections {
  const crmOf = new Map(read.connections.map((one) => [one.id, one.crm as string]))
  const connections = read.connections.map((connection, at) => ({
    ...connection,
    objects: connection.objects.map((object, index) => ({
      ...object,
      crossIds: object.crossIds.map((cross, number) => {
        const path = ['connections', at, 'objects', index, 'crossIds', number]
        const found = resolve(cross, connection, crmOf)
        if ('instead' in found) problems.push({ path, ...found })
        return 'instead' in found ? cross : { ...cross, ...found }
      }),
    })),
  }))
  return { ...read, connections }
}

type Meant = { readonly crm: string; readonly connection: string }

function resolve(
  cross: Meant,
  own: { readonly id: string; readonly crm: string },
  crmOf: ReadonlyMap<string, string>,
): Meant | { readonly message: string; readonly instead: string } {
  const ids = [...crmOf.keys()]
  const { crm, connection } = cross
  if (connection !== '') {
    const itsCrm = crmOf.get(connection)
    if (itsCrm === undefined)
      return { message: `unknown connection "${connection}"`, instead: meant(connection, ids, `one of: ${ids.join(', ')}`) }
    if (crm !== '' && crm !== itsCrm)
      return { message: `"${connection}" is no ${crm} connection`, instead: `leave crm out, or write crm: ${itsCrm}` }
    return { crm: itsCrm, connection }
  }
  if (crm === '') return { message: 'the connection that the id belongs to is missing', instead: `connection: ${ids.join(' | ')}` }
  const candidates = own.crm === crm ? [own.id] : ids.filter((id) => crmOf.get(id) === crm)
  if (candidates.length > 1)
    return {
      message: `there are several ${crm} connections, and the same id is another person in each`,
      instead: `connection: ${candidates.join(' | ')}`,
    }
  return { crm, connection: candidates[0] ?? '' }
}
