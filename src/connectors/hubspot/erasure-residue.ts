/** Texts in HubSpot that may speak of a person: found by its search, word by word, for `core` to judge. What its index has not seen yet is found by the next look. */
import { phoneSpellings } from '../../core/identity/spellings.ts'
import type { ResidueText, Traits } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { activities, elsewhere, related, type Thing } from './erasure-activities.ts'
import { searchAll } from './erasure-search.ts'
import { chunksOf } from './erasure-read.ts'
import type { CrmObject } from './payloads.ts'

const groupsPerSearch = 5

export async function* residue(client: HubspotClient, traits: Traits, signal: AbortSignal): AsyncGenerator<readonly ResidueText[]> {
  const terms = termsOf(traits)
  for (const thing of [...activities, ...related, ...elsewhere]) yield* textsOf(client, thing, terms, signal)
}

/** A search for each five questions, where no more than one page answers it. */
export function residueCalls(traits: Traits): number {
  const terms = termsOf(traits).length
  return [...activities, ...related, ...elsewhere].reduce((sum, { texts }) => sum + Math.ceil((texts.length * terms) / groupsPerSearch), 0)
}

/** What a search is asked for. Its words are what stands between blanks and signs; an asterisk would stand for anything. */
function termsOf({ emails, phones, names }: Traits): readonly string[] {
  const people = names.filter(({ given, family }) => given !== '' && family !== '').map(({ given, family }) => `${given} ${family}`)
  return [...emails, ...phones.flatMap(phoneSpellings), ...people].map((term) => term.replaceAll('*', ' '))
}

async function* textsOf(
  client: HubspotClient,
  thing: Thing,
  terms: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly ResidueText[]> {
  const seen = new Set<string>()
  const filters = thing.texts.flatMap((propertyName) =>
    terms.map((value) => ({ filters: [{ propertyName, operator: 'CONTAINS_TOKEN' as const, value }] })),
  )
  for (const filterGroups of chunksOf(filters, groupsPerSearch)) {
    for await (const found of searchAll(client, thing.name, { filterGroups }, thing.texts, signal)) {
      const fresh = found.filter(({ id }) => !seen.has(id))
      for (const { id } of fresh) seen.add(id)
      if (fresh.length > 0) yield fresh.flatMap((record) => textsIn(thing, record))
    }
  }
}

function textsIn(thing: Thing, { id, properties }: CrmObject): readonly ResidueText[] {
  return thing.texts.flatMap((field): ResidueText[] => {
    const text = properties[field] ?? ''
    return text === '' ? [] : [{ ref: { object: thing.name, id }, field, text, remedy: 'redact' }]
  })
}
