/** What a record says about who it is, through the connection's mapping. */
import { filled } from './frame.ts'
import { isSharedMailbox, normaliseEmail } from './identity-email.ts'
import { givenNameKey } from './identity-name.ts'
import { normalisePhone } from './identity-phone.ts'
import type { Identity, RawFields } from './judge.ts'
import type { FieldSource, ObjectMapping } from './mapping.ts'

/** `homeCountry`: where a national phone number is dialled when the record names no country. */
export function createIdentifier(
  mapping: ObjectMapping,
  genericLocalParts: ReadonlySet<string>,
  homeCountry: string,
): (fields: RawFields) => Identity {
  const emailFields = [...new Set([...(mapping.fields['email']?.from ?? []), ...mapping.emails])]
  const first = mapping.fields['firstName']
  const last = mapping.fields['lastName']
  const country = mapping.fields['country']
  return (fields) => {
    const emails: string[] = []
    const shared: string[] = []
    for (const raw of partsOf(fields, emailFields)) {
      const email = normaliseEmail(raw)
      if (email !== null) addOnce(isSharedMailbox(email, genericLocalParts) ? shared : emails, email)
    }
    return {
      emails,
      shared,
      // Asked for only where there is a suppression list: foreign numbers cost more than all the rest.
      get phones() {
        return phonesOf(fields, mapping.phones, textOf(fields, country) ?? homeCountry)
      },
      crossIds: crossIdsOf(mapping, fields),
      givenName: givenNameKey(textOf(fields, first), textOf(fields, last)),
    }
  }
}

function phonesOf(fields: RawFields, names: readonly string[], region: string): readonly string[] {
  const phones: string[] = []
  for (const raw of partsOf(fields, names)) {
    const phone = normalisePhone(raw, region)
    if (phone !== null) addOnce(phones, phone)
  }
  return phones
}

function crossIdsOf(mapping: ObjectMapping, fields: RawFields): readonly string[] {
  if (mapping.crossIds.length === 0) return []
  return mapping.crossIds.flatMap(({ field, crm, object }) =>
    partsOf(fields, [field]).map((id) => `${crm}:${object}:${crm === 'salesforce' ? longSalesforceId(id) : id}`),
  )
}

/** The 15-character form of a Salesforce id differs in case only; its 18-character form adds three characters that say which are capitals. */
export function longSalesforceId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id
  let suffix = ''
  for (let block = 0; block < 15; block += 5) {
    let bits = 0
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id[block + i] ?? '')) bits |= 1 << i
    suffix += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'[bits]
  }
  return id + suffix
}

function partsOf(fields: RawFields, names: readonly string[]): readonly string[] {
  const parts: string[] = []
  for (const name of names) {
    const text = filled(fields[name])
    if (text === null || text === undefined) continue
    if (!text.includes(';')) parts.push(text)
    else for (const part of text.split(';')) if (part.trim() !== '') parts.push(part.trim())
  }
  return parts
}

function textOf(fields: RawFields, source: FieldSource | undefined): string | null {
  for (const name of source?.from ?? []) {
    const text = filled(fields[name])
    if (text !== null && text !== undefined) return text
  }
  return null
}

function addOnce(list: string[], value: string): void {
  if (!list.includes(value)) list.push(value)
}
