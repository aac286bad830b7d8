/** Fills in the subscription fields that were asked for, records by the page. */
import type { CrmRecord, FieldValue } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import { ALL, isVirtual, preferenceOf, type Preference } from './preference.ts'
import { keyOf, readOptOuts, readStates, type OptOuts, type State, type States } from './subscriptions.ts'

/** The properties to ask HubSpot for, in place of the fields that the port was asked for. */
export function propertiesFor(fields: readonly string[]): readonly string[] {
  return fields.some(isVirtual) ? [...fields.filter((name) => !isVirtual(name)), 'email'] : fields
}

/** The records with more in them. What this token may not read stays absent. */
export async function withPreferences(
  client: HubspotClient,
  fields: readonly string[],
  records: readonly CrmRecord[],
  signal: AbortSignal,
): Promise<readonly CrmRecord[]> {
  const wanted = fields.flatMap((name) => {
    const preference = isVirtual(name) ? preferenceOf(name) : undefined
    return preference ? [{ name, preference }] : []
  })
  if (wanted.length === 0 || records.length === 0) return records
  const emails = records.flatMap((record) => record.fields['email'] ?? [])
  const types = wanted.some(({ preference }) => preference.id !== ALL)
  const wide = wanted.some(({ preference }) => preference.id === ALL)
  const states = types ? await readStates(client, emails, signal) : null
  const optOuts = wide ? await readOptOuts(client, emails, signal) : null
  return records.map(({ ref, version, modifiedAt, fields: own }) => {
    const email = own['email']
    const values = wanted.flatMap(({ name, preference }) => {
      const value = email === null || email === undefined ? null : valueOf(preference, keyOf(email), states, optOuts)
      return value === undefined ? [] : [[name, value] as const]
    })
    return { ref, version, modifiedAt, fields: { ...own, ...Object.fromEntries(values) } }
  })
}

/** `undefined`: could not be read. */
function valueOf({ id, part }: Preference, email: string, states: States | null, optOuts: OptOuts | null): FieldValue | undefined {
  if (id === ALL) {
    const optOut = optOuts?.get(email)
    if (optOut === undefined) return undefined
    return optOut === null ? null : part === 'at' ? optOut.at : 'UNSUBSCRIBED'
  }
  const choices = states?.get(email)
  if (choices === undefined) return undefined
  const state = choices.get(id)
  return state === undefined || state.status === 'NOT_SPECIFIED' ? null : partOf(state, part)
}

function partOf(state: State, part: Preference['part']): FieldValue {
  switch (part) {
    case 'status':
      return state.status
    case 'at':
      return state.at
    case 'source':
      return state.source
    case 'basis':
      return state.basis
    default:
      return part satisfies never
  }
}
