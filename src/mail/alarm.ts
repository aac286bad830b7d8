/** What the DPO reads that is about no single request. Nobody's name or address. */
import type { AlarmKind } from '../core/alarms.ts'
import type { Policy } from '../core/policy/schema.ts'
import { composeLetter, type Composed } from './letter.ts'

/** `count`: decimal digits. */
export type AlarmFacts = { alarm: AlarmKind; about: string; count: string }

export function composeAlarm({ organisation }: Pick<Policy, 'organisation'>, { alarm, about, count }: AlarmFacts): Composed {
  const language = organisation.locale
  const { subject, text, command } = wordings[language][alarm]
  const look = command === null ? [] : [`${LOOK[language]}\n${command(about)}`]
  return composeLetter({
    language,
    subject: about === '' ? subject : `${subject}${language === 'fr' ? ' :' : ':'} ${about}`,
    before: [text(count), ...look],
    button: null,
    after: [organisation.controller.name],
  })
}

const LOOK = { fr: 'Pour voir :', en: 'To see it:' } as const

type Words = {
  readonly [K in AlarmKind]: { subject: string; text: (count: string) => string; command: ((about: string) => string) | null }
}

const wordings: { readonly fr: Words; readonly en: Words } = {
  fr: {
    'mail-failed': {
      subject: 'Messages en échec',
      text: () =>
        "Une erreur d'Accord lui-même empêche d'envoyer un message de cette sorte. Il est retenté pendant quelques heures, sans gêner les autres, puis abandonné. Montrez à qui exploite le service les lignes mail.failed du journal.",
      command: null,
    },
    'comeback-failed': {
      subject: 'Retour après effacement : en échec',
      text: () =>
        "Une erreur d'Accord lui-même empêche de regarder un dossier d'une personne revenue après effacement. Tout marketing lui reste refusé. Montrez à qui exploite le service les lignes comeback.failed du journal.",
      command: () => 'accord request seen',
    },
    'retention-failed': {
      subject: 'Conservation : en échec',
      text: () =>
        "Une erreur d'Accord lui-même arrête une personne de cette liste, ou la liste entière. Les autres continuent. Montrez à qui exploite le service les lignes retention.failed du journal.",
      command: (about) => `accord retention show ${about}`,
    },
    'clock-ahead': {
      subject: 'Horloge en avance',
      text: (count) =>
        `Une machine dont l'horloge était en avance a daté ${count} actions trop loin dans l'avenir. Les relectures et les nouveaux essais sont comptés à partir de maintenant ; ce qui ne peut l'être attend votre regard. Faites régler les horloges.`,
      command: () => 'accord request list',
    },
    replayed: {
      subject: 'Base restaurée',
      text: (count) =>
        `Une sauvegarde plus ancienne de la base a été remise en service. Les effacements et les oppositions notés depuis ont été appliqués de nouveau. Demandes ouvertes reçues depuis et absentes de la base : ${count}. Le journal les nomme (erased.request-missing) : retrouvez-les là d'où elles venaient, leurs délais courent.`,
      command: () => 'accord request list',
    },
    unconfirmed: {
      subject: 'Demandes non confirmées',
      text: (count) =>
        `${count} demandes faites par un formulaire (ou davantage depuis) ont pris fin : personne n'a confirmé l'adresse en quatorze jours (RGPD, art. 12(2) et 12(6)). Rien n'a été communiqué, modifié ni effacé. Celles qui attendent encore :`,
      command: () => 'accord request unconfirmed',
    },
    'many-alerts': {
      subject: 'Nombreuses alertes',
      text: (count) =>
        `${count} alertes de cette sorte n'ont pas été envoyées une par une. Les délais légaux courent. Si c'est l'œuvre d'une machine, « accord request unconfirmed » montre les demandes que personne n'a confirmées, et permet de les refuser ensemble.`,
      command: () => 'accord request list',
    },
  },
  en: {
    'mail-failed': {
      subject: 'Mails are failing',
      text: () =>
        'An error of Accord itself keeps a mail of this kind from being sent. It is tried again for some hours, keeps no other waiting, and is then given up. Show the lines mail.failed of the log to whoever runs the service.',
      command: null,
    },
    'comeback-failed': {
      subject: 'Seen again after erasure: failing',
      text: () =>
        'An error of Accord itself keeps a case of somebody who came back after an erasure from being looked at. All marketing to them stays refused. Show the lines comeback.failed of the log to whoever runs the service.',
      command: () => 'accord request seen',
    },
    'retention-failed': {
      subject: 'Retention: failing',
      text: () =>
        'An error of Accord itself stops one person of this list, or the list as a whole. The others go on. Show the lines retention.failed of the log to whoever runs the service.',
      command: (about) => `accord retention show ${about}`,
    },
    'clock-ahead': {
      subject: 'Clock ahead',
      text: (count) =>
        `A machine whose clock was ahead has dated ${count} actions too far in the future. Looks and other tries are counted from now on; what cannot be waits for you to look. Have the clocks set.`,
      command: () => 'accord request list',
    },
    replayed: {
      subject: 'Database restored',
      text: (count) =>
        `An older copy of the database was put back. The erasures and refusals that were noted since have been applied to it again. Open requests received since that it does not have: ${count}. The log names them (erased.request-missing): find them where they came from, their times run.`,
      command: () => 'accord request list',
    },
    unconfirmed: {
      subject: 'Requests not confirmed',
      text: (count) =>
        `${count} requests by a form (or more since) have ended: nobody confirmed the address in fourteen days (GDPR art. 12(2), 12(6)). Nothing was disclosed, changed or erased. Those that still wait:`,
      command: () => 'accord request unconfirmed',
    },
    'many-alerts': {
      subject: 'Many alerts',
      text: (count) =>
        `${count} alerts of this kind were not sent one by one. The legal times run. If a machine did this, "accord request unconfirmed" shows the requests that nobody has confirmed, and lets you refuse them together.`,
      command: () => 'accord request list',
    },
  },
}
