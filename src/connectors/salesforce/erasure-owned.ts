/** Mails and files around a person: which of them are theirs alone. */
import { normaliseEmail } from '../../core/identity-email.ts'
import { chunksOf, isDeletedRow, rowsWith, textAt, type Found } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/** `texts`: by field, what may name the person, for cleaning where it is not theirs alone. */
export type Owned = {
  readonly object: string
  readonly id: string
  readonly alone: boolean
  readonly texts: Readonly<Record<string, string>>
}

const addressFields = ['FromAddress', 'ToAddress', 'CcAddress', 'BccAddress']
const mailTexts = ['Subject', 'TextBody', 'HtmlBody', 'FromName', 'Headers', ...addressFields]
/** Key prefix of users: a mail between the person and the company's own people is the person's. */
const userPrefix = '005'

/** Mails of these people by relation, and by the sender's address. */
export async function emailsOf(
  org: Org,
  people: readonly string[],
  emails: readonly string[],
  signal: AbortSignal,
): Promise<readonly Owned[]> {
  const relations = await rowsWith(
    org,
    'EmailMessageRelation',
    { fields: ['EmailMessageId', 'RelationId'], any: ['RelationId'], values: people },
    signal,
  )
  const byRelation = relations.flatMap((found) => recordId(textAt(found, 'EmailMessageId') ?? '', null) ?? [])
  const found = new Map<string, Found>()
  for (const mail of await rowsWith(org, 'EmailMessage', { fields: mailTexts, any: ['Id'], values: byRelation }, signal))
    found.set(mail.id, mail)
  for (const mail of await rowsWith(org, 'EmailMessage', { fields: mailTexts, any: ['FromAddress'], values: emails }, signal))
    found.set(mail.id, mail)
  const live = [...found.values()].filter((mail) => !isDeletedRow(mail))
  const others = await othersOn(
    org,
    live.map(({ id }) => id),
    new Set(people),
    signal,
  )
  const own = new Set(emails)
  const colleagues = await colleaguesAmong(
    org,
    live.flatMap(addressesOn).filter((email) => !own.has(email)),
    signal,
  )
  return live.map((mail) => ({
    object: 'EmailMessage',
    id: mail.id,
    alone: !others.has(mail.id) && addressesOn(mail).every((email) => own.has(email) || colleagues.has(email)),
    texts: Object.fromEntries(mailTexts.flatMap((field) => (textAt(mail, field) === null ? [] : [[field, textAt(mail, field) ?? '']]))),
  }))
}

function addressesOn(mail: Found): readonly string[] {
  return addressFields.flatMap((field) => (textAt(mail, field) ?? '').split(/[;,]/)).flatMap((part) => normaliseEmail(part) ?? [])
}

/** Mails that have somebody else as a party, who is no user. */
async function othersOn(
  org: Org,
  mails: readonly string[],
  people: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const relations = await rowsWith(
    org,
    'EmailMessageRelation',
    { fields: ['EmailMessageId', 'RelationId'], any: ['EmailMessageId'], values: mails },
    signal,
  )
  return new Set(
    relations.flatMap((found) => {
      const who = recordId(textAt(found, 'RelationId') ?? '', null)
      const isOther = who !== null && !people.has(who) && !who.startsWith(userPrefix)
      return isOther ? [recordId(textAt(found, 'EmailMessageId') ?? '', null) ?? ''] : []
    }),
  )
}

async function colleaguesAmong(org: Org, emails: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const users = await rowsWith(org, 'User', { fields: ['Email'], any: ['Email'], values: [...new Set(emails)] }, signal)
  return new Set(users.flatMap((user) => normaliseEmail(textAt(user, 'Email') ?? '') ?? []))
}

/** Goes along when a record is deleted, and stays when it is emptied. `beside`: what else it may hang on. */
const activities = [
  { object: 'Task', field: 'WhoId', beside: 'WhatId', texts: ['Subject', 'Description'] },
  { object: 'Event', field: 'WhoId', beside: 'WhatId', texts: ['Subject', 'Description', 'Location'] },
  { object: 'Note', field: 'ParentId', beside: null, texts: ['Title', 'Body'] },
  { object: 'Attachment', field: 'ParentId', beside: null, texts: ['Name', 'Description'] },
  { object: 'FeedItem', field: 'ParentId', beside: null, texts: ['Title', 'Body'] },
] as const

export async function activitiesOf(org: Org, people: readonly string[], signal: AbortSignal): Promise<readonly Owned[]> {
  const found: Owned[] = []
  for (const { object, field, beside, texts } of activities) {
    const fields = [field, ...texts, ...(beside === null ? [] : [beside])]
    for (const one of await rowsWith(org, object, { fields, any: [field], values: people }, signal))
      if (!isDeletedRow(one))
        found.push({
          object,
          id: one.id,
          alone: beside === null || textAt(one, beside) === null,
          texts: Object.fromEntries(texts.flatMap((name) => (textAt(one, name) === null ? [] : [[name, textAt(one, name) ?? '']]))),
        })
  }
  return found
}

/** Files that hang on these people alone: the delete of a record takes the link along and leaves the file. */
export async function filesOf(org: Org, people: readonly string[], signal: AbortSignal): Promise<readonly Owned[]> {
  const linkFields = ['ContentDocumentId', 'LinkedEntityId']
  const documents = new Set<string>()
  // Links can be asked for only by one of their two ends (SOQL guide).
  for (const chunk of chunksOf(people, 50))
    for (const link of await rowsWith(org, 'ContentDocumentLink', { fields: linkFields, any: ['LinkedEntityId'], values: chunk }, signal))
      if (!isDeletedRow(link)) documents.add(recordId(textAt(link, 'ContentDocumentId') ?? '', null) ?? '')
  const ids = [...documents].filter((id) => id !== '')
  const own = new Set(people)
  const shared = new Set<string>()
  for (const link of await rowsWith(org, 'ContentDocumentLink', { fields: linkFields, any: ['ContentDocumentId'], values: ids }, signal)) {
    const entity = recordId(textAt(link, 'LinkedEntityId') ?? '', null)
    if (!isDeletedRow(link) && entity !== null && !own.has(entity) && !entity.startsWith(userPrefix))
      shared.add(recordId(textAt(link, 'ContentDocumentId') ?? '', null) ?? '')
  }
  const files = await rowsWith(org, 'ContentDocument', { fields: ['Title', 'Description'], any: ['Id'], values: ids }, signal)
  return files
    .filter((file) => !isDeletedRow(file))
    .map((file) => ({
      object: 'ContentDocument',
      id: file.id,
      alone: !shared.has(file.id),
      texts: { Title: textAt(file, 'Title') ?? '', Description: textAt(file, 'Description') ?? '' },
    }))
}
