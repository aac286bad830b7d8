/** What the DPO reads about a request: its number, its right, its last day, and what to do. Nobody's name or address. */
import type { Policy } from '../core/policy/schema.ts'
import type { AlertKind } from '../core/request/alerts.ts'
import type { Right } from '../core/request/request.ts'
import { composeLetter, type Composed } from './letter.ts'
import { rightWords } from './rights.ts'

/** `lastDay`: YYYY-MM-DD. */
export type AlertFacts = { kind: AlertKind; request: string; right: Right; lastDay: string }

export function composeAlert({ organisation }: Pick<Policy, 'organisation'>, { kind, request, right, lastDay }: AlertFacts): Composed {
  const language = organisation.locale
  const short = request.slice(0, 8)
  const words = wordings[language]
  const { subject, text } = words.kinds[kind]
  const about = words.about(rightWords[language][right], short, dayWord(lastDay, language))
  const command = `accord request show ${short}`
  return composeLetter({
    language,
    subject: `${subject} : ${right} ${short}`.replace(' :', language === 'fr' ? ' :' : ':'),
    before: [about, text, `${words.look}\n${command}`],
    button: null,
    after: [organisation.controller.name],
  })
}

function dayWord(day: string, language: 'fr' | 'en'): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'full', timeZone: 'UTC' })
}

type Words = {
  about: (right: string, number: string, lastDay: string) => string
  look: string
  kinds: { readonly [K in AlertKind]: { subject: string; text: string } }
}

const wordings: { readonly fr: Words; readonly en: Words } = {
  fr: {
    about: (right, number, lastDay) => `Demande ${number}, ${right}. Dernier jour pour répondre : ${lastDay}.`,
    look: 'Pour la voir, et ce qui reste à faire :',
    kinds: {
      received: { subject: 'Nouvelle demande', text: 'Une demande a été reçue. Le délai court depuis sa réception.' },
      identified: {
        subject: 'Identité établie',
        text: "La personne a montré que l'adresse est la sienne. La demande attend vos décisions.",
      },
      'not-asked': {
        subject: 'Personne à interroger',
        text: "Aucun lien n'a pu être envoyé pour savoir qui demande : le service qui reçoit les demandes ne peut envoyer aucun message (ACCORD_SMTP_URL). Demandez-le vous-même et notez-le, ou faites régler le service et envoyez le lien (request identify --link).",
      },
      target: { subject: 'À traiter maintenant', text: 'Vingt jours ont passé depuis la réception : il est temps de répondre.' },
      'week-left': { subject: 'Sept jours pour répondre', text: 'Il reste une semaine pour répondre à la personne.' },
      'two-days-left': { subject: 'Deux jours pour répondre', text: 'Il reste deux jours pour répondre à la personne.' },
      'last-chance-to-extend': {
        subject: 'Dernière occasion de prolonger',
        text: 'Le délai peut être prolongé de deux mois si la personne en est informée, avec les motifs, avant la fin du premier (RGPD, art. 12(3)).',
      },
      'last-day': { subject: 'Dernier jour', text: "C'est aujourd'hui le dernier jour pour répondre à la personne." },
      late: {
        subject: 'EN RETARD',
        text: 'Le délai légal est passé sans réponse. Répondez sans attendre, et notez pourquoi (RGPD, art. 12(3)).',
      },
      waiting: {
        subject: 'Attend une approbation',
        text: 'Un plan attend votre approbation depuis deux jours. Rien ne se fera sans elle.',
      },
      'not-proved': {
        subject: 'NON PROUVÉ',
        text: "Une relecture a trouvé ce qui devait ne plus y être, quoi qu'en ait dit le CRM. Aucun certificat n'est délivré : levez l'obstacle, puis approuvez de nouveau.",
      },
      'held-up': {
        subject: 'Bloquée depuis un jour',
        text: "Un CRM empêche la demande d'avancer depuis un jour (droit manquant, panne). Elle est retentée toutes les six heures ; le délai légal court toujours.",
      },
      failed: {
        subject: 'En échec',
        text: "Une erreur d'Accord lui-même empêche la demande d'avancer. Elle est retentée de plus en plus rarement, sans gêner les autres ; le délai légal court toujours. Montrez à qui exploite le service les lignes request.failed du journal.",
      },
      damaged: {
        subject: 'Illisible',
        text: 'Ce qui est enregistré de cette demande ne peut plus être lu : Accord ne la fait plus avancer et ne connaît plus que son dernier jour, sans prolongation. Le délai légal court toujours. Faites remettre une copie de la base où elle est entière, et répondez à la personne. Si elle est déjà close, c’est qu’elle a laissé une fiche à conserver : plus personne ne peut dire jusqu’à quand.',
      },
      'clocks-differ': {
        subject: 'Horloge en avance',
        text: 'La machine qui a reçu cette demande a une horloge en avance de plus de cinq minutes. La demande vaut dès maintenant ; faites régler les horloges.',
      },
      'recipient-failed': {
        subject: 'Destinataire non informé',
        text: "Un autre système n'a pas pu être informé, malgré plusieurs jours d'essais. Informez-le vous-même et notez-le, ou notez pourquoi c'est impossible (RGPD, art. 19).",
      },
      contradicted: {
        subject: 'Effacement suspendu',
        text: "La personne demande maintenant autre chose (limitation ou rectification) que l'effacement en cours : rien n'est effacé avant qu'elle ait dit ce qu'elle veut (RGPD, art. 18(1)(b)). Notez ensuite le retrait de l'une des deux demandes.",
      },
      'held-since': {
        subject: "Fiche conservée malgré l'approbation",
        text: "Depuis l'approbation, un document qui oblige à conserver (commande, contrat, facture, affaire gagnée ou blocage) est apparu sur une fiche : elle n'a pas été effacée, ni ce qui s'y rattache encore. La personne doit le savoir, avec le motif (RGPD, art. 17(3)).",
      },
      'hold-over': {
        subject: 'Motif de conservation : à revoir',
        text: "Une fiche conservée lors de cet effacement ne l'est plus par aucun motif, ou son motif doit être réexaminé aujourd'hui (RGPD, art. 17(3) et 5(1)(e)). Rien ne s'efface de soi-même : si plus rien n'oblige, effacez-la par une nouvelle demande (accord request erase), avec l'adresse que montre la fiche.",
      },
      'not-told': {
        subject: 'Personne non informée',
        text: "Aucun message n'a pu annoncer à la personne la fin de la limitation : elle reste en vigueur. Informez-la vous-même et notez-le, ou décidez de nouveau (RGPD, art. 18(3)).",
      },
      reappeared: {
        subject: 'Revue après effacement',
        text: "Une fiche porte à nouveau une adresse effacée. Tout marketing y est refusé ; décidez d'effacer encore, ou de garder avec la preuve d'un nouvel accord.",
      },
    },
  },
  en: {
    about: (right, number, lastDay) => `Request ${number}, ${right}. Last day to answer: ${lastDay}.`,
    look: 'To see it, and what is left to do:',
    kinds: {
      received: { subject: 'New request', text: 'A request was received. The time to answer runs from its receipt.' },
      identified: {
        subject: 'Identity settled',
        text: 'The person has shown that the address is theirs. The request waits for your decisions.',
      },
      'not-asked': {
        subject: 'Person to be asked',
        text: 'No link could be sent to learn who asks: the service that takes requests down can send no mail (ACCORD_SMTP_URL). Ask them yourself and note it, or have the service set up and send the link (request identify --link).',
      },
      target: { subject: 'To be dealt with now', text: 'Twenty days have passed since receipt: it is time to answer.' },
      'week-left': { subject: 'Seven days to answer', text: 'One week is left to answer the person.' },
      'two-days-left': { subject: 'Two days to answer', text: 'Two days are left to answer the person.' },
      'last-chance-to-extend': {
        subject: 'Last chance to extend',
        text: 'The time can be extended by two months if the person is told so, with the reasons, before the end of the first (GDPR art. 12(3)).',
      },
      'last-day': { subject: 'Last day', text: 'Today is the last day to answer the person.' },
      late: { subject: 'LATE', text: 'The legal time has passed without an answer. Answer now, and note why (GDPR art. 12(3)).' },
      waiting: { subject: 'Waits for an approval', text: 'A plan has waited for your approval for two days. Nothing happens without it.' },
      'not-proved': {
        subject: 'NOT PROVED',
        text: 'Reading again found what was not to be there any more, whatever the CRM said. There is no certificate: remove what is in the way, then approve again.',
      },
      'held-up': {
        subject: 'Held up for a day',
        text: 'A CRM has kept the request from going on for a day (a missing permission, an outage). It is tried again every six hours; the legal time still runs.',
      },
      failed: {
        subject: 'Failing',
        text: 'An error of Accord itself keeps the request from going on. It is tried again, ever more rarely, and keeps no other waiting; the legal time still runs. Show the lines request.failed of the log to whoever runs the service.',
      },
      damaged: {
        subject: 'Cannot be read',
        text: 'What is stored of this request cannot be read any more: Accord carries it on no further, and knows nothing but its last day, without an extension. The legal time still runs. Have a copy of the database put back in which it is whole, and answer the person. Where it is closed already, it has left a record to be kept: nobody can tell any more until when.',
      },
      'clocks-differ': {
        subject: 'Clock ahead',
        text: 'The machine that took this request down has a clock that is more than five minutes ahead. The request holds from now on; have the clocks set.',
      },
      'recipient-failed': {
        subject: 'Recipient not told',
        text: 'Another system could not be told, after several days of trying. Tell it yourself and note so, or note why that is impossible (GDPR art. 19).',
      },
      contradicted: {
        subject: 'Erasure stands still',
        text: 'The person now asks for something else (a restriction or a rectification) than the erasure under way: nothing is erased before they have said what they want (GDPR art. 18(1)(b)). Then note that one of the two was withdrawn.',
      },
      'held-since': {
        subject: 'Record kept in spite of the approval',
        text: 'Since the approval something that obliges to keep (an order, a contract, an invoice, a won deal or a legal hold) has come up on a record: it was not erased, nor what still hangs on it. The person is to know so, with the ground (GDPR art. 17(3)).',
      },
      'hold-over': {
        subject: 'Reason to keep: to be looked at',
        text: 'A record that was kept in this erasure is held by nothing any more, or its reason is to be looked at today (GDPR art. 17(3), 5(1)(e)). Nothing is erased by itself: where nothing obliges any more, erase it by a new request (accord request erase), with the address that the record shows.',
      },
      'not-told': {
        subject: 'Person not told',
        text: 'No mail could tell the person that the restriction ends: it stays in force. Tell them yourself and note so, or decide it again (GDPR art. 18(3)).',
      },
      reappeared: {
        subject: 'Seen again after erasure',
        text: 'A record carries an erased address again. All marketing to it is refused; decide to erase again, or to keep it with proof of a new consent.',
      },
    },
  },
}
