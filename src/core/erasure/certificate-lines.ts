/** What a printed certificate says below its head, line by line, in the person's language: of each code its words. */
import { brandOf } from '../access/brand.ts'
import { certificateWords, wordOf, type CodeWords } from './certificate-words.ts'
import type { Language } from '../text/language.ts'
import type { Certificate, Unsigned } from './certificate.ts'
import { localIsoDay } from '../time/time-zone.ts'

/** How many lines there is room for; the rest is in the signed file. */
export type Room = { readonly records: number; readonly others: number }
export type Part = readonly [title: string, lines: readonly string[]]

export function certificateParts(certificate: Unsigned, language: Language, room: Room): readonly Part[] {
  return [...systemParts(certificate, language, room), ...otherParts(certificate, language, room)]
}

function systemParts({ systems, records, around }: Unsigned, language: Language, room: Room): readonly Part[] {
  const words = certificateWords[language]
  const word = (kind: keyof CodeWords, code: string): string => wordOf(language, kind, code)
  const things = around.map(({ connection, object, outcome, count }) => `${connection}/${object} – ${word('outcome', outcome)} – ${count}`)
  const lines = records.map(({ ref, action, outcome, trace }) => {
    const undone = trace === 'out-of-reach' && action !== 'keep' && (outcome === null || outcome === 'refused')
    return `${ref} – ${undone ? words.notDone : word('action', action)} – ${trace === null ? '' : word('trace', trace)}`
  })
  return [
    [
      words.systems,
      some(
        systems.map(({ connection, crm, method }) => `${brandOf(crm)} (${connection}) – ${word('method', method)}`),
        room.others,
        language,
      ),
    ],
    [words.records, some(lines, room.records, language)],
    [
      words.holds,
      some(
        records.flatMap(({ ref, holds }) => holds.map((hold) => `${ref} – ${holdLine(hold, language)}`)),
        room.others,
        language,
      ),
    ],
    [words.around, some(things, room.others * 2, language)],
  ]
}

type Hold = Certificate['records'][number]['holds'][number]

function holdLine({ ground, text, because, until, review }: Hold, language: Language): string {
  const words = certificateWords[language]
  const article = ground.replace(/^GDPR art\. /, '')
  const end = until === null ? words.review(dayOf(review, language)) : words.until(dayOf(until, language))
  return `${words.article(article)} (${wordOf(language, 'ground', article)}), ${text} (${becauseLine(because, language)}), ${end}`
}

/** `won-deal deals/7`, `unread invoice`, `by-hand`. */
function becauseLine(because: string, language: Language): string {
  const [, kind = because, what = ''] = /^(\S+) (.*)$/.exec(because) ?? []
  if (kind === 'unread') return certificateWords[language].unreadFact(wordOf(language, 'because', what))
  return `${wordOf(language, 'because', kind)} ${what}`.trimEnd()
}

function otherParts(
  { mentionsRead, mentions, recipients, lost = [], unreached, looks, next, timezone }: Unsigned,
  language: Language,
  room: Room,
): readonly Part[] {
  const words = certificateWords[language]
  const places = mentions.map(
    ({ ref, certainty, what }) => `${ref} – ${mentionLine(what, language)} – ${wordOf(language, 'certainty', certainty)}`,
  )
  const taken = looks.map(({ look, at }) => `${wordOf(language, 'look', look)} – ${dayOf(at, language, timezone)}`).slice(-5)
  const later = next === null ? words.last : words.next(wordOf(language, 'look', next.look), dayOf(next.at, language, timezone))
  const told = recipients.map(
    ({ name, outcome, at }) => `${name} – ${wordOf(language, 'told', outcome)}${at === null ? '' : ` – ${dayOf(at, language, timezone)}`}`,
  )
  const gaps = unreached.map(({ connection, what }) => `${connection} – ${words.gap(what)}`)
  const losses = lost.map(
    ({ connection, crm, records, because, declaredBy, declared }) =>
      `${brandOf(crm)} (${connection}) – ${words.lossLine(wordOf(language, 'loss', because), records, declaredBy, dayOf(declared, language, timezone))}`,
  )
  return [
    [words.lost, some(losses, room.others, language)],
    [words.mentions, places.length > 0 ? some(places, room.others, language) : [mentionsRead === null ? words.unread : words.none]],
    [words.unreached, some(gaps, room.others, language)],
    [words.recipients, some(told, room.others, language)],
    [words.looks, [...taken, later]],
  ]
}

/** `hs_note_body: email+name; redact`. */
function mentionLine(what: string, language: Language): string {
  const parts = /^(.*): ([a-z+]+); ([a-z-]+)$/.exec(what)
  if (parts === null) return what
  const [, field = '', marks = '', remedy = ''] = parts
  const found = marks.split('+').map((mark) => wordOf(language, 'mark', mark))
  const [colon, semicolon] = language === 'fr' ? [' :', ' ;'] : [':', ';']
  return `${field}${colon} ${found.join(' + ')}${semicolon} ${wordOf(language, 'remedy', remedy)}`
}

function some(lines: readonly string[], most: number, language: Language): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), certificateWords[language].more(lines.length - most)]
}

/** The local day of the controller. */
export function dayOf(iso: string, language: Language, timezone = 'UTC'): string {
  const day = localIsoDay(iso, timezone)
  return language === 'fr' ? day.split('-').reverse().join('/') : day
}

/** `standing.held` and the like: what each code of this certificate means, for whoever reads the file itself. */
export function glossaryOf(certificate: Unsigned): Readonly<Record<string, { readonly fr: string; readonly en: string }>> {
  const { standing, systems, records, around, mentions, recipients, lost = [], looks, next } = certificate
  const holds = records.flatMap((record) => record.holds)
  const marks = mentions.flatMap(({ what }) => /: ([a-z+]+); [a-z-]+$/.exec(what)?.[1]?.split('+') ?? [])
  const used: readonly (readonly [keyof CodeWords, readonly (string | null | undefined)[]])[] = [
    ['standing', [standing]],
    ['method', systems.map(({ method }) => method)],
    ['action', records.map(({ action }) => action)],
    ['outcome', [...records, ...around].map(({ outcome }) => outcome)],
    ['trace', records.map(({ trace }) => trace)],
    ['ground', holds.map(({ ground }) => ground.replace(/^GDPR art\. /, ''))],
    ['because', holds.map(({ because }) => because.split(' ').filter((part) => part !== 'unread')[0])],
    ['certainty', mentions.map(({ certainty }) => certainty)],
    ['mark', marks],
    ['remedy', mentions.map(({ what }) => /; ([a-z-]+)$/.exec(what)?.[1])],
    ['told', recipients.map(({ outcome }) => outcome)],
    ['loss', lost.map(({ because }) => because)],
    ['look', [...looks.map(({ look }) => look), next?.look]],
  ]
  return Object.fromEntries(
    used.flatMap(([kind, codes]) =>
      [...new Set(codes)].flatMap((code) =>
        code === null || code === undefined ? [] : [[`${kind}.${code}`, { fr: wordOf('fr', kind, code), en: wordOf('en', kind, code) }]],
      ),
    ),
  )
}

/** The one sentence at the top: nothing is called erased that stays, if only without the person. */
export function standingLine({ standing, records }: Pick<Certificate, 'standing' | 'records'>, language: Language): string {
  const words = certificateWords[language]
  if (standing === 'pending-vendor-purge' || standing === 'out-of-reach' || records.every(({ outcome }) => outcome !== 'anonymised'))
    return words.standing[standing]
  return words.anonymised[records.some(({ outcome }) => outcome === 'erased') ? 'some' : 'all']
}
