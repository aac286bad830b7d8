/** Texts in Salesforce that may speak of a person: found by SOSL, which looks into long texts where SOQL cannot, for `core` to judge. Its index lags: the next look finds the rest. */
import { phoneSpellings } from '../../core/identity/spellings.ts'
import { moreIn, type ResidueText, type Traits } from '../erasure.ts'
import { infoOf, isDeletedRow, pagesWith, textAt } from './erasure-read.ts'
import { searchIds } from './erasure-search.ts'
import type { Org } from './org.ts'

const places: readonly { readonly object: string; readonly texts: readonly string[]; readonly remedy: ResidueText['remedy'] }[] = [
  { object: 'Account', texts: ['Name', 'Description'], remedy: 'redact' },
  { object: 'Case', texts: ['Subject', 'Description', 'SuppliedName', 'SuppliedEmail', 'SuppliedPhone'], remedy: 'redact' },
  { object: 'Opportunity', texts: ['Name', 'Description', 'NextStep'], remedy: 'redact' },
  { object: 'Task', texts: ['Subject', 'Description'], remedy: 'redact' },
  { object: 'Event', texts: ['Subject', 'Description', 'Location'], remedy: 'redact' },
  { object: 'Note', texts: ['Title', 'Body'], remedy: 'redact' },
  { object: 'EmailMessage', texts: ['Subject', 'TextBody', 'HtmlBody', 'FromAddress', 'ToAddress', 'CcAddress'], remedy: 'by-hand' },
  { object: 'Contact', texts: ['Description', 'AssistantName'], remedy: 'redact' },
  { object: 'Lead', texts: ['Description'], remedy: 'redact' },
  { object: 'Campaign', texts: ['Name', 'Description'], remedy: 'redact' },
  { object: 'FeedItem', texts: ['Body', 'Title'], remedy: 'delete' },
  { object: 'FeedComment', texts: ['CommentBody'], remedy: 'delete' },
  { object: 'CaseComment', texts: ['CommentBody'], remedy: 'redact' },
  { object: 'ContentVersion', texts: ['Title', 'PathOnClient', 'Description'], remedy: 'by-hand' },
  { object: 'Attachment', texts: ['Name', 'Description'], remedy: 'redact' },
]
/** History keeps what a field was: nobody can change it, it goes with its record. */
const histories = ['AccountHistory', 'CaseHistory', 'OpportunityFieldHistory']

export async function* residue(org: Org, traits: Traits, signal: AbortSignal): AsyncGenerator<readonly ResidueText[]> {
  for (const { object, texts, remedy } of places) {
    const info = await infoOf(org, object, signal)
    const fields = texts.filter((text) => info?.fields.has(text) === true)
    if (info === null || fields.length === 0) continue
    const ids = new Set<string>()
    let isWhole = true
    for (const term of termsOf(traits)) {
      const found = await searchIds(org, object, { term, scope: 'ALL' }, signal)
      for (const id of found.ids) ids.add(id)
      isWhole &&= found.whole
    }
    if (!isWhole) yield [moreIn(object)]
    yield* textsOf(org, object, { any: 'Id', values: [...ids], fields, remedy }, signal)
  }
  for (const object of histories) yield* formerValues(org, object, signal)
}

/** A search for each term in each place, and a reading of what it found; places that an organisation does not have count as well. */
export function residueCalls(traits: Traits): number {
  return places.length * (termsOf(traits).length + 1) + histories.length
}

type Search = {
  readonly any: string
  readonly values: readonly string[]
  readonly fields: readonly string[]
  readonly remedy: ResidueText['remedy']
}

async function* textsOf(
  org: Org,
  object: string,
  { any, values, fields, remedy }: Search,
  signal: AbortSignal,
): AsyncGenerator<readonly ResidueText[]> {
  for await (const page of pagesWith(org, object, { fields, any: [any], values }, signal)) {
    const texts = page
      .filter((one) => !isDeletedRow(one))
      .flatMap((one) =>
        fields.flatMap((field): ResidueText[] => {
          const text = textAt(one, field)
          return text === null ? [] : [{ ref: { object, id: one.id }, field, text, remedy }]
        }),
      )
    if (texts.length > 0) yield texts
  }
}

/** Old values stand in no index and can be no filter (Object Reference: OldValue): the history of these fields is read whole, 2,000 rows a request. */
async function* formerValues(org: Org, object: string, signal: AbortSignal): AsyncGenerator<readonly ResidueText[]> {
  const info = await infoOf(org, object, signal)
  if (info === null || !info.fields.has('Field')) return
  yield* textsOf(org, object, { any: 'Field', values: tracked, fields: ['OldValue', 'NewValue'], remedy: 'by-hand' }, signal)
}

/** Fields whose history may hold an address, a number or a name. */
const tracked = ['Name', 'Subject', 'SuppliedEmail', 'SuppliedName', 'SuppliedPhone', 'Phone', 'NextStep']

/** Addresses and numbers as quoted phrases; of a name all words, in any order and spacing, in lower case, since AND and OR would be commands. */
function termsOf({ emails, phones, names }: Traits): readonly string[] {
  const people = names
    .filter(({ given, family }) => given !== '' && family !== '')
    .map(({ given, family }) => `${given} ${family}`.toLowerCase())
  return [
    ...[...emails, ...phones.flatMap(phoneSpellings)].map((term) => `"${escaped(term)}"`),
    ...people.map((person) => person.trim().split(/\s+/).map(escaped).join(' AND ')),
  ]
}

/** SOSL guide: reserved characters. */
function escaped(term: string): string {
  return term.replace(/[?&|!{}[\]()^~*:\\"'+-]/g, String.raw`\$&`)
}
