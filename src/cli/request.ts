import { Command } from 'commander'
import { approveCommand, retryCommand } from './request-approve.ts'
import { answerCommand, identifyCommand, keepCommand, refuseCommand, withdrawCommand } from './request-decide.ts'
import { eraseCommand, planCommand } from './request-erase.ts'
import { listCommand, showCommand } from './request-show.ts'

export function requestCommand(): Command {
  return new Command('request')
    .description('What persons ask for by right: an erasure through every connected CRM, looked at again and proved.')
    .addCommand(eraseCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(identifyCommand())
    .addCommand(planCommand())
    .addCommand(approveCommand())
    .addCommand(retryCommand())
    .addCommand(keepCommand())
    .addCommand(answerCommand())
    .addCommand(refuseCommand())
    .addCommand(withdrawCommand())
}
