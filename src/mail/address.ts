/** The mail to a new address that is to be noted for somebody: whoever reads that mailbox says whether it is theirs. It tells nothing of who asked. */
import { languageOf } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { composeLetter, momentWord, signatureOf, type Composed } from './letter.ts'

/** `language`: fr or en; null as the company writes. `expiresAt` in epoch milliseconds. */
export type AddressFacts = { language: string | null; link: string; expiresAt: number }

export function composeAddress({ organisation }: Pick<Policy, 'organisation'>, facts: AddressFacts): Composed {
  const language = languageOf(facts.language, organisation)
  const { controller, timezone } = organisation
  const words = wordings[language](controller.name, momentWord(facts.expiresAt, language, timezone))
  return composeLetter({
    language,
    subject: words.subject,
    before: [words.hello, words.asked, words.how],
    button: { label: words.button, href: facts.link },
    after: [words.until, words.notYou, ...signatureOf(organisation, language)],
  })
}

type Words = Readonly<Record<'subject' | 'hello' | 'asked' | 'how' | 'button' | 'until' | 'notYou', string>>

const wordings: Readonly<Record<'fr' | 'en', (company: string, until: string) => Words>> = {
  fr: (company, until) => ({
    subject: 'Votre nouvelle adresse : est-ce bien la vôtre ?',
    hello: 'Bonjour,',
    asked: `Quelqu'un a demandé à ${company} de noter cette adresse e-mail comme la sienne (RGPD, art. 16).`,
    how: "Si c'était vous, ouvrez ce lien puis confirmez sur la page qui s'affiche :",
    button: 'Ouvrir la page de confirmation',
    until: `Le lien est valable jusqu'au ${until} et ne sert qu'une fois.`,
    notYou: "Si ce n'était pas vous, ne faites rien : sans confirmation, cette adresse n'est notée nulle part.",
  }),
  en: (company, until) => ({
    subject: 'Your new address: is it yours?',
    hello: 'Hello,',
    asked: `Somebody has asked ${company} to note this e-mail address as theirs (GDPR art. 16).`,
    how: 'If it was you, open this link and confirm on the page that it shows:',
    button: 'Open the confirmation page',
    until: `The link works until ${until}, and once only.`,
    notYou: 'If it was not you, do nothing: without a confirmation this address is noted nowhere.',
  }),
}
