/** What a recipient reads who is told by mail (GDPR art. 19): whom it is about, what to do, and whom to answer. */
import type { Policy } from '../core/policy/schema.ts'
import type { Identifiers, Told } from '../core/request/recipients.ts'
import { composeLetter, type Composed } from './letter.ts'

export type RecipientFacts = { request: string; right: Told; language: 'fr' | 'en'; person: Identifiers }

export function composeToRecipient(
  { organisation }: Pick<Policy, 'organisation'>,
  { request, right, language, person }: RecipientFacts,
): Composed {
  const words = wordings[language]
  const short = request.slice(0, 8)
  const { controller, dpo } = organisation
  return composeLetter({
    language,
    subject: `${words.subject[right]} (${short})`,
    before: [
      words.hello,
      words.why(controller.name),
      words.about(right, [...person.emails, ...person.phones].join(', ')),
      words.answer(dpo.email, short),
    ],
    button: null,
    after: [`${controller.name}, ${controller.address}`],
  })
}

type Words = {
  hello: string
  why: (company: string) => string
  subject: Readonly<Record<Told, string>>
  about: (right: Told, marks: string) => string
  answer: (dpo: string, number: string) => string
}
const wordings: { readonly fr: Words; readonly en: Words } = {
  fr: {
    hello: 'Bonjour,',
    why: (company) =>
      `${company} vous a communiqué des données d'une personne qui a exercé ses droits. L'article 19 du RGPD nous demande de vous en informer.`,
    subject: {
      erasure: 'Effacement à répercuter',
      'erasure-withdrawn': 'Effacement partiel, demande retirée : pour information',
      rectification: 'Rectification à répercuter',
      restriction: 'Limitation à répercuter',
      'restriction-lifted': "Fin d'une limitation : pour information",
    },
    about: (right, marks) =>
      ({
        erasure: `Effacez ce que vous détenez de la personne connue sous : ${marks}. Ne conservez que ce qu'une loi vous impose, et dites-nous quoi.`,
        'erasure-withdrawn': `Une partie de ce que nous détenions de la personne connue sous ${marks} a été effacée avant qu'elle ne retire sa demande. Elle ne demande plus l'effacement du reste : nous ne vous demandons pas d'effacer.`,
        rectification: `Des données de la personne connue sous ${marks} ont été rectifiées : demandez-nous la version à jour, ou effacez l'ancienne.`,
        restriction: `Conservez sans les utiliser les données de la personne connue sous ${marks}, jusqu'à nouvel avis de notre part.`,
        'restriction-lifted': `La limitation dont nous vous avions informé pour la personne connue sous ${marks} est levée : vous n'avez plus à conserver ses données sans les utiliser. Les autres droits de cette personne, dont ses refus, restent ce qu'ils sont.`,
      })[right],
    answer: (dpo, number) => `Confirmez à ${dpo} en citant le numéro ${number}, puis supprimez ce message.`,
  },
  en: {
    hello: 'Hello,',
    why: (company) => `${company} gave you data of a person who has exercised their rights. GDPR article 19 has us tell you so.`,
    subject: {
      erasure: 'Erasure to carry out',
      'erasure-withdrawn': 'Erased in part, request withdrawn: for your information',
      rectification: 'Rectification to carry out',
      restriction: 'Restriction to carry out',
      'restriction-lifted': 'Restriction lifted: for your information',
    },
    about: (right, marks) =>
      ({
        erasure: `Erase what you hold of the person known as: ${marks}. Keep only what a law has you keep, and tell us what.`,
        'erasure-withdrawn': `Part of what we held of the person known as ${marks} was erased before they withdrew their request. They ask for the rest to be erased no longer: we do not ask you to erase.`,
        rectification: `Data of the person known as ${marks} was rectified: ask us for the present version, or erase the former one.`,
        restriction: `Keep the data of the person known as ${marks} without using it, until you hear from us again.`,
        'restriction-lifted': `The restriction that we told you of for the person known as ${marks} is lifted: you need not keep their data unused any more. Their other rights, every refusal among them, stand as they are.`,
      })[right],
    answer: (dpo, number) => `Confirm to ${dpo}, naming number ${number}, then delete this message.`,
  },
}
