/** Mails, activities and files around a person: which of them are theirs alone. */
import { normaliseEmail } from '../../core/identity/email.ts'
import type { Traits } from '../erasure.ts'
import { linksOf, whoseOf, type Circle, type Links, type Whose } from './erasure-circle.ts'
import { chunksOf, infoOf, isDeletedRow, rowsWith, textAt, type Found } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/** `texts`: by field, what may name the person, for cleaning where it is not theirs alone. */
export type Owned = {
  readonly object: string
  readonly id: string
  readonly whose: Whose
  readonly texts: Readonly<Record<string, string>>
}

const addressFields = ['FromAddress', 'ToAddress', 'CcAddress', 'BccAddress']
/** A mail from a case, or related to one. */
const caseFields = ['ParentId', 'RelatedToId']
const casePrefix = '500'
const mailTexts = ['Subject', 'TextBody', 'HtmlBody', 'FromName', 'Headers', ...addressFields]

/** Live mails of these people by relation, and by the sender's address. `emails`: addresses that are theirs alone. */
export async function emailsOf(
  org: Org,
  people: readonly string[],
  emails: readonly string[],
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const relations = await rowsWith(
    org,
    'EmailMessageRelation',
    { fields: ['EmailMessageId', 'RelationId'], any: ['RelationId'], values: people },
    signal,
  )
  const byRelation = relations.flatMap((found) => recordId(textAt(found, 'EmailMessageId') ?? '', null) ?? [])
  const fields = [...mailTexts, 'FromId', ...caseFields]
  const found = new Map<string, Found>()
  for (const mail of await rowsWith(org, 'EmailMessage', { fields, any: ['Id'], values: byRelation }, signal)) found.set(mail.id, mail)
  for (const mail of await rowsWith(org, 'EmailMessage', { fields, any: ['FromAddress'], values: emails }, signal)) found.set(mail.id, mail)
  return [...found.values()].filter((mail) => !isDeletedRow(mail))
}

/**
 * A mail is theirs alone if every party is: a record that goes, a user, or an address of theirs; whose case it is on counts as a party. A former address counts only
 * where a relation says so too.
 */
export async function mailsOf(
  org: Org,
  circle: Circle,
  { emails, formerEmails = [] }: Pick<Traits, 'emails' | 'formerEmails'>,
  signal: AbortSignal,
): Promise<readonly Owned[]> {
  const mails = await emailsOf(org, circle.people, emails, signal)
  const info = await infoOf(org, 'EmailMessage', signal)
  const ids = mails.map(({ id }) => id)
  const relations = await linksOf(org, 'EmailMessageRelation', { thing: 'EmailMessageId', party: 'RelationId' }, ids, signal)
  const isUnread = relations === null || !addressFields.every((field) => info?.fields.has(field))
  const cases = await linksOf(org, 'Case', { thing: 'Id', party: 'ContactId' }, mails.flatMap(casesOf), signal)
  const [own, once] = [new Set(emails), new Set([...emails, ...formerEmails])]
  const foreign = mails.flatMap(addressesOn).flatMap((email) => (email === null || own.has(email) ? [] : [email]))
  const colleagues = await colleaguesAmong(org, foreign, signal)
  return mails.map((mail) => {
    const parties = partiesOf(mail, relations, cases)
    const theirs = parties.some((id) => circle.own.has(id)) ? once : own
    const isTheirs = addressesOn(mail).every((email) => email !== null && (theirs.has(email) || colleagues.has(email)))
    const whose = whoseOf(parties, circle)
    return {
      object: 'EmailMessage',
      id: mail.id,
      whose: whose === 'alone' && (isUnread || !isTheirs || (cases === null && casesOf(mail).length > 0)) ? 'shared' : whose,
      texts: textsOf(mail, mailTexts),
    }
  })
}

function partiesOf(mail: Found, relations: Links, cases: Links): readonly string[] {
  const links = [...(relations?.get(mail.id) ?? []), ...casesOf(mail).flatMap((id) => cases?.get(id) ?? [])]
  return [...links.map(({ party }) => party), ...idsAt(mail, ['FromId'])]
}

function casesOf(mail: Found): readonly string[] {
  return idsAt(mail, caseFields).filter((id) => id.startsWith(casePrefix))
}

function idsAt(found: Found, fields: readonly string[]): readonly string[] {
  return fields.flatMap((field) => recordId(textAt(found, field) ?? '', null) ?? [])
}

/** `null`: something that is no address; nobody knows whose it is. */
function addressesOn(mail: Found): readonly (string | null)[] {
  const parts = addressFields.flatMap((field) => (textAt(mail, field) ?? '').split(/[;,]/))
  return parts.filter((part) => part.trim() !== '').map((part) => normaliseEmail(part))
}

/** The company's own people: whoever comes in by a portal is somebody else's. */
async function colleaguesAmong(org: Org, emails: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const fields = ['Email', 'UserType']
  const users = await rowsWith(org, 'User', { fields, any: ['Email'], values: [...new Set(emails)] }, signal)
  const own = users.filter((user) => textAt(user, 'UserType') === 'Standard')
  return new Set(own.flatMap((user) => normaliseEmail(textAt(user, 'Email') ?? '') ?? []))
}

function textsOf(found: Found, fields: readonly string[]): Owned['texts'] {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = textAt(found, field)
      return text === null ? [] : [[field, text]]
    }),
  )
}

const whoActivities = [
  { object: 'Task', texts: ['Subject', 'Description'], links: { object: 'TaskRelation', thing: 'TaskId', party: 'RelationId' } },
  {
    object: 'Event',
    texts: ['Subject', 'Description', 'Location'],
    links: { object: 'EventRelation', thing: 'EventId', party: 'RelationId' },
  },
] as const
/** Key prefixes of Contacts and Leads: users, rooms and what an activity is about are no company of the person's. */
const personPrefixes = ['003', '00Q']

/** `isAbout`: it hangs on a deal or a case as well. `links`: rows that relate it to the person. */
export type Meeting = Owned & { readonly isAbout: boolean; readonly links: readonly { readonly object: string; readonly id: string }[] }

/** Tasks and events of these people, and who else takes part: another Contact or Lead, of whom a delete would take them too. */
export async function meetingsOf(org: Org, circle: Circle, signal: AbortSignal): Promise<readonly Meeting[]> {
  const meetings: Meeting[] = []
  for (const { object, texts, links: by } of whoActivities) {
    const fields = ['WhoId', 'WhatId', 'WhoCount', ...texts]
    const rows = await rowsWith(org, object, { fields, any: ['WhoId'], values: circle.people }, signal)
    const live = rows.filter((row) => !isDeletedRow(row))
    const ids = live.map(({ id }) => id)
    const links = await linksOf(org, by.object, by, ids, signal)
    for (const row of live) {
      const parties = (links?.get(row.id) ?? []).filter(({ party }) => personPrefixes.some((prefix) => party.startsWith(prefix)))
      const whose = whoseOf(
        parties.map(({ party }) => party),
        circle,
      )
      meetings.push({
        object,
        id: row.id,
        whose: whose === 'alone' && links === null && mayHaveOthers(object, row) ? 'shared' : whose,
        texts: textsOf(row, texts),
        isAbout: textAt(row, 'WhatId') !== null,
        links: parties.flatMap(({ id, party }) => (circle.people.includes(party) ? [{ object: by.object, id }] : [])),
      })
    }
  }
  return meetings
}

/** Every org has invitees; several Contacts of a task, and their count, only one with shared activities (Object Reference: TaskRelation, Task.WhoCount). */
function mayHaveOthers(object: 'Task' | 'Event', { row }: Found): boolean {
  const count = row['WhoCount']
  return object === 'Event' || (typeof count === 'number' && count > 1)
}

/** Goes along when a record is deleted, and stays when it is emptied. */
const papers = [
  { object: 'Note', texts: ['Title', 'Body'] },
  { object: 'Attachment', texts: ['Name', 'Description'] },
  { object: 'FeedItem', texts: ['Title', 'Body'] },
] as const

export async function activitiesOf(org: Org, circle: Circle, signal: AbortSignal): Promise<readonly Owned[]> {
  const meetings = await meetingsOf(org, circle, signal)
  const found: Owned[] = meetings.map(({ isAbout, whose, ...one }) => ({ ...one, whose: whose === 'alone' && isAbout ? 'shared' : whose }))
  for (const { object, texts } of papers)
    for (const one of await rowsWith(org, object, { fields: ['ParentId', ...texts], any: ['ParentId'], values: circle.people }, signal))
      if (!isDeletedRow(one)) found.push({ object, id: one.id, whose: 'alone', texts: textsOf(one, texts) })
  return found
}

/** Files that hang on these people alone: the delete of a record takes the link along and leaves the file. */
export async function filesOf(
  org: Org,
  people: readonly string[],
  signal: AbortSignal,
  circle: Pick<Circle, 'own' | 'kept'> = { own: new Set(people), kept: new Set() },
): Promise<readonly Owned[]> {
  const linkFields = ['ContentDocumentId', 'LinkedEntityId']
  const documents = new Set<string>()
  // Links can be asked for only by one of their two ends (SOQL guide).
  for (const chunk of chunksOf(people, 50))
    for (const link of await rowsWith(org, 'ContentDocumentLink', { fields: linkFields, any: ['LinkedEntityId'], values: chunk }, signal))
      if (!isDeletedRow(link)) documents.add(recordId(textAt(link, 'ContentDocumentId') ?? '', null) ?? '')
  const ids = [...documents].filter((id) => id !== '')
  const linked = new Map<string, string[]>()
  for (const link of await rowsWith(org, 'ContentDocumentLink', { fields: linkFields, any: ['ContentDocumentId'], values: ids }, signal)) {
    const document = recordId(textAt(link, 'ContentDocumentId') ?? '', null) ?? ''
    const entity = recordId(textAt(link, 'LinkedEntityId') ?? '', null)
    if (!isDeletedRow(link) && entity !== null) linked.set(document, [...(linked.get(document) ?? []), entity])
  }
  const files = await rowsWith(org, 'ContentDocument', { fields: ['Title', 'Description'], any: ['Id'], values: ids }, signal)
  return files
    .filter((file) => !isDeletedRow(file))
    .map((file) => ({
      object: 'ContentDocument',
      id: file.id,
      whose: linked.has(file.id) ? whoseOf(linked.get(file.id)!, circle) : 'shared',
      texts: { Title: textAt(file, 'Title') ?? '', Description: textAt(file, 'Description') ?? '' },
    }))
}
