/** Requests of persons by API and by link, put together: what the routes and the pages ask of the tasks. */
import { readCorrections } from './core/request/corrections.ts'
import { createAddresseeReader } from './core/consent/intake.ts'
import type { Policy } from './core/policy/schema.ts'
import type { AddressParts } from './server/address.ts'
import type { IdentifyParts } from './server/identify.ts'
import type { CaseParts } from './server/cases.ts'
import type { RequestParts } from './server/requests.ts'
import { lookAtAddressLink, useAddressLink } from './tasks/request/address-link.ts'
import { decideCase, tellCase, tellCases } from './tasks/comeback/told.ts'
import { lookAtRequestLink, useRequestLink } from './tasks/request/link.ts'
import { lookUpRequest, postRequest, type PostDeps } from './tasks/request/post.ts'

export type RequestDoor = {
  requests: RequestParts
  cases: CaseParts
  identify: Omit<IdentifyParts, 'log'>
  address: Omit<AddressParts, 'log'>
}

/** Time limit for one decision, CRM calls included; after it the caller has to repeat the decision. */
const DECIDING_MS = 55_000

export function openRequestDoor(deps: PostDeps, policy: Policy): RequestDoor {
  return {
    requests: {
      now: deps.shell.now,
      readAddressee: createAddresseeReader(policy),
      readCorrections: (given) => readCorrections(policy, given),
      post: ({ addressee: { mailbox, phone }, ...handed }) => {
        const asked = { emails: mailbox === null ? [] : [mailbox.email], phones: phone === null ? [] : [phone], records: [] }
        return postRequest(deps, { ...handed, asked })
      },
      lookUp: (id) => lookUpRequest(deps, id),
    },
    cases: {
      list: () => tellCases(deps),
      show: (id) => tellCase(deps, id),
      decide: (decision) => decideCase(deps, decision, AbortSignal.timeout(DECIDING_MS)),
    },
    identify: { policy, look: (token) => lookAtRequestLink(deps, token), use: (token) => useRequestLink(deps, token) },
    address: { policy, look: (token) => lookAtAddressLink(deps, token), use: (token) => useAddressLink(deps, token) },
  }
}
