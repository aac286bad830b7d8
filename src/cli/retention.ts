import { Command } from 'commander'
import { approveCommand, confirmCommand, runCommand, stopCommand } from './retention-act.ts'
import { dueCommand, reviewCommand, showCommand, whatIfCommand } from './retention-look.ts'

export function retentionCommand(): Command {
  return new Command('retention')
    .description('Records whose time is over: shown first, approved by people, then erased or anonymised like a request, and proved.')
    .addCommand(dueCommand())
    .addCommand(whatIfCommand())
    .addCommand(reviewCommand())
    .addCommand(approveCommand())
    .addCommand(runCommand())
    .addCommand(showCommand())
    .addCommand(stopCommand())
    .addCommand(confirmCommand())
    .addHelpText(
      'after',
      `
Nothing goes without "what-if" first, and without the approval of what it showed; above the brake of the policy two
different people approve. Each person is read and judged once more right before they go; whoever did something, has a
hold or an open request stays. A clock that jumps, or fields that went empty, stop everything until "confirm".`,
    )
}
