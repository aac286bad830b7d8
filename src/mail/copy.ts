/** The mail that tells somebody where to fetch a copy of their data (GDPR art. 12(3), 15(3), 20). Nothing of the data is in it. */
import { languageOf } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { composeLetter, momentWord, signatureOf, type Composed } from './letter.ts'

/** `language`: fr or en; null as the company writes. `expiresAt` in epoch milliseconds. */
export type CopyFacts = { language: string | null; right: 'access' | 'portability'; link: string; expiresAt: number }

export function composeCopy({ organisation }: Pick<Policy, 'organisation'>, facts: CopyFacts): Composed {
  const language = languageOf(facts.language, organisation)
  const { controller, timezone } = organisation
  const words = wordings[language](controller.name, momentWord(facts.expiresAt, language, timezone))
  return composeLetter({
    language,
    subject: words.subject,
    before: [words.hello, words.ready[facts.right], words.how],
    button: { label: words.button, href: facts.link },
    after: [words.until, words.safe, words.rights, ...signatureOf(organisation, language)],
  })
}

type Words = Readonly<Record<'subject' | 'hello' | 'how' | 'button' | 'until' | 'safe' | 'rights', string>> & {
  readonly ready: Readonly<Record<CopyFacts['right'], string>>
}

const wordings: Readonly<Record<'fr' | 'en', (company: string, until: string) => Words>> = {
  fr: (company, until) => ({
    subject: 'Vos données : la réponse à votre demande',
    hello: 'Bonjour,',
    ready: {
      access: `Vous avez demandé à ${company} une copie de vos données personnelles (RGPD, art. 15). Elle est prête.`,
      portability: `Vous avez demandé à ${company} les données que vous lui avez fournies, pour les réutiliser (RGPD, art. 20). Elles sont prêtes.`,
    },
    how: 'Ouvrez ce lien, puis pressez le bouton de la page qui s’affiche. Le fichier est composé à cet instant et n’est conservé nulle part :',
    button: 'Ouvrir la page de téléchargement',
    until: `Le lien est valable jusqu’au ${until}, pour quelques téléchargements.`,
    safe: 'Ne transférez pas ce message : quiconque a le lien peut lire vos données. Enregistrez le fichier en lieu sûr.',
    rights:
      'Si quelque chose est inexact ou ne doit plus être gardé, répondez-nous. Vous pouvez aussi adresser une réclamation à l’autorité de protection des données (en France, la CNIL, www.cnil.fr).',
  }),
  en: (company, until) => ({
    subject: 'Your data: the answer to your request',
    hello: 'Hello,',
    ready: {
      access: `You asked ${company} for a copy of your personal data (GDPR art. 15). It is ready.`,
      portability: `You asked ${company} for the data that you provided, to use them elsewhere (GDPR art. 20). They are ready.`,
    },
    how: 'Open this link, then press the button on the page that it shows. The file is made at that moment and kept nowhere:',
    button: 'Open the download page',
    until: `The link works until ${until}, for a few downloads.`,
    safe: 'Do not forward this message: whoever has the link can read your data. Keep the file in a safe place.',
    rights:
      'If something is wrong or should no longer be kept, write to us. You may also lodge a complaint with the data protection authority (in France the CNIL, www.cnil.fr).',
  }),
}
