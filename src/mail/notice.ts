/** Tells a person that the restriction they obtained ends, before it does (GDPR art. 18(3)). */
import { languageOf } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { composeLetter, momentWord, type Composed } from './letter.ts'

/** `language`: fr or en; null as the company writes. `effectiveAt`: ISO 8601. */
export type NoticeFacts = { language: string | null; effectiveAt: string }

export function composeNotice({ organisation }: Pick<Policy, 'organisation'>, { language: wanted, effectiveAt }: NoticeFacts): Composed {
  const language = languageOf(wanted, organisation)
  const { controller, dpo, timezone } = organisation
  const words = wordings[language](controller.name, momentWord(Date.parse(effectiveAt), language, timezone), dpo.email)
  return composeLetter({
    language,
    subject: words.subject,
    before: words.text,
    button: null,
    after: [`${controller.name}, ${controller.address}`],
  })
}

const wordings: Readonly<
  Record<'fr' | 'en', (company: string, until: string, dpo: string) => { subject: string; text: readonly string[] }>
> = {
  fr: (company, until, dpo) => ({
    subject: 'Fin de la limitation du traitement',
    text: [
      'Bonjour,',
      `À votre demande, ${company} conserve vos données sans s'en servir. Cette limitation prend fin le ${until} (RGPD, art. 18(3)).`,
      `Si vous n'êtes pas d'accord, écrivez au délégué à la protection des données, ${dpo}. Vous pouvez aussi saisir la CNIL (www.cnil.fr).`,
    ],
  }),
  en: (company, until, dpo) => ({
    subject: 'End of the restriction of processing',
    text: [
      'Hello,',
      `At your request ${company} keeps your data without using them. That restriction ends on ${until} (GDPR art. 18(3)).`,
      `If you do not agree, write to the data protection officer, ${dpo}. You may also complain to a supervisory authority, in France the CNIL (www.cnil.fr).`,
    ],
  }),
}
