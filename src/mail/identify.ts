/** The mail that asks whoever reads a mailbox whether it was they who made a request (GDPR art. 12(6)). It tells nothing that is not in the request itself. */
import { languageOf } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import type { Right } from '../core/request/request.ts'
import { composeLetter, momentWord, signatureOf, type Composed } from './letter.ts'
import { rightWords } from './rights.ts'

/** `language`: fr or en; null as the company writes. `expiresAt` in epoch milliseconds. */
export type IdentifyFacts = { language: string | null; right: Right; link: string; expiresAt: number }

export function composeIdentify({ organisation }: Pick<Policy, 'organisation'>, facts: IdentifyFacts): Composed {
  const language = languageOf(facts.language, organisation)
  const { controller, timezone } = organisation
  const words = wordings[language](controller.name, rightWords[language][facts.right], momentWord(facts.expiresAt, language, timezone))
  return composeLetter({
    language,
    subject: words.subject,
    before: [words.hello, words.asked, words.how],
    button: { label: words.button, href: facts.link },
    after: [words.until, words.notYou, ...signatureOf(organisation, language)],
  })
}

type Words = Readonly<Record<'subject' | 'hello' | 'asked' | 'how' | 'button' | 'until' | 'notYou', string>>

const wordings: Readonly<Record<'fr' | 'en', (company: string, right: string, until: string) => Words>> = {
  fr: (company, right, until) => ({
    subject: 'Votre demande : est-ce bien vous ?',
    hello: 'Bonjour,',
    asked: `Une demande a été adressée à ${company} pour cette adresse : ${right}.`,
    how: "Si c'était vous, ouvrez ce lien puis confirmez sur la page qui s'affiche. Aucun autre justificatif n'est demandé :",
    button: 'Ouvrir la page de confirmation',
    until: `Le lien est valable jusqu'au ${until} et ne sert qu'une fois.`,
    notYou:
      "Si ce n'était pas vous, ne faites rien : sans confirmation, rien n'est communiqué, modifié ni effacé, et la demande prend fin quatorze jours après sa réception. Vous pouvez la renouveler à tout moment.",
  }),
  en: (company, right, until) => ({
    subject: 'Your request: was it you?',
    hello: 'Hello,',
    asked: `A request was made to ${company} for this address: ${right}.`,
    how: 'If it was you, open this link and confirm on the page that it shows. No other proof is asked for:',
    button: 'Open the confirmation page',
    until: `The link works until ${until}, and once only.`,
    notYou:
      'If it was not you, do nothing: without a confirmation nothing is disclosed, changed or erased, and the request ends fourteen days after its receipt. You may make it again at any time.',
  }),
}
