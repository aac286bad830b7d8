import { Command } from 'commander'
import { approveCommand, retryCommand } from './request-approve.ts'
import { acceptCommand, answerCommand, identifyCommand, liftCommand, refuseCommand, withdrawCommand } from './request-decide.ts'
import { addressCommand } from './request-address.ts'
import { correctCommand } from './request-correct.ts'
import { eraseCommand, planCommand } from './request-erase.ts'
import { holdCommand, releaseCommand, vouchCommand } from './request-hold.ts'
import { exportCommand, linkCommand, reviewCommand } from './request-copy.ts'
import { redactCommand, scanCommand } from './request-redact.ts'
import { recipientsCommand } from './request-recipients.ts'
import { receiveCommand } from './request-receive.ts'
import { againCommand, keepCommand, seenCommand } from './request-seen.ts'
import { listCommand, showCommand } from './request-show.ts'
import { unconfirmedCommand } from './request-unconfirmed.ts'

export function requestCommand(): Command {
  return new Command('request')
    .description('What persons ask for by right (GDPR art. 7(3), 15 to 18, 20, 21), and what became of it in every connected CRM.')
    .addCommand(receiveCommand())
    .addCommand(eraseCommand())
    .addCommand(reviewCommand())
    .addCommand(exportCommand())
    .addCommand(linkCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(identifyCommand())
    .addCommand(planCommand())
    .addCommand(holdCommand())
    .addCommand(releaseCommand())
    .addCommand(vouchCommand())
    .addCommand(correctCommand())
    .addCommand(addressCommand())
    .addCommand(approveCommand())
    .addCommand(retryCommand())
    .addCommand(seenCommand())
    .addCommand(againCommand())
    .addCommand(redactCommand())
    .addCommand(scanCommand())
    .addCommand(keepCommand())
    .addCommand(acceptCommand())
    .addCommand(liftCommand())
    .addCommand(recipientsCommand())
    .addCommand(answerCommand())
    .addCommand(refuseCommand())
    .addCommand(unconfirmedCommand())
    .addCommand(withdrawCommand())
}
