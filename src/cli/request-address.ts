import { Command } from 'commander'
import { addressGrounds } from '../core/request/change.ts'
import { readSettings } from '../settings.ts'
import { sendAddressLink, vouchForAddress } from '../tasks/request/address-link.ts'
import { UsageError } from './failure.ts'
import { decided } from './request-decide.ts'
import { oneOf, userOf, type Flags } from './request-deps.ts'

export function addressCommand(): Command {
  return new Command('address')
    .description('Have the new e-mail address of a rectification confirmed before it is written, or note how it is known.')
    .argument('<request>', 'its number')
    .requiredOption('--user <name>', 'who sends the link, or knows the address')
    .option('--link', 'send a link to the new address; its owner confirms by the button behind it')
    .option('--known-by <how>', `how it is known otherwise, for the ledger: ${addressGrounds.join(', ')}`)
    .action(async (typed: string, flags: Flags & { user: string; link?: boolean; knownBy?: string }) => {
      const user = userOf(flags.user)
      const { link = false, knownBy } = flags
      if (link === (knownBy !== undefined)) throw new UsageError('give one of --link and --known-by')
      if (knownBy !== undefined) {
        const how = oneOf('--known-by', knownBy, addressGrounds)
        return decided(typed, flags, (deps, id) => vouchForAddress(deps, id, { user, how }))
      }
      if (readSettings(process.env, flags).mail === undefined)
        throw new UsageError('no mail can be sent: set ACCORD_SMTP_URL, ACCORD_MAIL_FROM and ACCORD_PUBLIC_URL')
      await decided(typed, flags, sendAddressLink)
    })
}
